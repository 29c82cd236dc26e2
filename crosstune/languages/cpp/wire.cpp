/* What both sides have: see wire.hpp. */
#include "wire.hpp"

#include "frames.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace crosstune {

Message written, read;

void Message::add(const void *data, Size size) {
  if (size > room - end) {
    room = (room + size) * 2;
    bytes = static_cast<unsigned char *>(std::realloc(bytes, room));
    if (!bytes) std::abort();
  }
  std::memcpy(bytes + end, data, size);
  end += size;
}

const unsigned char *Message::take(Size size) {
  if (size > end - at) malformed();
  at += size;
  return bytes + at - size;
}

namespace {

const int DEEPEST = 200;
int depth;
bool no_nan;
/* In place of a NaN: a float, far from all that tests expect. */
const double FAR_OFF = 1.9073486328125e38f;

long double foreseen(long double value) { return no_nan && value != value ? FAR_OFF : value; }

void put_number(unsigned long long bits, int bytes) {
  unsigned char data[8];
  for (int i = 0; i < bytes; i++) data[i] = static_cast<unsigned char>(bits >> 8 * (bytes - 1 - i));
  written.add(data, bytes);
}

unsigned long long take_number(int bytes) {
  const unsigned char *data = read.take(bytes);
  unsigned long long bits = 0;
  for (int i = 0; i < bytes; i++) bits = bits << 8 | data[i];
  return bits;
}

bool is_utf8(const unsigned char *data, Size size) {
  for (Size i = 0; i < size;) {
    int more = data[i] < 0x80 ? 0 : data[i] < 0xc2 ? -1 : data[i] < 0xe0 ? 1 : data[i] < 0xf0 ? 2 : data[i] < 0xf5 ? 3 : -1;
    if (more < 0 || more > static_cast<long long>(size - i - 1)) return false;
    for (int k = 1; k <= more; k++)
      if ((data[i + k] & 0xc0) != 0x80) return false;
    if (data[i] == 0xe0 && data[i + 1] < 0xa0) return false;
    if (data[i] == 0xf0 && data[i + 1] < 0x90) return false;
    if (data[i] == 0xf4 && data[i + 1] > 0x8f) return false;
    i += more + 1;
  }
  return true;
}

double bits_to_double(unsigned long long bits) {
  double value;
  std::memcpy(&value, &bits, 8);
  return value;
}

/* An integer as it travels: its sign and its size. */
struct Integer {
  bool negative;
  unsigned long long size;
};

Integer integer_of(long long value) {
  unsigned long long bits = static_cast<unsigned long long>(value);
  return {value < 0, value < 0 ? 0 - bits : bits};
}

Integer take_big() {
  Size size = take_number(4);
  const unsigned char *data = read.take(size);
  if (size != 9 || data[0] != 0) malformed();
  unsigned long long bits = 0;
  for (int i = 1; i < 9; i++) bits = bits << 8 | data[i];
  return {false, bits};
}

Integer integral(double value) {
  if (!(std::fabs(value) < 18446744073709551616.0) || value != std::trunc(value)) malformed();
  return {value < 0, static_cast<unsigned long long>(std::fabs(value))};
}

Integer take_whole() {
  switch (*read.take(1)) {
    case 'i': return integer_of(static_cast<long long>(take_number(8)));
    case 'I': return take_big();
    case 'T': return {false, 1};
    case 'F': return {false, 0};
    case 'c': return integer_of(static_cast<signed char>(take_number(4)));
    case 'd': return integral(bits_to_double(take_number(8)));
    default: malformed();
  }
}

}

void put_tag(char tag) { written.add(&tag, 1); }

void put_count(char tag, Size count) {
  put_tag(tag);
  put_number(count, 4);
}

void put_integer(long long value) {
  put_tag('i');
  put_number(static_cast<unsigned long long>(value), 8);
}

void put_unsigned(unsigned long long value) {
  if (value <= INT64_MAX) return put_integer(static_cast<long long>(value));
  put_count('I', 9);
  put_tag(0);
  put_number(value, 8);
}

