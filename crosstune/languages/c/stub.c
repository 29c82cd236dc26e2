/* The tests' side: asks the candidate's process. See docs/values.md.

   It reports to descriptor 4 and ends the process when the candidate's has ended, or answers something that is no
   value. */
#include "wire.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void report(const char *text) {
  fflush(NULL);
  if (write(4, text, strlen(text)) < 0) abort();
  _exit(1);
}

void crosstune_malformed(void) { report("failed policy"); }

/* Results of fewer bytes cannot make an argument too long. */
static const size_t SMALL_BYTES = 1000;
static size_t received;

/* It may hold what the candidate has returned; the tests have chosen other arguments. */
void crosstune_too_long(void) { report(received > SMALL_BYTES ? "failed output_limit" : "unsupported"); }

/* The tests may free each part of what they get. */
void *crosstune_allocate(size_t count, size_t size) {
  void *made = calloc(count ? count : 1, size);
  if (!made) abort();
  return made;
}

static void receive(void) {
  enum crosstune_frame frame = crosstune_receive();
  if (frame == CROSSTUNE_ENDED) report("gone");
  if (frame == CROSSTUNE_TOO_LONG) report("failed output_limit");
  received += crosstune_left();
}

__attribute__((constructor)) static void greeted(void) {
  signal(SIGPIPE, SIG_IGN);
  receive();
  if (*crosstune_take(1) != 'H' || crosstune_number(1) != CROSSTUNE_VERSION || !crosstune_all_taken()) crosstune_malformed();
}

void crosstune_begin_question(const char *name, size_t arguments) {
  crosstune_begin();
  crosstune_put_count('C', strlen(name));
  crosstune_add(name, strlen(name));
  crosstune_put_count('l', arguments);
}

void crosstune_ask(void) {
  crosstune_put_count('m', 0);
  if (!crosstune_send()) report("gone");
  receive();
  if (*crosstune_take(1) != 'R') crosstune_malformed(); /* no C function raises an error */
}

size_t crosstune_take_number(void) { return crosstune_number(4); }

void crosstune_finish(void) {
  crosstune_take(crosstune_number(4));
  crosstune_take(crosstune_number(4));
  if (!crosstune_all_taken()) crosstune_malformed();
}
