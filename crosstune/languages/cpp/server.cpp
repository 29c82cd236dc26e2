/* The candidate's side: answers the calls of the tests. See docs/values.md.

   Nothing here needs protection from the candidate: all that it can change is what it answers. */
#include "frames.hpp"

#include <cstdio>
#include <cstring>
#include <exception>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

namespace crosstune {

[[noreturn]] void cannot_be_copied();
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

/* An object that the tests have a handle of. */
struct Held {
  void *object;
  const char *of;
  void (*destroy)(void *);
};
std::vector<Held> objects;
std::map<std::pair<const void *, std::string>, Size> handles;
Size target_handle;

void answer() {
  read.at = 0;
  char kind = *read.take(1);
  if (kind == 'M' || kind == 'G') target_handle = take_u32();
  Size size = take_u32();
  std::string name(reinterpret_cast<const char *>(read.take(size)), size);
  for (const EntryPoint *each = entry_points; each->name; each++)
    if (!name.compare(0, std::strlen(each->of), each->of) && !name.compare(std::strlen(each->of), name.npos, each->name)) {
      if (kind != 'G') take_count('l');
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

void *object_of(Size handle, const char *of) {
  if (handle >= objects.size() || !objects[handle].object || std::strcmp(objects[handle].of, of)) malformed();
  return objects[handle].object;
}

void *target(const char *of) { return object_of(target_handle, of); }

/* The candidate may have deleted an object whose place a new one has now. */
Size new_handle(const void *object, const char *of, void (*destroy)(void *)) {
  objects.push_back({const_cast<void *>(object), of, destroy});
  return handles[{object, of}] = objects.size() - 1;
}

Size handle_of(const void *object, const char *of, void (*destroy)(void *)) {
  auto found = handles.find({object, of});
  return found == handles.end() ? new_handle(object, of, destroy) : found->second;
}

void destroy_target() {
  if (target_handle >= objects.size()) malformed();
  Held held = objects[target_handle];
  objects[target_handle].object = nullptr;
  auto found = handles.find({held.object, held.of});
  if (found != handles.end() && found->second == target_handle) handles.erase(found);
  if (held.object) held.destroy(held.object);
}

void cannot_be_copied() {
  std::fputs("an object is copied, but its class cannot be\n", stderr);
  _exit(1);
}

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
