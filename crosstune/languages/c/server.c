/* The candidate's side: answers calls. See docs/values.md.

   Nothing here needs protection from the candidate: all that it can change is what it answers. A wrong length or
   pointer that it returns is read as any caller would read it. */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t changes_at;
static unsigned char changes;
static void **held;
static size_t held_count, held_room;

static _Noreturn void leave(void) {
  fflush(NULL);
  _exit(0);
}

void crosstune_too_long(void) {
  crosstune_write("\377\377\377\377", 4);
  leave();
}

/* A question that this side does not understand: it is not the candidate's doing. */
void crosstune_malformed(void) {
  fputs("the server does not understand the question\n", stderr);
  _exit(1);
}

void *crosstune_allocate(size_t count, size_t size) {
  if (held_count == held_room) {
    held_room = held_room ? held_room * 2 : 64;
    held = realloc(held, held_room * sizeof *held);
  }
  void *made = calloc(count ? count : 1, size);
  if (!held || !made) abort();
  return held[held_count++] = made;
}

void crosstune_begin_result(void) { crosstune_add_tag('R'); }

void crosstune_begin_changes(void) {
  changes = 0;
  changes_at = crosstune_written();
  crosstune_add_number(0, 4);
}

void crosstune_begin_change(unsigned argument) {
  changes++;
  crosstune_add_number(argument, 4);
}

void crosstune_end(void) {
  crosstune_set_byte(changes_at + 3, changes);
  crosstune_add_number(0, 4);
  crosstune_add_number(0, 4);
}

static void answer(void) {
  if (*crosstune_take(1) != 'C') crosstune_malformed();
  size_t size = crosstune_number(4);
  const char *name = (const char *)crosstune_take(size);
  for (const struct crosstune_entry *each = crosstune_entries; each->name; each++)
    if (strlen(each->name) == size && !memcmp(each->name, name, size)) {
      crosstune_count('l');
      crosstune_begin();
      each->call();
      if (!crosstune_send()) leave();
      while (held_count) free(held[--held_count]);
      return;
    }
  crosstune_malformed();
}

/* The candidate's own main has another name. */
int main(void) {
  crosstune_begin();
  crosstune_add_tag('H');
  crosstune_add_number(CROSSTUNE_VERSION, 1);
  if (!crosstune_send()) leave();
  while (crosstune_receive() == CROSSTUNE_READ) answer();
  leave();
}
