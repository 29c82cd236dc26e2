#include <stdbool.h>
#include <stddef.h>
typedef struct { long long first; char *second; } Pair;
typedef struct { char *first; long long second; } Swapped;
typedef struct { char *key; int value; } Entry;
int **nested(const int *const *rows, const size_t *rows_lens, size_t rows_len, size_t **out_lens, size_t *out_len);
char *word(const char *text);
double number(double value);
bool flag(bool value);
void grow(int *items, size_t items_len);
Swapped swap(Pair pair);
Entry *counts(const Entry *given, size_t given_len, size_t *out_len);
bool maybe(const int *value, int *out);
int leave(int how);
----
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
typedef struct { long long first; char *second; } Pair;
typedef struct { char *first; long long second; } Swapped;
typedef struct { char *key; int value; } Entry;
int **nested(const int *const *rows, const size_t *rows_lens, size_t rows_len, size_t **out_lens, size_t *out_len) {
  int **copy = malloc((rows_len + 1) * sizeof *copy);
  *out_lens = malloc((rows_len + 1) * sizeof **out_lens);
  for (size_t i = 0; i < rows_len; i++) {
    copy[i] = malloc((rows_lens[i] + 1) * sizeof **copy);
    memcpy(copy[i], rows[i], rows_lens[i] * sizeof **copy);
    (*out_lens)[i] = rows_lens[i];
  }
  *out_len = rows_len;
  return copy;
}
char *word(const char *text) { return strdup(text); }
double number(double value) { return value; }
bool flag(bool value) { return value; }
void grow(int *items, size_t items_len) { items[0] = items_len; }
Swapped swap(Pair pair) { return (Swapped){pair.second, pair.first}; }
Entry *counts(const Entry *given, size_t given_len, size_t *out_len) {
  Entry *copy = malloc((given_len + 1) * sizeof *copy);
  for (size_t i = 0; i < given_len; i++) copy[i] = given[given_len - 1 - i];
  *out_len = given_len;
  return copy;
}
bool maybe(const int *value, int *out) {
  if (value) *out = *value;
  return value != NULL;
}
int leave(int how) {
  if (how == 0) abort();
  if (how == 1) exit(0);
  while (how == 2);
  return how;
}
