/* The judge's main, in front of each language's start.c: see started.py. The run time is started once, whoever
   calls main. */
void crosstune_panicked(int assertion) __attribute__((noreturn));
void crosstune_exit(int status) __attribute__((noreturn));
int crosstune_begin(int count, char **words, char **environment);
static int run(int count, char **words);
static int started;

int crosstune_main(int count, char **words, char **environment) {
    if (started++) crosstune_panicked(0);
    return run(count, words);
}

int CROSSTUNE_MAIN(int count, char **words, char **environment) { return crosstune_begin(count, words, environment); }
