/* The candidate's side in C: answers calls. See docs/values.md.

   Nothing here needs protection from the candidate: all that it can change is what it answers. A wrong length or
   pointer that it returns is read as any caller would read it. */
#include "server.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VERSION = 1, HEAD = 4, DEEPEST = 200 };
static const size_t MOST_BYTES = 16 << 20;

struct message {
  unsigned char *bytes;
  size_t end, room, at;
};
static struct message written, taken;
static size_t changes_at;
static unsigned changes;
static void **held;
static size_t held_count, held_room;

static _Noreturn void leave(void) {
  fflush(NULL);
  _exit(0);
}

static void *must(void *memory) {
  if (!memory) abort();
  return memory;
}

static void make_room(struct message *message, size_t size) {
  if (size <= message->room - message->end) return;
  message->room = (message->room + size) * 2;
  message->bytes = must(realloc(message->bytes, message->room));
}

static void put_all(const void *data, size_t size) {
  const unsigned char *left = data;
  while (size) {
    ssize_t done = write(6, left, size);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) leave();
    left += done;
    size -= (size_t)done;
  }
}

static void add(const void *data, size_t size) {
  if (written.end + size > MOST_BYTES + HEAD) {
    put_all("\377\377\377\377", HEAD);
    leave();
  }
  make_room(&written, size);
  memcpy(written.bytes + written.end, data, size);
  written.end += size;
}

static void add_number(uint64_t bits, int bytes) {
  unsigned char data[8];
  for (int i = 0; i < bytes; i++) data[i] = (unsigned char)(bits >> 8 * (bytes - 1 - i));
  add(data, (size_t)bytes);
}

static void add_tag(char tag) { add(&tag, 1); }

static const unsigned char *take(size_t size) {
  if (size > taken.end - taken.at) crosstune_malformed();
  taken.at += size;
  return taken.bytes + taken.at - size;
}

static uint64_t number(int bytes) {
  const unsigned char *data = take((size_t)bytes);
  uint64_t bits = 0;
  for (int i = 0; i < bytes; i++) bits = bits << 8 | data[i];
  return bits;
}

/* A question that this side does not understand: it is not the candidate's doing. */
void crosstune_malformed(void) {
  fputs("the server does not understand the question\n", stderr);
  _exit(1);
}

char crosstune_next(void) {
  char tag = (char)*take(1);
  taken.at--;
  return tag;
}

bool crosstune_nothing(void) {
  if (crosstune_next() != 'N') return false;
  take(1);
  return true;
}

size_t crosstune_count(char tag) {
  if ((char)*take(1) != tag) crosstune_malformed();
  size_t count = number(4);
  if (count > taken.end - taken.at) crosstune_malformed();
  return count;
}

static void skip(int depth) {
  size_t count;
  if (depth > DEEPEST) crosstune_malformed();
  switch (*take(1)) {
    case 'N': case 'T': case 'F': return;
    case 'i': case 'd': take(8); return;
    case 'c': take(4); return;
    case 'I': case 's': case 'b': take(number(4)); return;
    case 'l': case 't': case 'S': for (count = number(4); count; count--) skip(depth + 1); return;
    case 'm': for (count = 2 * number(4); count; count--) skip(depth + 1); return;
    default: crosstune_malformed();
  }
}

size_t crosstune_skipped(void) {
  size_t begin = taken.at;
  take(1);
  size_t count = number(4);
  taken.at = begin;
  skip(0);
  return count;
}

long long crosstune_take_integer(void) {
  if (*take(1) != 'i') crosstune_malformed();
  return (long long)number(8);
}

unsigned long long crosstune_take_unsigned(void) {
  if (crosstune_next() == 'i') return (unsigned long long)crosstune_take_integer();
  if (*take(1) != 'I' || number(4) != 9 || *take(1)) crosstune_malformed();
  return number(8);
}

