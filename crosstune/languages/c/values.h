/* Values of C as bytes: what the text that is made for a declaration calls, on both sides of the pipes between tests
   and candidate. See docs/values.md. */
#ifndef CROSSTUNE_VALUES
#define CROSSTUNE_VALUES
#include <stdbool.h>
#include <stddef.h>

char crosstune_next(void);
bool crosstune_nothing(void); /* reads nothing else */
size_t crosstune_count(char tag);
size_t crosstune_skipped(void); /* the number of items of a collection, which is not read */
long long crosstune_take_integer(void);
unsigned long long crosstune_take_unsigned(void);
double crosstune_take_float(void);
bool crosstune_take_bool(void);
char crosstune_take_char(void);
char *crosstune_take_text(void);
void *crosstune_allocate(size_t count, size_t size); /* in the candidate's process: until the call has ended */
_Noreturn void crosstune_malformed(void);

void crosstune_put_nothing(void);
void crosstune_put_integer(long long value);
void crosstune_put_unsigned(unsigned long long value);
void crosstune_put_float(double value);
void crosstune_put_bool(bool value);
void crosstune_put_char(char value);
void crosstune_put_text(const char *value);
void crosstune_put_count(char tag, size_t count);
void crosstune_put_opaque(const char *type);

/* The candidate's side. */
struct crosstune_entry {
  const char *name;
  void (*call)(void);
};
extern const struct crosstune_entry crosstune_entries[];
void crosstune_begin_result(void);
void crosstune_begin_changes(void);
void crosstune_begin_change(unsigned argument);
void crosstune_end(void);

/* The tests' side. */
/* A NaN of the candidate's arrives as another number, until the tests have passed one. */
void crosstune_foresee_no_nan(void);
void crosstune_begin_question(const char *name, size_t arguments);
void crosstune_ask(void);
size_t crosstune_take_number(void); /* of changed arguments, or the position of one */
void crosstune_finish(void);
#endif
