/* What both sides have: see values.h. */
#include "wire.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 4, DEEPEST = 200 };
static const size_t MOST_BYTES = 16 << 20;

struct message {
  unsigned char *bytes;
  size_t end, room, at;
};
static struct message written, taken;

static void *must(void *memory) {
  if (!memory) abort();
  return memory;
}

static void make_room(struct message *message, size_t size) {
  if (size <= message->room - message->end) return;
  message->room = (message->room + size) * 2;
  message->bytes = must(realloc(message->bytes, message->room));
}

bool crosstune_write(const void *data, size_t size) {
  const unsigned char *left = data;
  while (size) {
    ssize_t done = write(6, left, size);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    left += done;
    size -= (size_t)done;
  }
  return true;
}

void crosstune_add(const void *data, size_t size) {
  if (written.end + size > MOST_BYTES + HEAD) crosstune_too_long();
  make_room(&written, size);
  memcpy(written.bytes + written.end, data, size);
  written.end += size;
}

void crosstune_add_number(uint64_t bits, int bytes) {
  unsigned char data[8];
  for (int i = 0; i < bytes; i++) data[i] = (unsigned char)(bits >> 8 * (bytes - 1 - i));
  crosstune_add(data, (size_t)bytes);
}

void crosstune_add_tag(char tag) { crosstune_add(&tag, 1); }

size_t crosstune_written(void) { return written.end; }

void crosstune_set_byte(size_t at, unsigned char value) { written.bytes[at] = value; }

const unsigned char *crosstune_take(size_t size) {
  if (size > taken.end - taken.at) crosstune_malformed();
  taken.at += size;
  return taken.bytes + taken.at - size;
}

uint64_t crosstune_number(int bytes) {
  const unsigned char *data = crosstune_take((size_t)bytes);
  uint64_t bits = 0;
  for (int i = 0; i < bytes; i++) bits = bits << 8 | data[i];
  return bits;
}

size_t crosstune_left(void) { return taken.end - taken.at; }

bool crosstune_all_taken(void) { return taken.at == taken.end; }

char crosstune_next(void) {
  char tag = (char)*crosstune_take(1);
  taken.at--;
  return tag;
}

bool crosstune_nothing(void) {
  if (crosstune_next() != 'N') return false;
  crosstune_take(1);
  return true;
}

size_t crosstune_count(char tag) {
  if ((char)*crosstune_take(1) != tag) crosstune_malformed();
  size_t count = crosstune_number(4);
  if (count > taken.end - taken.at) crosstune_malformed();
  return count;
}

static void skip(int depth) {
  size_t count;
  if (depth > DEEPEST) crosstune_malformed();
  switch (*crosstune_take(1)) {
    case 'N': case 'T': case 'F': return;
    case 'i': case 'd': crosstune_take(8); return;
    case 'c': crosstune_take(4); return;
    case 'I': case 's': case 'b': crosstune_take(crosstune_number(4)); return;
    case 'l': case 't': case 'S': for (count = crosstune_number(4); count; count--) skip(depth + 1); return;
    case 'm': for (count = 2 * crosstune_number(4); count; count--) skip(depth + 1); return;
    default: crosstune_malformed();
  }
}

size_t crosstune_skipped(void) {
  size_t begin = taken.at;
  crosstune_take(1);
  size_t count = crosstune_number(4);
  taken.at = begin;
  skip(0);
  return count;
}

long long crosstune_take_integer(void) {
  if (*crosstune_take(1) != 'i') crosstune_malformed();
  return (long long)crosstune_number(8);
}

unsigned long long crosstune_take_unsigned(void) {
  if (crosstune_next() == 'i') return (unsigned long long)crosstune_take_integer();
  if (*crosstune_take(1) != 'I' || crosstune_number(4) != 9 || *crosstune_take(1)) crosstune_malformed();
  return crosstune_number(8);
}

static bool no_nan;
/* In place of a NaN: a float, far from all that tests expect. */
static const double FAR_OFF = 1.9073486328125e38f;

void crosstune_foresee_no_nan(void) { no_nan = true; }

