"""The idioms of C for the exercises. Lists, and functions in expressions, are given (`SETUP`)."""

import json

SETUP = """\
#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct { int size; int items[64]; } ints;

#define EACH(xs, value) ({ ints all_ = (xs); \\
  for (int i_ = 0; i_ < all_.size; i_++) { int x = all_.items[i_]; all_.items[i_] = (value); } all_; })
#define KEEP(xs, condition) ({ ints all_ = (xs), kept_ = {0, {0}}; \\
  for (int i_ = 0; i_ < all_.size; i_++) { int x = all_.items[i_]; \\
    if (condition) kept_.items[kept_.size++] = x; } kept_; })
#define ALL(xs, condition) (KEEP(xs, condition).size == (xs).size)
#define ANY(xs, condition) (KEEP(xs, condition).size > 0)

static inline int larger(int a, int b) { return a > b ? a : b; }
static inline int smaller(int a, int b) { return a < b ? a : b; }

static inline ints part(ints xs, int from, int to) {
  ints found = {0, {0}};
  for (int i = larger(0, from); i < to && i < xs.size; i++) found.items[found.size++] = xs.items[i];
  return found;
}

static inline ints joined(ints xs, ints ys) {
  for (int i = 0; i < ys.size; i++) xs.items[xs.size++] = ys.items[i];
  return xs;
}

static inline ints only(int value) {
  ints found = {1, {value}};
  return found;
}

static inline int sum(ints xs) {
  int found = 0;
  for (int i = 0; i < xs.size; i++) found += xs.items[i];
  return found;
}

static inline int most(ints xs) {
  int found = xs.items[0];
  for (int i = 1; i < xs.size; i++) found = larger(found, xs.items[i]);
  return found;
}

static inline int least(ints xs) {
  int found = xs.items[0];
  for (int i = 1; i < xs.size; i++) found = smaller(found, xs.items[i]);
  return found;
}

static inline char *repeated(const char *s, int count) {
  char *text = calloc(strlen(s) * count + 1, 1);
  for (int i = 0; i < count; i++) strcat(text, s);
  return text;
}

static inline char *filled(const char *s, int before, int after) {
  int size = strlen(s), width = larger(size, larger(before, after));
  char *text = memset(calloc(width + 1, 1), ' ', width);
  memcpy(before ? text + width - size : text, s, size);
  return text;
}

"""

_TESTS = """\
static bool same(ints xs, ints ys) {{
  return xs.size == ys.size && !memcmp(xs.items, ys.items, xs.size * sizeof(int));
}}

int main(void) {{
{0}  return 0;
}}
"""

IDIOMS = {
    "setup": SETUP,
    "reserved": "long floor",
    "number": "int",
    "list": "ints",
    "text": "char *",
    "truth": "bool",
    "text parameter": "const char *",
    "declare": "{3} {0}({2} {1}) {{",
    "define": "\n  return {0};\n}}\n",
    "assert": "  assert({0} == {1});\n",
    "assert list": "  assert(same({0}, {1}));\n",
    "assert text": "  assert(!strcmp({0}, {1}));\n",
    "tests": _TESTS,
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "larger({0}, {1})",
    "smaller": "smaller({0}, {1})",
    "absolute": "abs({0})",
    "first": "part({0}, 0, {1})",
    "skip": "part({0}, {1}, {0}.size)",
    "last": "part({0}, {0}.size - {1}, {0}.size)",
    "append": "joined({0}, only({1}))",
    "prepend": "joined(only({1}), {0})",
    "holds": "ANY({0}, x == {1})",
    "lacks": "!ANY({0}, x == {1})",
    "sum": "sum({0})",
    "length": "{0}.size",
    "greatest": "most({0})",
    "least": "least({0})",
    "repeat": "repeated({0}, {1})",
    "fill after": "filled({0}, 0, {1})",
    "fill before": "filled({0}, {1}, 0)",
    "each": "EACH({0}, {1})",
    "keep": "KEEP({0}, {1})",
    "all": "ALL({0}, {1})",
    "any": "ANY({0}, {1})",
}


def format_literal(value: object) -> str:
    if isinstance(value, list):
        return f"(ints) {{{len(value)}, {{{', '.join(map(str, value)) or '0'}}}}}"
    return json.dumps(value)
