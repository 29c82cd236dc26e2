// Lets node be forked, so that each candidate's process is a copy of one that has started: see template.py. Preloaded
// into node (LD_PRELOAD), and loaded by candidate.cjs as a module of the function ``fork``.
//
// V8 asks the kernel to leave its memory out of forks, which is undone here. In a copy, the threads of node's platform do
// not exist; node runs without them (--single-threaded), but would wait for them at its end. The copies share no memory
// with the template, no open file and no pending signal. Nothing that a copy can do changes the template: its memory is
// hidden, and it ignores all signals but those that the kernel does not let it ignore, which end or stop it.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../template.h"

enum { MOST_THREADS = 64, TRIAL_SECONDS = 10 };

// Of node's stable interface, and of its library libuv, what is needed here.
typedef void *napi_env, *napi_value, *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env, napi_callback_info);
int napi_create_function(napi_env, const char *, size_t, napi_callback, void *, napi_value *);
int napi_set_named_property(napi_env, napi_value, const char *, napi_value);
int napi_create_int32(napi_env, int32_t, napi_value *);
int napi_get_cb_info(napi_env, napi_callback_info, size_t *, napi_value *, napi_value *, void **);
int napi_get_value_int32(napi_env, napi_value, int32_t *);
int napi_get_uv_event_loop(napi_env, void **);
int uv_loop_fork(void *);

static pthread_t threads[MOST_THREADS];
static int threads_made;
static struct file { int number, flags; char kind; dev_t device; ino_t inode; } files[MOST_FILES];
static int files_open;
static struct sigaction actions[MOST_SIGNALS];
static sigset_t usual_signals;

__attribute__((constructor)) static void begin(void) { unsetenv("LD_PRELOAD"); }

// The threads of the template are missing in a copy: to wait for them would take for ever, and what they wait for
// cannot be destroyed. They have stacks that are never used again, so no thread of a copy has the name of one of them.
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
  int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) = dlsym(RTLD_NEXT, "pthread_create");
  if (is_copy) return real(thread, attributes, run, argument);
  pthread_attr_t own;
  size_t size;
  pthread_attr_init(&own);
  pthread_attr_getstacksize(attributes != NULL ? attributes : &own, &size);
  void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED || threads_made == MOST_THREADS) return EAGAIN;
  pthread_attr_setstack(&own, stack, size);
  int failed = real(thread, &own, run, argument);
  if (!failed) threads[threads_made++] = *thread;
  pthread_attr_destroy(&own);
  return failed;
}

int pthread_join(pthread_t thread, void **result) {
  int (*real)(pthread_t, void **) = dlsym(RTLD_NEXT, "pthread_join");
  for (int at = 0; is_copy && at < threads_made; at++)
    if (pthread_equal(threads[at], thread)) return 0;
  return real(thread, result);
}

int pthread_cond_destroy(pthread_cond_t *condition) {
  int (*real)(pthread_cond_t *) = dlsym(RTLD_NEXT, "pthread_cond_destroy");
  return is_copy ? 0 : real(condition);
}

int pthread_mutex_destroy(pthread_mutex_t *mutex) {
  int (*real)(pthread_mutex_t *) = dlsym(RTLD_NEXT, "pthread_mutex_destroy");
  return is_copy ? 0 : real(mutex);
}

// Copies would share the memory of an io_uring; the sandbox forbids them, too.
long syscall(long number, ...) {
  static long (*real)(long, ...);
  if (real == NULL) real = dlsym(RTLD_NEXT, "syscall");
  if (number == SYS_io_uring_setup) {
    errno = EPERM;
    return -1;
  }
  long words[6];
  va_list list;
  va_start(list, number);
  for (int at = 0; at < 6; at++) words[at] = va_arg(list, long);
  va_end(list);
  return real(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

// What a file is: an event poll, an event counter, a pipe, or something else.
static char kind_of(int number) {
  char path[64], name[64] = "";
  snprintf(path, sizeof path, "/proc/self/fd/%d", number);
  if (readlink(path, name, sizeof name - 1) < 0) _exit(1);
  if (strcmp(name, "anon_inode:[eventpoll]") == 0) return 'p';
  if (strcmp(name, "anon_inode:[eventfd]") == 0) return 'e';
  return strncmp(name, "pipe:", 5) == 0 ? '|' : '?';
}

// Note node's own files: those from the number ``first`` on. Below it are the program's.
static void note_files(int first) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL) _exit(1);
  files_open = 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    struct stat status;
    int number = atoi(entry->d_name);
    if (entry->d_name[0] == '.' || number == dirfd(folder) || fstat(number, &status)) continue;
    if (number < first) {
      if (number > STDERR_FILENO && strchr("pe|", kind_of(number)) != NULL) _exit(1);
      continue;
    }
    if (files_open == MOST_FILES) _exit(1);
    int flags = fcntl(number, F_GETFL);
    files[files_open++] = (struct file){number, flags, kind_of(number), status.st_dev, status.st_ino};
  }
  closedir(folder);
}