double crosstune_take_float(void) {
  if (crosstune_next() == 'i') return (double)crosstune_take_integer();
  if (*crosstune_take(1) != 'd') crosstune_malformed();
  uint64_t bits = crosstune_number(8);
  double value;
  memcpy(&value, &bits, sizeof value);
  return no_nan && value != value ? FAR_OFF : value;
}

bool crosstune_take_bool(void) {
  char tag = (char)*crosstune_take(1);
  if (tag != 'T' && tag != 'F') crosstune_malformed();
  return tag == 'T';
}

char crosstune_take_char(void) {
  if (*crosstune_take(1) != 'c') crosstune_malformed();
  return (char)crosstune_number(4);
}

char *crosstune_take_text(void) {
  if (crosstune_nothing()) return NULL;
  char tag = (char)*crosstune_take(1);
  if (tag != 's' && tag != 'b') crosstune_malformed();
  size_t size = crosstune_number(4);
  char *text = crosstune_allocate(size + 1, 1);
  memcpy(text, crosstune_take(size), size);
  text[size] = 0;
  return text;
}

void crosstune_put_nothing(void) { crosstune_add_tag('N'); }

void crosstune_put_integer(long long value) {
  crosstune_add_tag('i');
  crosstune_add_number((uint64_t)value, 8);
}

void crosstune_put_unsigned(unsigned long long value) {
  if (value <= INT64_MAX) {
    crosstune_put_integer((long long)value);
    return;
  }
  crosstune_put_count('I', 9);
  crosstune_add_tag(0);
  crosstune_add_number(value, 8);
}

void crosstune_put_float(double value) {
  if (value != value) no_nan = false;
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  crosstune_add_tag('d');
  crosstune_add_number(bits, 8);
}

void crosstune_put_bool(bool value) { crosstune_add_tag(value ? 'T' : 'F'); }

void crosstune_put_char(char value) { crosstune_put_count('c', (unsigned char)value); }

static bool is_utf8(const unsigned char *text, size_t size) {
  for (size_t i = 0; i < size;) {
    unsigned char first = text[i];
    size_t more = first < 0x80 ? 0 : first < 0xc2 ? size : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : size;
    if (more >= size - i) return false;
    for (size_t k = 1; k <= more; k++)
      if ((text[i + k] & 0xc0) != 0x80) return false;
    if ((first == 0xe0 && text[i + 1] < 0xa0) || (first == 0xf0 && text[i + 1] < 0x90) || (first == 0xf4 && text[i + 1] > 0x8f)) return false;
    i += more + 1;
  }
  return true;
}

void crosstune_put_text(const char *value) {
  if (!value) {
    crosstune_add_tag('N');
    return;
  }
  size_t size = strlen(value);
  crosstune_put_count(is_utf8((const unsigned char *)value, size) ? 's' : 'b', size);
  crosstune_add(value, size);
}

/* A count beyond any frame is written as the largest: what follows ends at the limit, or at what cannot be read. */
void crosstune_put_count(char tag, size_t count) {
  crosstune_add_tag(tag);
  crosstune_add_number(count > UINT32_MAX ? UINT32_MAX : count, 4);
}

void crosstune_put_opaque(const char *type) {
  crosstune_put_count('o', strlen(type));
  crosstune_add(type, strlen(type));
}

void crosstune_begin(void) {
  written.end = 0;
  crosstune_add_number(0, HEAD);
}

bool crosstune_send(void) {
  size_t size = written.end - HEAD;
  for (int i = 0; i < HEAD; i++) written.bytes[i] = (unsigned char)(size >> 8 * (3 - i));
  return crosstune_write(written.bytes, written.end);
}

static bool fill(void *bytes, size_t size) {
  for (size_t have = 0; have < size;) {
    ssize_t got = read(5, (char *)bytes + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    have += (size_t)got;
  }
  return true;
}

enum crosstune_frame crosstune_receive(void) {
  unsigned char head[HEAD];
  if (!fill(head, HEAD)) return CROSSTUNE_ENDED;
  size_t size = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
  if (size > MOST_BYTES) return CROSSTUNE_TOO_LONG;
  taken.at = taken.end = 0;
  make_room(&taken, size);
  taken.end = size;
  return fill(taken.bytes, size) ? CROSSTUNE_READ : CROSSTUNE_ENDED;
}
