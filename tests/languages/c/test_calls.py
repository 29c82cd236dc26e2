"""Cases that call functions of C candidates: the convention of values, and candidates that break it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import CallCase, Program, Status
from tests.languages.skipping import skip_without_tools

TYPES = """\
#include <stdbool.h>
#include <stddef.h>
typedef long long ll;
typedef enum { KIND_INT, KIND_TEXT } Kind;
struct Node { struct Node *next; int value; };
typedef struct {
    int first;
    char *second;
    bool has_third;
    double third;
    int *more;
    size_t more_len;
} Several;
typedef struct { const char *key; ll value; } Entry;
typedef struct {
    enum { VALUE_NONE, VALUE_BOOL, VALUE_INT, VALUE_FLOAT, VALUE_STRING, VALUE_LIST } kind;
    union {
        bool as_bool;
        ll as_int;
        double as_float;
        char *as_string;
        struct { int *items; size_t len; } as_list;
    };
} Value;
typedef struct { Kind kind; union { int int_; char *text; } as; } Either;
struct Point { float x; double y; };
"""
COPY = """\
#include <stdlib.h>
#include <string.h>
static void *copy(const void *from, size_t size) { return memcpy(malloc(size + 1), from, size); }
"""
HEADS = {
    "char **texts(const char *const *x, size_t x_len, size_t *out_len)": """
        char **made = malloc((x_len + 1) * sizeof *made);
        for (size_t i = 0; i < x_len; i++) made[i] = strdup(x[i]);
        *out_len = x_len;
        return made;""",
    "char *text(const char *x)": "return x ? strdup(x) : NULL;",
    "Several several(Several x)": "return x;",
    "struct Point point(struct Point x)": "return (struct Point){x.y, x.x};",
    "Value value(Value x)": "return x;",
    "Value *values(const Value *x, size_t x_len, size_t *out_len)": """
        *out_len = x_len;
        return copy(x, x_len * sizeof *x);""",
    "Either either(Either x)": "return x;",
    "int *list(const int *x, size_t x_len, size_t *out_len)": """
        *out_len = x_len;
        return x ? copy(x, x_len * sizeof *x) : NULL;""",
    "void twice(int x[], size_t x_len)": "for (size_t i = 0; i < x_len; i++) x[i] *= 2;",
    "size_t sum(unsigned char a, size_t b, short c, const ll *d)": "return a + b + c + (d ? *d : 0);",
    "char next(char x)": "return x + 1;",
    "double half(float x)": "return x / 2;",
}
DECLARATION = TYPES + "".join(f"{head};\n" for head in HEADS)
CANDIDATE = TYPES + COPY + "".join(f"{head} {{ {body} }}\n" for head, body in HEADS.items())
SAME: list[tuple[str, Any]] = [
    ("texts", ["a", "é", ""]),
    ("texts", []),
    ("text", "a\n"),
    ("text", "\ud800"),
    ("text", None),
    ("several", (1, "x", None, [1])),
    ("several", (-1, "", 2.5, [])),
    *(("value", each) for each in (None, True, -3, 2.5, "s")),
    ("value", [1, 2]),
    ("values", [1, "a", None, [2]]),
    ("either", 3),
    ("either", "x"),
    ("list", [1, 2]),
    ("list", None),
]
CASES = [
    *(CallCase(name, [value], value) for name, value in SAME),
    CallCase("point", [(1, 2.5)], (2.5, 1)),
    CallCase("twice", [[1, 2]], None, changed=[[2, 4]]),
    CallCase("sum", [255, 1 << 40, -3, None], 252 + (1 << 40)),
    CallCase("sum", [0, (1 << 64) - 1, 0, 0], (1 << 64) - 1),
    CallCase("next", ["a"], "b"),
    CallCase("half", [1], 0.5),
]
judges: list[Judge] = []


@pytest.fixture(scope="module", autouse=True)
def one_judge() -> Iterator[None]:
    skip_without_tools("c")
    with Judge() as judge:
        judges.append(judge)
        yield
        judges.clear()


def judged(candidate: str, declaration: str, *cases: CallCase) -> list[tuple[Status | None, str]]:
    judging = LANGUAGES.load("c").judging
    assert judging
    limits = replace(judging.limits, cpu_seconds=1)
    program = Program("x", "c", candidate, declaration=declaration, cases=cases, limits=limits)
    (verdict,) = judges[0].run([program])
    return [(each.status, each.stderr) for each in verdict.cases] or [(verdict.status, verdict.stderr)]


def test_every_kind_of_value_goes_both_ways() -> None:
    results = judged(CANDIDATE, DECLARATION, *CASES)
    failed = [(case, result) for case, result in zip(CASES, results, strict=True) if result[0] != "passed"]
    assert failed == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("*out_len = (size_t)-1; return malloc(4);", Status.RUNTIME_ERROR),
        ("*out_len = 1 << 30; return malloc(4);", Status.RUNTIME_ERROR),
        ("*out_len = 3; return NULL;", Status.RUNTIME_ERROR),
        ("*out_len = 3; return (int *)8;", Status.RUNTIME_ERROR),
        ("return malloc(4);", Status.WRONG_ANSWER),
        ("*out_len = 5 << 20; return calloc(5 << 20, 4);", Status.OUTPUT_LIMIT),
        ("exit(0);", Status.INCOMPLETE),
        ("abort();", Status.RUNTIME_ERROR),
        ("for (;;);", Status.TIMEOUT),
    ],
)
def test_a_broken_result_is_the_candidates_failure(body: str, status: Status) -> None:
    head = "int *f(int x, size_t *out_len)"
    candidate = f"#include <stdlib.h>\n{head} {{ {body} }}\n"
    assert judged(candidate, f"#include <stddef.h>\n{head};", CallCase("f", [1], [1]))[0][0] is status


@pytest.mark.parametrize(
    ("candidate", "declaration"),
    [
        ('char *f(int x) { return x ? "yes" : "no"; }', "char *f(int x);"),  # not from malloc
        ('const char *f(int x) { return "yes"; }', "char *f(int x);"),
        ('static char *f(int x) { static char text[4] = "yes"; return text; }', "char *f(int x) {"),
        ('char *f(long x) { return "yes"; }\nint main() { return 1; }', "char *f(int x)"),
        ('#define true 0\n#define size_t int\nchar *f(int x) { return "yes"; }', "char *f(int x);"),
        ('char *r(int x) { return "no"; }\nchar *f(int v) { return "yes"; }', "char *f(int x);"),
    ],
)
def test_odd_candidates_pass(candidate: str, declaration: str) -> None:
    assert judged(candidate, declaration, CallCase("f", [1], "yes")) == [(Status.PASSED, "")]


def test_another_signature_is_a_compile_error() -> None:
    declaration = "#include <stddef.h>\nint f(const int *x, size_t x_len);"
    status, text = judged("int f(int x) { return x; }", declaration, CallCase("f", [[1]], 1))[0]
    assert (status, "too many arguments" in text) == (Status.COMPILE_ERROR, True)


@pytest.mark.parametrize(
    ("declaration", "arguments", "message"),
    [
        ("int g(int x);", [1], "has no function f"),
        ("int f(int x", [1], "does not parse"),
        ("int f(FILE *x);", [1], "FILE is no type of values"),
        ("int f(int (*x)(int));", [1], "is a function"),
        ("int f(int **x);", [1], "without a length"),
        ("int f(int x, size_t *out_len);", [1], "returns a pointer"),
        ("int *f(int x, size_t **out_lens);", [1], "belong to no result"),
        ("int f(int x);", [1 << 31], "2147483648 is not from"),
        ("int f(const char *x);", ["a\0"], "zero character"),
        ("int f(int x);", [1.5], "is no integer"),
    ],
)
def test_what_is_no_value_is_a_clear_error(declaration: str, arguments: list[Any], message: str) -> None:
    program = Program("x", "c", "", declaration=declaration, cases=(CallCase("f", arguments, 1),))
    with pytest.raises(UsageError, match=message):
        judges[0].digest(program)