static void replace(const struct file *file, int made) {
  if (made < 0 || dup3(made, file->number, O_CLOEXEC) < 0) fail("files");
}

// Another of the same kind, since node's own loops fail on anything else.
static void renew(struct file *file) {
  int ends[2] = {-1, -1};
  if (file->kind == 'p') ends[0] = epoll_create1(EPOLL_CLOEXEC);
  else if (file->kind == 'e') ends[0] = eventfd(0, EFD_CLOEXEC | (file->flags & O_NONBLOCK ? EFD_NONBLOCK : 0));
  else if (file->kind == '|' && pipe2(ends, O_CLOEXEC | (file->flags & O_NONBLOCK))) fail("pipe");
  else if (file->kind == '?') ends[0] = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (struct file *other = file; other < files + files_open; other++)
    if (other == file || (file->kind == '|' && other->kind == '|' && other->inode == file->inode)) {
      replace(other, ends[file->kind == '|' && (other->flags & O_ACCMODE) == O_WRONLY]);
      other->kind = 0;
    }
  close(ends[0]);
  if (ends[1] >= 0) close(ends[1]);
}

// A copy's own files. Those that libuv has already opened again differ from what they were.
static void separate_files(void *loop) {
  for (struct file *file = files; file < files + files_open; file++) {
    struct stat status;
    if (file->kind == 0 || fstat(file->number, &status)) continue;
    if (status.st_dev == file->device && status.st_ino == file->inode) renew(file);
  }
  if (uv_loop_fork(loop) != 0) fail("uv_loop_fork");
}

static void ignore_signals(void) {
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  for (int number = 1; number < MOST_SIGNALS; number++)
    if (sigaction(number, NULL, &actions[number]) == 0 && number != SIGCHLD) sigaction(number, &ignore, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, &usual_signals);
}

static void restore_signals(void) {
  for (int number = 1; number < MOST_SIGNALS; number++)
    if (number != SIGCHLD && number != SIGKILL && number != SIGSTOP) sigaction(number, &actions[number], NULL);
  sigprocmask(SIG_SETMASK, &usual_signals, NULL);
}

static void prepare(void) {
  note_files(PLACES);
  include_memory();
  ignore_signals();
  setsid();
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void become_program(const struct order *order, const int *passed, int count, void *loop) {
  take_places(passed, count);
  separate_files(loop);
  take_limits(order, passed, count);
  restore_signals();
}

static napi_value number_of(napi_env env, int32_t number) {
  napi_value made;
  napi_create_int32(env, number, &made);
  return made;
}

// Returns once in each copy, with its process's number.
static napi_value serve(napi_env env, napi_callback_info info) {
  (void)info;
  void *loop;
  napi_get_uv_event_loop(env, &loop);
  prepare();
  introduce();
  for (;;) {
    struct order order;
    int passed[PLACES + 1];
    int count = received(&order, passed);
    int64_t child = copied(fork, passed, count);
    if (child == 0) {
      become_program(&order, passed, count, loop);
      return number_of(env, getpid());
    }
    if (child > 0) report_end((pid_t)child);
  }
}

// Whether copies work with this version of node: returns -1 in a copy, and in the template how the copy has ended.
static napi_value attempt(napi_env env, napi_callback_info info) {
  (void)info;
  void *loop;
  napi_get_uv_event_loop(env, &loop);
  note_files(STDERR_FILENO + 1);
  include_memory();
  pid_t child = fork();
  if (child == 0) {
    is_copy = 1;
    alarm(TRIAL_SECONDS);
    separate_files(loop);
    return number_of(env, -1);
  }
  int status = -1;
  if (child > 0) waitpid(child, &status, 0);
  return number_of(env, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

// End a copy at once: it has nothing to clean up.
static napi_value leave(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int32_t status = 1;
  if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) == 0) napi_get_value_int32(env, argument, &status);
  _exit(status);
}

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value made;
  napi_create_function(env, "fork", 4, serve, NULL, &made);
  napi_set_named_property(env, exports, "fork", made);
  napi_create_function(env, "attempt", 7, attempt, NULL, &made);
  napi_set_named_property(env, exports, "attempt", made);
  napi_create_function(env, "leave", 5, leave, NULL, &made);
  napi_set_named_property(env, exports, "leave", made);
  return exports;
}