double crosstune_take_float(void) {
  if (crosstune_next() == 'i') return (double)crosstune_take_integer();
  if (*take(1) != 'd') crosstune_malformed();
  uint64_t bits = number(8);
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

bool crosstune_take_bool(void) {
  char tag = (char)*take(1);
  if (tag != 'T' && tag != 'F') crosstune_malformed();
  return tag == 'T';
}

char crosstune_take_char(void) {
  if (*take(1) != 'c') crosstune_malformed();
  return (char)number(4);
}

char *crosstune_take_text(void) {
  if (crosstune_nothing()) return NULL;
  char tag = (char)*take(1);
  if (tag != 's' && tag != 'b') crosstune_malformed();
  size_t size = number(4);
  char *text = crosstune_allocate(size + 1, 1);
  memcpy(text, take(size), size);
  text[size] = 0;
  return text;
}

void *crosstune_allocate(size_t count, size_t size) {
  if (held_count == held_room) {
    held_room = held_room ? held_room * 2 : 64;
    held = must(realloc(held, held_room * sizeof *held));
  }
  return held[held_count++] = must(calloc(count ? count : 1, size));
}

void crosstune_put_nothing(void) { add_tag('N'); }

void crosstune_put_integer(long long value) {
  add_tag('i');
  add_number((uint64_t)value, 8);
}

void crosstune_put_unsigned(unsigned long long value) {
  if (value <= INT64_MAX) {
    crosstune_put_integer((long long)value);
    return;
  }
  crosstune_put_count('I', 9);
  add_tag(0);
  add_number(value, 8);
}

void crosstune_put_float(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  add_tag('d');
  add_number(bits, 8);
}

void crosstune_put_bool(bool value) { add_tag(value ? 'T' : 'F'); }

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
    add_tag('N');
    return;
  }
  size_t size = strlen(value);
  crosstune_put_count(is_utf8((const unsigned char *)value, size) ? 's' : 'b', size);
  add(value, size);
}

/* A count beyond any frame is written as the largest: what follows ends at the limit, or at what cannot be read. */
void crosstune_put_count(char tag, size_t count) {
  add_tag(tag);
  add_number(count > UINT32_MAX ? UINT32_MAX : count, 4);
}

void crosstune_put_opaque(const char *type) {
  crosstune_put_count('o', strlen(type));
  add(type, strlen(type));
}

void crosstune_begin_result(void) { add_tag('R'); }

void crosstune_begin_changes(void) {
  changes = 0;
  changes_at = written.end;
  add_number(0, 4);
}

void crosstune_begin_change(unsigned argument) {
  changes++;
  add_number(argument, 4);
}

void crosstune_end(void) {
  written.bytes[changes_at + 3] = (unsigned char)changes;
  add_number(0, 4);
  add_number(0, 4);
}

static void send(void) {
  size_t size = written.end - HEAD;
  for (int i = 0; i < HEAD; i++) written.bytes[i] = (unsigned char)(size >> 8 * (3 - i));
  put_all(written.bytes, written.end);
}

static void begin(void) {
  written.end = 0;
  add_number(0, HEAD);
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

static bool receive(void) {
  unsigned char head[HEAD];
  if (!fill(head, HEAD)) return false;
  size_t size = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
  taken.at = taken.end = 0;
  make_room(&taken, size);
  taken.end = size;
  return fill(taken.bytes, size);
}

static void answer(void) {
  if (*take(1) != 'C') crosstune_malformed();
  size_t size = number(4);
  const char *name = (const char *)take(size);
  for (const struct crosstune_entry *each = crosstune_entries; each->name; each++)
    if (strlen(each->name) == size && !memcmp(each->name, name, size)) {
      crosstune_count('l');
      begin();
      each->call();
      send();
      while (held_count) free(held[--held_count]);
      return;
    }
  crosstune_malformed();
}

/* The candidate's own main has another name. */
int main(void) {
  begin();
  add_tag('H');
  add_number(VERSION, 1);
  send();
  while (receive()) answer();
  leave();
}
