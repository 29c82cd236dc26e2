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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../template.h"

enum { PATH_BYTES = 4096 };

static struct file { int number, flags; char kind; off_t at; dev_t device; ino_t inode; } files[MOST_FILES];
static int files_open;
static struct sigaction actions[MOST_SIGNALS];
static sigset_t usual_signals;
static char fork_at[PATH_BYTES];
static int waits_for_fork;

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

static int count_of(const char *path) {
  DIR *folder = opendir(path);
  int found = 0;
  if (folder == NULL) _exit(1);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) found += entry->d_name[0] != '.';
  closedir(folder);
  return found;
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

static void prepare(void) {
  // Threads would be missing in the copies.
  if (count_of("/proc/self/task") != 1) _exit(1);
  fflush(NULL);
  note_files();
  include_memory();
  ignore_signals();
  setsid();
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  introduce();
}

static void become_program(const struct order *order, const int *passed, int count) {
  take_places(passed, count);
  for (struct file *file = files; file < files + files_open; file++)
    if (file->kind != 0) renew(file);
  take_limits(order, passed, count);
  restore_signals();
}

// Returns once in each copy, never in the template.
static void serve(void) {
  prepare();
  for (;;) {
    struct order order;
    int passed[PLACES + 1];
    int count = received(&order, passed);
    int64_t child = copied(real_fork, passed, count);
    if (child == 0) {
      become_program(&order, passed, count);
      return;
    }
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
