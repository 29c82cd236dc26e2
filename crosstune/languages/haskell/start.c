/* Starts Haskell's run time and runs the program's main; see _shared/started.py. */
#include <Rts.h>

extern StgClosure CrosstuneRun_run_closure, Main_main_closure;

/* What CrosstuneRun calls for an error that nothing has caught. */
void crosstune_haskell_failed(int assertion) { crosstune_panicked(assertion); }

/* What tests call instead of exitSuccess and exitFailure. */
void CROSSTUNE_EXIT(HsInt status) {
    hs_exit_nowait();
    crosstune_exit(status);
}

static int run(int count, char **words) {
    RtsConfig settings = defaultRtsConfig;
    settings.rts_opts_enabled = RtsOptsIgnoreAll;
    hs_init_ghc(&count, &words, settings);
    Capability *capability = rts_lock();
    rts_evalLazyIO(&capability, rts_apply(capability, &CrosstuneRun_run_closure, &Main_main_closure), NULL);
    int ended = rts_getSchedStatus(capability);
    rts_unlock(capability);
    if (ended != Success) crosstune_panicked(0);
    hs_exit();
    return 0;
}