void foresee_no_nan() { no_nan = true; }

void put_double(double value) {
  if (value != value) no_nan = false;
  unsigned long long bits;
  std::memcpy(&bits, &value, 8);
  put_tag('d');
  put_number(bits, 8);
}

void put_extended(long double value) {
  double near = static_cast<double>(value);
  if (static_cast<long double>(near) == value || value != value) return put_double(near);
  put_kind("long double");
  put_count('b', sizeof value);
  written.add(&value, sizeof value);
}

void put_character(unsigned long code) { put_count('c', code); }

void put_text(const char *data, Size size) {
  put_count(is_utf8(reinterpret_cast<const unsigned char *>(data), size) ? 's' : 'b', size);
  written.add(data, size);
}

void put_handle(Size handle) { put_count('h', handle); }
Size take_handle() { return take_count('h'); }

void put_kind(const char *name) {
  put_count('K', std::strlen(name));
  written.add(name, std::strlen(name));
}

void put_field(const char *name) {
  put_number(std::strlen(name), 4);
  written.add(name, std::strlen(name));
}

void put_record(const char *name, Size fields) {
  put_tag('r');
  put_field(name);
  put_number(fields, 4);
}

long long take_integer(long long lowest, long long highest) {
  Integer taken = take_whole();
  unsigned long long most = taken.negative ? integer_of(lowest).size : static_cast<unsigned long long>(highest);
  if (taken.size > most || (taken.negative && lowest == 0)) malformed();
  return static_cast<long long>(taken.negative ? 0 - taken.size : taken.size);
}

unsigned long long take_unsigned(unsigned long long highest) {
  Integer taken = take_whole();
  if ((taken.negative && taken.size) || taken.size > highest) malformed();
  return taken.size;
}

double take_double() { return static_cast<double>(take_extended()); }

long double take_extended() {
  if (take_kind("long double")) {
    long double value;
    if (take_count('b') != sizeof value) malformed();
    std::memcpy(&value, read.take(sizeof value), sizeof value);
    return foreseen(value);
  }
  if (next_tag() == 'd') {
    read.take(1);
    return foreseen(bits_to_double(take_number(8)));
  }
  Integer taken = take_whole();
  return taken.negative ? -static_cast<long double>(taken.size) : static_cast<long double>(taken.size);
}

const char *take_text(Size &size) {
  char tag = next_tag();
  size = take_count(tag == 'b' ? 'b' : 's');
  return reinterpret_cast<const char *>(read.take(size));
}

const char *take_kept_text(Size &size) {
  const char *data = take_text(size);
  char *copy = static_cast<char *>(std::malloc(size + 1));
  if (!copy) std::abort();
  std::memcpy(copy, data, size);
  copy[size] = 0;
  return copy;
}

void take_tag(char tag) {
  if (*read.take(1) != tag) malformed();
}

Size take_count(char tag) {
  take_tag(tag);
  return take_number(4);
}

char next_tag() {
  char tag = *read.take(1);
  read.at--;
  return tag;
}

bool take_nothing() {
  if (next_tag() != 'N') return false;
  read.take(1);
  return true;
}

bool take_kind(const char *name) {
  Size size = std::strlen(name), before = read.at;
  if (*read.take(1) == 'K' && take_number(4) == size && !std::memcmp(read.take(size), name, size)) return true;
  read.at = before;
  return false;
}

bool take_opaque() {
  if (next_tag() != 'o') return false;
  read.take(1);
  read.take(take_number(4));
  return true;
}

void take_field(const char *name) {
  Size size = std::strlen(name);
  if (take_number(4) != size || std::memcmp(read.take(size), name, size)) malformed();
}

void take_record(const char *name, Size fields) {
  take_tag('r');
  take_field(name);
  if (take_number(4) != fields) malformed();
}

Nested::Nested() {
  if (++depth > DEEPEST) malformed();
}
Nested::~Nested() { depth--; }

Size position() { return read.at; }

void message_taken() {
  if (read.at != read.end) malformed();
}

}
