/* The tests' side: asks the candidate's process. See docs/values.md.

   It reports to descriptor 4 and ends the process when the candidate's has ended or answers something that is no
   value. The candidate's end is no exception that the tests could catch. */
#include "frames.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>

namespace crosstune {

namespace {

bool returned;
std::string kind, message;

[[noreturn]] void report(const char *text) {
  std::fflush(nullptr);
  long unused = ::write(4, text, std::strlen(text));
  static_cast<void>(unused);
  _exit(1);
}

void receive_answer() {
  Frame frame = receive();
  if (frame == Frame::ENDED) report("gone");
  if (frame == Frame::TOO_LONG) report("failed output_limit");
}

std::string take_bytes() {
  Size size = take_u32();
  return std::string(reinterpret_cast<const char *>(read.take(size)), size);
}

struct Hello {
  Hello() {
    std::signal(SIGPIPE, SIG_IGN);
    receive_answer();
    if (read.end != 2 || read.bytes[0] != 'H' || read.bytes[1] != VERSION) malformed();
  }
} hello;

struct Bad : std::bad_cast {
  const char *what() const noexcept override { return message.c_str(); }
};
struct Exception : std::exception {
  const char *what() const noexcept override { return message.c_str(); }
};
struct Unknown {};

}

void malformed() { report("failed policy"); }
void put_opaque(const char *) { report("unsupported"); }

void begin_question(const char *name, Size arguments) {
  begin('C');
  put_bytes(name, std::strlen(name));
  put_count('l', arguments);
}

bool ask() {
  put_count('m', 0);
  if (!send()) report("gone");
  receive_answer();
  char tag = *read.take(1);
  if (tag != 'R' && tag != 'E') malformed();
  returned = tag == 'R';
  if (!returned) {
    kind = take_bytes();
    message = take_bytes();
    take_bytes();
  }
  return returned;
}

Size take_changes() { return take_u32(); }
Size take_argument() { return take_u32(); }

#define KIND(type) \
  if (kind == #type) throw std::type(message);
void finish() {
  take_bytes();
  take_bytes();
  message_taken();
  if (returned) return;
  KIND(invalid_argument)
  KIND(out_of_range)
  KIND(length_error)
  KIND(domain_error)
  KIND(logic_error)
  KIND(overflow_error)
  KIND(underflow_error)
  KIND(range_error)
  KIND(runtime_error)
  if (kind == "string") throw message;
  if (kind == "int") throw std::atoi(message.c_str());
  if (kind == "const char *") throw static_cast<const char *>(strdup(message.c_str()));
  if (kind == "bad_cast") throw Bad();
  if (kind == "exception") throw Exception();
  throw Unknown();
}

}
