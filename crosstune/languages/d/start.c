/* Runs a D program's main, and sees whether the tests have come to their end; see _shared/started.py. */
#include <stddef.h>

struct text { size_t size; const char *data; };

extern int __real_main(int count, char **words, char **environment);
extern void __real__d_assert(struct text file, unsigned line);
extern void __real__d_assert_msg(struct text message, struct text file, unsigned line);
extern void _exit(int status);

static int asserted, reached;

void __wrap__d_assert(struct text file, unsigned line) {
    asserted = 1;
    __real__d_assert(file, line);
    crosstune_panicked(1); /* a handler of the candidate's has returned */
}

void __wrap__d_assert_msg(struct text message, struct text file, unsigned line) {
    asserted = 1;
    __real__d_assert_msg(message, file, line);
    crosstune_panicked(1);
}

/* Called by the last unit test, which runs only if all others have passed, and at the end of main. */
void CROSSTUNE_EXIT(void) { reached++; }

static int run(int count, char **words) {
    int status = __real_main(count, words, 0);
    if (status != 0) crosstune_panicked(asserted);
    if (reached < 2) _exit(0);
    return 0;
}
