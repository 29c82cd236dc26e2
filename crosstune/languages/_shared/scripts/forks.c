// Lets any dynamically linked interpreter be forked, so that each program's process is a copy of one that has started:
// see forks.py. Preloaded into the interpreter (LD_PRELOAD).
//
// The interpreter starts, loads what programs usually need, and comes to its fork point: it calls its own ``fork``, or
// opens the file that CROSSTUNE_FORK_AT names. There the template stays for ever: each order makes a copy, in which the
// call of ``fork`` returns 0, or the file is opened.
//
// The copies share no memory with the template, no open file and no pending signal. Nothing that a copy can do changes the
// template: its memory is hidden, and it ignores all signals but those that the kernel does not let it ignore, which end
// or stop it.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONTROL = 3, PLACES = 7, MOST_FILES = 64, MOST_LIMITS = 32, MOST_SIGNALS = 65, PATH_BYTES = 4096 };

// The messages; `_inside.template` of the sandbox has the same.
struct limit { int64_t what, soft, hard; };
struct order { int64_t limits; struct limit limit[MOST_LIMITS]; };
struct ended { int64_t status, microseconds, peak_kilobytes; };

static struct file { int number, flags; char kind; off_t at; dev_t device; ino_t inode; } files[MOST_FILES];
static int files_open;
static struct sigaction actions[MOST_SIGNALS];
static sigset_t usual_signals;
static int errors = STDERR_FILENO;
static char fork_at[PATH_BYTES];
static int waits_for_fork, is_copy;

__attribute__((constructor)) static void begin(void) {
  const char *named = getenv("CROSSTUNE_FORK_AT");
  waits_for_fork = named == NULL;
  snprintf(fork_at, sizeof fork_at, "%s", named != NULL ? named : "");
  unsetenv("CROSSTUNE_FORK_AT");
  unsetenv("LD_PRELOAD");
}

static pid_t real_fork(void) {
  pid_t (*real)(void) = dlsym(RTLD_NEXT, "fork");
  return real();
}

static void fail(const char *what) {
  dprintf(errors, "%s: %s", what, strerror(errno));
  _exit(127);
}

static int count_of(const char *path) {
  DIR *folder = opendir(path);
  int found = 0;
  if (folder == NULL) _exit(1);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) found += entry->d_name[0] != '.';
  closedir(folder);
  return found;
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

// What a file is: an event poll, an event counter, a pipe, a file that is only read, or something else.
static char kind_of(int number, int flags, const struct stat *status) {
  char path[64], name[PATH_BYTES] = "";
  snprintf(path, sizeof path, "/proc/self/fd/%d", number);
  if (readlink(path, name, sizeof name - 1) < 0) _exit(1);
  if (strcmp(name, "anon_inode:[eventpoll]") == 0) return 'p';
  if (strcmp(name, "anon_inode:[eventfd]") == 0) return 'e';
  if (S_ISREG(status->st_mode) && (flags & O_ACCMODE) == O_RDONLY) return 'r';
  return S_ISFIFO(status->st_mode) ? '|' : '?';
}

// Note the interpreter's own files, whose numbers are above those of a program's.
static void note_files(void) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL) _exit(1);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    struct stat status;
    int number = atoi(entry->d_name);
    if (entry->d_name[0] == '.' || number < PLACES || number == dirfd(folder) || fstat(number, &status)) continue;
    if (files_open == MOST_FILES) _exit(1);
    int flags = fcntl(number, F_GETFL);
    char kind = kind_of(number, flags, &status);
    off_t at = kind == 'r' ? lseek(number, 0, SEEK_CUR) : 0;
    files[files_open++] = (struct file){number, flags, kind, at, status.st_dev, status.st_ino};
  }
  closedir(folder);
}

// The same file, opened again: the place at which it is read is the copy's own.
static int opened_again(const struct file *file) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", file->number);
  int made = open(path, O_RDONLY | O_CLOEXEC);
  if (made >= 0) lseek(made, file->at, SEEK_SET);
  return made;
}

// Another of the same kind, since an interpreter may fail on anything else.
static void renew(struct file *file) {
  int ends[2] = {-1, -1};
  if (file->kind == 'p') ends[0] = epoll_create1(EPOLL_CLOEXEC);
  else if (file->kind == 'e') ends[0] = eventfd(0, EFD_CLOEXEC | (file->flags & O_NONBLOCK ? EFD_NONBLOCK : 0));
  else if (file->kind == '|' && pipe2(ends, O_CLOEXEC | (file->flags & O_NONBLOCK))) fail("pipe");
  else if (file->kind == 'r') ends[0] = opened_again(file);
  else if (file->kind == '?') ends[0] = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (struct file *other = file; other < files + files_open; other++)
    if (other == file || (file->kind == '|' && other->kind == '|' && other->inode == file->inode)) {
      int made = ends[file->kind == '|' && (other->flags & O_ACCMODE) == O_WRONLY];
      if (made < 0 || dup3(made, other->number, O_CLOEXEC) < 0) fail("files");
      other->kind = 0;
    }
  close(ends[0]);
  if (ends[1] >= 0) close(ends[1]);
}

