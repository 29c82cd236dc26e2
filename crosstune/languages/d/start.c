/* Runs a D program's main, and sees whether the tests have come to their end; see _shared/started.py. */
#include <stddef.h>

struct text { size_t size; const char *data; };

extern int __real_main(int count, char **words, char **environment);
extern void __real__d_assert(struct text file, unsigned line);
extern void __real__d_assert_msg(struct text message, struct text file, unsigned line);
extern void _exit(int status);
extern int dprintf(int descriptor, const char *format, ...);
extern int getpid(void);

enum { BLOCKS = 4096 };
static int asserted, reached, process;
static char begun[BLOCKS];

/* An assertion of the tests that fails is final: a candidate that calls them could catch the error. */
static void see(struct text file, unsigned line, struct text message) {
    asserted = 1;
    if (file.size != 7 || __builtin_memcmp(file.data, "tests.d", 7)) return;
    dprintf(2, "core.exception.AssertError@tests.d(%u): %.*s\n", line, (int)message.size, message.data);
    crosstune_panicked(1);
}

void __wrap__d_assert(struct text file, unsigned line) {
    struct text message = {17, "Assertion failure"};
    see(file, line, message);
    __real__d_assert(file, line);
    crosstune_panicked(1); /* a handler of the candidate's has returned */
}

void __wrap__d_assert_msg(struct text message, struct text file, unsigned line) {
    see(file, line, message);
    __real__d_assert_msg(message, file, line);
    crosstune_panicked(1);
}

/* Called by the last unit test, which runs only if all others have passed, and at the end of main, with 0;
   with a number by each block of the tests that begins. Each runs once, in this process. */
void CROSSTUNE_EXIT(unsigned block) {
    if (block == 0) reached++;
    else if (getpid() != process || (block < BLOCKS && begun[block]++)) crosstune_panicked(0);
}

static int run(int count, char **words) {
    process = getpid();
    int status = __real_main(count, words, 0);
    if (status != 0) crosstune_panicked(asserted);
    if (reached < 2) _exit(0);
    return 0;
}
