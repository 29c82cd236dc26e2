/* Messages and the pipes they travel through; wire.cpp, server.cpp and stub.cpp share them. */
#ifndef CROSSTUNE_FRAMES
#define CROSSTUNE_FRAMES
#include "wire.hpp"

#include <cerrno>
#include <unistd.h>

namespace crosstune {

const Size MOST_BYTES = 16 << 20;
const unsigned char VERSION = 1;

/* Bytes that are written at the end, or read from the place `at`. */
struct Message {
  unsigned char *bytes;
  Size end, room, at;
  void add(const void *data, Size size);
  const unsigned char *take(Size size);
};
extern Message written, read;

enum class Frame { READ, ENDED, TOO_LONG };

/* Whether all bytes were read. */
inline bool fill(unsigned char *bytes, Size size) {
  for (Size have = 0; have < size;) {
    long got = ::read(5, bytes + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    have += static_cast<Size>(got);
  }
  return true;
}

inline Frame receive() {
  unsigned char head[4];
  if (!fill(head, 4)) return Frame::ENDED;
  Size size = static_cast<Size>(head[0]) << 24 | head[1] << 16 | head[2] << 8 | head[3];
  if (size > MOST_BYTES) return Frame::TOO_LONG;
  read.at = read.end = 0;
  static unsigned char part[1 << 16];
  while (read.end < size) {
    Size next = size - read.end < sizeof part ? size - read.end : sizeof part;
    if (!fill(part, next)) return Frame::ENDED;
    read.add(part, next);
  }
  return Frame::READ;
}

/* Begin a message; its length is filled in when it is sent. */
inline void begin(char kind) {
  written.end = 0;
  written.add("\0\0\0\0", 4);
  written.add(&kind, 1);
}

inline bool send() {
  Size size = written.end - 4;
  for (int i = 0; i < 4; i++) written.bytes[i] = static_cast<unsigned char>(size >> 8 * (3 - i));
  for (Size sent = 0; sent < written.end;) {
    long done = ::write(6, written.bytes + sent, written.end - sent);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    sent += static_cast<Size>(done);
  }
  return true;
}

inline void put_u32(Size value) {
  unsigned char data[4];
  for (int i = 0; i < 4; i++) data[i] = static_cast<unsigned char>(value >> 8 * (3 - i));
  written.add(data, 4);
}

inline void put_bytes(const char *data, Size size) {
  put_u32(size);
  written.add(data, size);
}

inline Size take_u32() {
  const unsigned char *head = read.take(4);
  return static_cast<Size>(head[0]) << 24 | head[1] << 16 | head[2] << 8 | head[3];
}

}
#endif