static void ignore_signals(void) {
  struct sigaction ignore = {.sa_handler = SIG_IGN}, usual = {.sa_handler = SIG_DFL};
  for (int number = 1; number < MOST_SIGNALS; number++)
    if (sigaction(number, NULL, &actions[number]) == 0) sigaction(number, number == SIGCHLD ? &usual : &ignore, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, &usual_signals);
}

static void restore_signals(void) {
  for (int number = 1; number < MOST_SIGNALS; number++)
    if (number != SIGKILL && number != SIGSTOP) sigaction(number, &actions[number], NULL);
  sigprocmask(SIG_SETMASK, &usual_signals, NULL);
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
static void become_program(const struct order *order, const int *passed, int count) {
  is_copy = 1;
  errors = passed[count - 1];
  for (int at = 0; at < PLACES; at++)
    if (at < count - 1 ? dup2(passed[at], at) < 0 : close(at) != 0) fail("descriptors");
  for (struct file *file = files; file < files + files_open; file++)
    if (file->kind != 0) renew(file);
  for (int at = 0; at < count - 1; at++) close(passed[at]);
  for (int64_t at = 0; at < order->limits; at++) {
    struct rlimit limit = {(rlim_t)order->limit[at].soft, (rlim_t)order->limit[at].hard};
    if (setrlimit((int)order->limit[at].what, &limit)) fail("setrlimit");
  }
  close(errors);
  setpgid(0, 0);
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  restore_signals();
}

static void tell(const void *data, size_t size) {
  if (write(CONTROL, data, size) != (ssize_t)size) _exit(0);
}

static void prepare(void) {
  // Threads would be missing in the copies.
  if (count_of("/proc/self/task") != 1) _exit(1);
  fflush(NULL);
  note_files();
  include_memory();
  ignore_signals();
  setsid();
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  char name[32] = "";
  if (readlink("/proc/self", name, sizeof name - 1) < 0) _exit(1);
  int64_t self = atoll(name);
  tell(&self, sizeof self);
}

static void report_end(pid_t child) {
  int status;
  struct rusage used;
  while (wait4(child, &status, 0, &used) < 0)
    if (errno != EINTR) _exit(1);
  int64_t seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
  int64_t rest = used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  struct ended ended = {status, seconds * 1000000 + rest, used.ru_maxrss};
  tell(&ended, sizeof ended);
}

// Returns once in each copy, never in the template.
static void serve(void) {
  prepare();
  for (;;) {
    struct order order;
    int passed[PLACES + 1];
    int count = received(&order, passed);
    int64_t child = real_fork();
    if (child == 0) {
      become_program(&order, passed, count);
      return;
    }
    if (child < 0) child = -errno;
    for (int at = 0; at < count; at++) close(passed[at]);
    tell(&child, sizeof child);
    if (child > 0) report_end((pid_t)child);
  }
}

pid_t fork(void) {
  if (is_copy || !waits_for_fork) return real_fork();
  serve();
  return 0;
}

static void look_at(const char *path) {
  if (!is_copy && !waits_for_fork && path != NULL && strcmp(path, fork_at) == 0) serve();
}

#define MODE_OF(flags, list) ((flags) & (O_CREAT | O_TMPFILE) ? va_arg(list, int) : 0)
#define OPENS(name)                                                        \
  int name(const char *path, int flags, ...) {                             \
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name);         \
    va_list list;                                                          \
    va_start(list, flags);                                                 \
    int mode = MODE_OF(flags, list);                                       \
    va_end(list);                                                          \
    look_at(path);                                                         \
    return real(path, flags, mode);                                        \
  }
#define OPENS_AT(name)                                                     \
  int name(int folder, const char *path, int flags, ...) {                 \
    int (*real)(int, const char *, int, ...) = dlsym(RTLD_NEXT, #name);    \
    va_list list;                                                          \
    va_start(list, flags);                                                 \
    int mode = MODE_OF(flags, list);                                       \
    va_end(list);                                                          \
    look_at(path);                                                         \
    return real(folder, path, flags, mode);                                \
  }
#define OPENS_STREAM(name)                                                 \
  FILE *name(const char *path, const char *mode) {                         \
    FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, #name);   \
    look_at(path);                                                         \
    return real(path, mode);                                               \
  }

#define OPENS_CHECKED(name)                                                \
  int name(const char *path, int flags) {                                  \
    int (*real)(const char *, int) = dlsym(RTLD_NEXT, #name);              \
    look_at(path);                                                         \
    return real(path, flags);                                              \
  }

OPENS(open)
OPENS(open64)
OPENS_CHECKED(__open_2)
OPENS_CHECKED(__open64_2)
OPENS_AT(openat)
OPENS_AT(openat64)
OPENS_STREAM(fopen)
OPENS_STREAM(fopen64)

// Ends a copy at once, for languages that would start another process at their end.
void crosstune_leave(const int *status) {
  fflush(NULL);
  _exit(*status);
}
