/* The candidate's side: answers the calls of the tests. See docs/values.md.

   Nothing here needs protection from the candidate: all that it can change is what it answers. */
#include "frames.hpp"

#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>

namespace crosstune {

extern const EntryPoint entry_points[];

namespace {

Size changes, changes_at;

[[noreturn]] void leave() {
  std::fflush(nullptr);
  _exit(0);
}

void put_error(const char *kind, const char *message, Size size) {
  begin('E');
  put_bytes(kind, std::strlen(kind));
  put_bytes(message, size);
  put_bytes("", 0);
}

void put_error(const char *kind, const std::exception &error) {
  put_error(kind, error.what(), std::strlen(error.what()));
}

void answer() {
  read.at = 0;
  if (*read.take(1) != 'C') malformed();
  Size size = take_u32();
  std::string name(reinterpret_cast<const char *>(read.take(size)), size);
  for (const EntryPoint *each = entry_points; each->name; each++)
    if (name == each->name) {
      take_count('l');
      each->call();
      put_bytes("", 0);
      put_bytes("", 0);
      if (!send()) leave();
      return;
    }
  malformed();
}

}

/* A question that this side does not understand: it is not the candidate's doing. */
void malformed() {
  std::fputs("the server does not understand the tests\n", stderr);
  _exit(1);
}

void put_opaque(const char *type) {
  put_count('o', std::strlen(type));
  written.add(type, std::strlen(type));
}

void begin_result() { begin('R'); }

#define KIND(type) \
  catch (const std::type &error) { put_error(#type, error); }
void raised() {
  try {
    throw;
  }
  catch (const std::bad_alloc &) { throw; } /* it ran out of memory */
  KIND(invalid_argument)
  KIND(out_of_range)
  KIND(length_error)
  KIND(domain_error)
  KIND(logic_error)
  KIND(overflow_error)
  KIND(underflow_error)
  KIND(range_error)
  KIND(runtime_error)
  KIND(bad_cast)
  KIND(exception)
  catch (int error) {
    std::string text = std::to_string(error);
    put_error("int", text.data(), text.size());
  }
  catch (const char *error) { put_error("const char *", error, std::strlen(error)); }
  catch (const std::string &error) { put_error("string", error.data(), error.size()); }
  catch (...) { put_error("", "", 0); }
}

void begin_changes() {
  changes = 0;
  changes_at = written.end;
  written.add("\0\0\0\0", 4);
}

Size begin_change(Size argument) {
  Size begun = written.end;
  unsigned char head[4] = {0, 0, 0, static_cast<unsigned char>(argument)};
  written.add(head, 4);
  return begun;
}

void end_change(Size change, Size begin, Size end) {
  Size value = change + 4;
  if (written.end - value == end - begin && !std::memcmp(written.bytes + value, read.bytes + begin, end - begin))
    written.end = change;
  else
    changes++;
}

void end_changes() { written.bytes[changes_at + 3] = static_cast<unsigned char>(changes); }

}

/* Its own main has another name; see candidate.py. */
int main() {
  using namespace crosstune;
  begin('H');
  written.add(&VERSION, 1);
  if (!send()) leave();
  while (receive() == Frame::READ) answer();
  leave();
}
