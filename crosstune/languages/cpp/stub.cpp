/* The tests' side: asks the candidate's process. See docs/values.md.

   It reports to descriptor 4 and ends the process when the candidate's has ended or answers something that is no
   value. The candidate's end is no exception that the tests could catch. */
#include "frames.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <utility>

namespace crosstune {

namespace {

/* How the last question ended. */
struct Outcome {
  bool returned;
  std::string kind, message;
} outcome;
bool is_get;

/* The tests' stubs, and each field's value as the question that sets it. */
std::map<Size, Stub *> stubs;
std::map<std::pair<Size, Size>, std::string> fields;

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

template <class Base> struct WithMessage : Base {
  std::string message = outcome.message;
  const char *what() const noexcept override { return message.c_str(); }
};
struct Unknown {};

/* Exchange the public fields of all objects, before and after each other question. */
bool busy;
void synchronise(void (Stub::*exchange)()) {
  if (busy) return;
  busy = true;
  for (auto &each : stubs) (each.second->*exchange)();
  busy = false;
}

std::string question() { return std::string(reinterpret_cast<const char *>(written.bytes), written.end); }

}

Stub::Stub(Size handle) : crosstune_handle(handle) { stubs[handle] = this; }
Stub::~Stub() { stubs.erase(crosstune_handle); }
void receive_fields(Stub &stub) {
  busy = true;
  stub.crosstune_receive();
  busy = false;
}
Stub *stub_of(Size handle) {
  auto found = stubs.find(handle);
  return found == stubs.end() ? nullptr : found->second;
}
bool field_has_changed(Size handle, Size number) { return fields[{handle, number}] != question(); }
void field_is(Size handle, Size number) { fields[{handle, number}] = question(); }

void malformed() { report("failed policy"); }
void put_opaque(const char *) { report("unsupported"); }

void begin_question(const Question &question, Size arguments) {
  synchronise(&Stub::crosstune_send);
  begin(question.kind);
  if (question.kind == 'M' || question.kind == 'G') put_u32(question.handle);
  put_bytes((std::string(question.of) + question.name).data(), std::strlen(question.of) + std::strlen(question.name));
  is_get = question.kind == 'G';
  if (!is_get) put_count('l', arguments);
}

bool ask() {
  if (!is_get) put_count('m', 0);
  if (!send()) report("gone");
  receive_answer();
  char tag = *read.take(1);
  if (tag != 'R' && tag != 'E') malformed();
  outcome.returned = tag == 'R';
  if (!outcome.returned) {
    outcome.kind = take_bytes();
    outcome.message = take_bytes();
    take_bytes();
  }
  return outcome.returned;
}

Size take_changes() { return take_u32(); }
Size take_argument() { return take_u32(); }

#define KIND(type) \
  if (outcome.kind == #type) throw std::type(outcome.message);
void finish() {
  take_bytes();
  take_bytes();
  message_taken();
  Outcome mine = outcome;
  synchronise(&Stub::crosstune_receive);
  outcome = mine;
  if (outcome.returned) return;
  KIND(invalid_argument)
  KIND(out_of_range)
  KIND(length_error)
  KIND(domain_error)
  KIND(logic_error)
  KIND(overflow_error)
  KIND(underflow_error)
  KIND(range_error)
  KIND(runtime_error)
  if (outcome.kind == "string") throw outcome.message;
  if (outcome.kind == "int") throw std::atoi(outcome.message.c_str());
  if (outcome.kind == "const char *") throw static_cast<const char *>(strdup(outcome.message.c_str()));
  if (outcome.kind == "bad_cast") throw WithMessage<std::bad_cast>();
  if (outcome.kind == "exception") throw WithMessage<std::exception>();
  throw Unknown();
}

}
