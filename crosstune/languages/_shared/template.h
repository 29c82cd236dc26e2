// What a template does, whatever is forked: it follows the sandbox's orders (`_inside.template` there has the same
// messages). Included by the libraries that make a program a template: node/template.c, scripts/forks.c.
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONTROL = 3, PLACES = 7, MOST_FILES = 64, MOST_LIMITS = 32, MOST_SIGNALS = 65 };

struct limit { int64_t what, soft, hard; };
struct order { int64_t limits; struct limit limit[MOST_LIMITS]; };
struct ended { int64_t status, microseconds, peak_kilobytes; };

static int is_copy;
static int errors = STDERR_FILENO;

static void fail(const char *what) {
  dprintf(errors, "%s: %s", what, strerror(errno));
  _exit(127);
}

// Copy all memory in forks. Memory that is shared would be a way from one copy to the next.
static void include_memory(void) {
  FILE *maps = fopen("/proc/self/maps", "re");
  if (maps == NULL) _exit(1);
  static uintptr_t begins[8192], ends[8192];
  char *line = NULL, access[5];
  size_t size = 0, found = 0;
  while (getline(&line, &size, maps) > 0 && found < 8192)
    if (sscanf(line, "%lx-%lx %4s", &begins[found], &ends[found], access) == 3) {
      if (access[1] == 'w' && access[3] == 's') _exit(1);
      found++;
    }
  free(line);
  fclose(maps);
  for (size_t at = 0; at < found; at++) madvise((void *)begins[at], ends[at] - begins[at], MADV_DOFORK);
}

static void tell(const void *data, size_t size) {
  if (write(CONTROL, data, size) != (ssize_t)size) _exit(0);
}

// The first message: the template's process id as /proc has it.
static void introduce(void) {
  char name[32] = "";
  if (readlink("/proc/self", name, sizeof name - 1) < 0) _exit(1);
  int64_t self = atoll(name);
  tell(&self, sizeof self);
}

// The next order and the files that come with it; the end of the sandbox's init is the template's end.
static int received(struct order *order, int *passed) {
  char control[CMSG_SPACE((PLACES + 1) * sizeof(int))];
  struct iovec data = {order, sizeof *order};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t size = recvmsg(CONTROL, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC);
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  if (size != sizeof *order || head == NULL || order->limits > MOST_LIMITS) _exit(0);
  int count = (int)((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
  memcpy(passed, CMSG_DATA(head), count * sizeof(int));
  return count;
}

// In the copy: the files of the program are the first that were passed, and the last one takes errors.
static void take_places(const int *passed, int count) {
  is_copy = 1;
  errors = passed[count - 1];
  for (int at = 0; at < PLACES; at++)
    if (at < count - 1 ? dup2(passed[at], at) < 0 : close(at) != 0) fail("descriptors");
}

// The last that a copy does before it is a program.
static void take_limits(const struct order *order, const int *passed, int count) {
  for (int at = 0; at < count - 1; at++) close(passed[at]);
  for (int64_t at = 0; at < order->limits; at++) {
    struct rlimit limit = {(rlim_t)order->limit[at].soft, (rlim_t)order->limit[at].hard};
    if (setrlimit((int)order->limit[at].what, &limit)) fail("setrlimit");
  }
  close(errors);
  setpgid(0, 0);
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

// Make a copy, and tell its process id. The copy waits until that is done: from then on it can end the template.
static int64_t copied(pid_t (*make)(void), const int *passed, int count) {
  int gate[2] = {-1, -1};
  int64_t child = pipe2(gate, O_CLOEXEC) ? -1 : make();
  if (child == 0) {
    char none;
    close(gate[1]);
    while (read(gate[0], &none, 1) < 0 && errno == EINTR) {}
    close(gate[0]);
    return 0;
  }
  if (child < 0) child = -errno;
  for (int at = 0; at < count; at++) close(passed[at]);
  tell(&child, sizeof child);
  close(gate[0]);
  close(gate[1]);
  return child;
}

// Wait for the copy, and tell how it ended. A copy that has ended this process is left to the sandbox's init: the signal
// takes effect after the first wait, which does not remove the copy.
static void report_end(pid_t child) {
  siginfo_t info;
  int status;
  struct rusage used;
  while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0)
    if (errno != EINTR) _exit(1);
  while (wait4(child, &status, 0, &used) < 0)
    if (errno != EINTR) _exit(1);
  int64_t seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
  int64_t rest = used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  struct ended ended = {status, seconds * 1000000 + rest, used.ru_maxrss};
  tell(&ended, sizeof ended);
}
