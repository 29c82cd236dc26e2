/* The part of the judge that is linked into every C, C++ and Rust program; see gcc.py.

   System calls are made without the C library, whose functions a program may replace with its own. */

#if defined(__x86_64__)
enum { READ = 0, WRITE = 1, CLOSE = 3, GETPID = 39, KILL = 62, EXIT = 231, GETRANDOM = 318 };
static long call(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
enum { READ = 63, WRITE = 64, CLOSE = 57, GETPID = 172, KILL = 129, EXIT = 94, GETRANDOM = 278 };
static long call(long number, long a, long b, long c) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}
#else
#error "C and C++ are judged on x86-64 and arm64"
#endif

/* Masked: while the candidate runs, nothing in memory looks like the nonce. */
static volatile char kept[64], pad[64];
static long length, process;

static void begin(void) {
    volatile char nonce[64];
    process = call(GETPID, 0, 0, 0);
    length = call(READ, 3, (long)nonce, sizeof nonce);
    call(CLOSE, 3, 0, 0);
    call(GETRANDOM, (long)pad, sizeof pad, 0);
    for (long at = 0; at < length; at++) {
        kept[at] = nonce[at] ^ pad[at];
        nonce[at] = 0;
    }
}
/* Runs before all constructors, whatever their priority, because this file is linked first. */
__attribute__((section(".preinit_array"), used)) static void (*const before_all)(void) = begin;

/* A test that fails in a forked process fails in the first one, too: no process may try out what passes. */
__attribute__((noreturn)) static void end(const char *text, long size, int status) {
    if (call(GETPID, 0, 0, 0) != process) {
        if (status != 0) call(KILL, process, 9, 0);
        call(EXIT, status, 0, 0);
    }
    call(WRITE, 4, (long)text, size);
    call(EXIT, status, 0, 0);
    __builtin_trap();
}

/* A failed assertion. Each program calls this by a random name of its own. */
__attribute__((noreturn, visibility("hidden"))) void crosstune_failed(const char *text) {
    long size = 0;
    while (text[size]) size++;
    call(WRITE, 2, (long)"Assertion failed: ", 18);
    call(WRITE, 2, (long)text, size);
    call(WRITE, 2, (long)"\n", 1);
    end("failed wrong_answer", 19, 1);
}

/* A failed test in Rust: a panic of an assertion, or any other one. */
__attribute__((noreturn, visibility("hidden"))) void crosstune_panicked(int assertion) {
    if (assertion) end("failed wrong_answer", 19, 1);
    end("failed runtime_error", 20, 1);
}

extern int fflush(void *);
/* What finds out, at the end, which side has decided the comparisons; only some programs have it. */
extern void crosstune_settle(void) __attribute__((weak));
extern int __real_main(int, char **, char **);

/* The tests have come to their end. */
__attribute__((noreturn)) static void report(void) {
    if (crosstune_settle) crosstune_settle();
    fflush(0);
    char passed[72] = "passed ";
    for (long at = 0; at < length; at++) passed[7 + at] = kept[at] ^ pad[at];
    end(passed, 7 + length, 0);
}

/* The tests call exit themselves, by a random name as above. */
__attribute__((noreturn, visibility("hidden"))) void crosstune_exit(int status) {
    if (status != 0) crosstune_failed("exit(0)");
    report();
}

__attribute__((visibility("hidden"))) int __wrap_main(int count, char **words, char **environment) {
    if (__real_main(count, words, environment) != 0) crosstune_failed("main() == 0");
    report();
}
