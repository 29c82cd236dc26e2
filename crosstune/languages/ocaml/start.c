/* Starts OCaml's run time and runs the program's modules; see _shared/started.py. */
#define CAML_INTERNALS
#include <caml/callback.h>
#include <caml/io.h>
#include <caml/memory.h>
#include <caml/mlvalues.h>
#include <caml/printexc.h>
#include <stdio.h>

extern value caml_exn_Assert_failure[], caml_exn_Failure[], caml_exn_Out_of_memory[];
extern value caml_startup_exn(char **);

/* What was printed before an error; functions that the program registers for its end do not run then. */
static void flush_channels(void) {
    for (struct channel *each = caml_all_opened_channels; each; each = each->next)
        if (each->max == NULL && each->fd != -1)
            while (!caml_flush_partial(each));
}

static void failed(value error) {
    value kind = Tag_val(error) == 0 ? Field(error, 0) : error;
    flush_channels();
    fprintf(stderr, "Fatal error: exception %s\n", caml_format_exception(error));
    crosstune_panicked(kind == (value)caml_exn_Assert_failure || kind == (value)caml_exn_Failure);
}

static int run(int count, char **words) {
    value result = caml_startup_exn(words);
    if (Is_exception_result(result)) failed(Extract_exception(result));
    return 0;
}

/* What tests call instead of `exit`, once the functions that are registered for the end have run. */
value CROSSTUNE_EXIT(value status) {
    flush_channels();
    crosstune_exit(Int_val(status));
}
