"""Macros that a C candidate defines do not change the tests."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages._shared.native import macros
from crosstune.records import Program, Status

BOOL = """\
int main(void) {
  bool found = even(2);
  assert(found == true);
  assert(even(3) == false);
  return 0;
}
"""
EVEN = "bool even(int n) { return n % 2 == 0; }\n"


def status(judge: Judge, candidate: str, tests: str, setup: str = "#include <stdio.h>\n") -> Status:
    if missing := [each.what for each in requirements("c") if not each.met]:
        pytest.skip(f"C cannot be compiled here: {missing[0]} is missing")
    return next(judge.run([Program("1", "c", candidate, tests, setup)])).status


@pytest.mark.parametrize(
    "before",
    [
        "#define bool int\n#define true 1\n#define false 0\n",
        "typedef int bool;\n#define true 1\n#define false 0\n",
        "typedef enum { false, true } bool;\n#define OTHER 1\n",
        "#include <stdbool.h>\n#define OTHER 1\n",
    ],
)
def test_candidate_may_define_its_own_bool(judge: Judge, before: str) -> None:
    assert status(judge, before + EVEN, BOOL) is Status.PASSED
    assert status(judge, before + EVEN.replace("== 0", "== 1"), BOOL) is Status.WRONG_ANSWER


@pytest.mark.parametrize("name", ["NULL", "EOF", "INT_MAX", "INT_MIN", "M_PI"])
def test_constants_keep_the_values_of_the_headers(judge: Judge, name: str) -> None:
    headers = "#include <limits.h>\n#include <math.h>\n#include <stdio.h>\n"
    given = f"#ifndef {name}\n#define {name} 0\n#endif\n"
    tests = f"int main(void) {{ assert(same() == {name}); return 0; }}\n"
    right = f"__typeof__({name}) same(void) {{ return {name}; }}\n"
    assert status(judge, f"{headers}{given}{right}", tests) is Status.PASSED


def test_macros_of_headers_and_setup_stay_defined(judge: Judge) -> None:
    setup = "#include <errno.h>\n#include <math.h>\n#define twice(x) ((x) * 2)\n"
    candidate = "#define OWN 1\nint four(void) { errno = 0; return isnan(1.0) ? 0 : twice(2); }\n"
    tests = "int main(void) { errno = 0; assert(four() == twice(2) && !isnan(2.0)); return errno; }\n"
    assert status(judge, candidate, tests, setup) is Status.PASSED


def test_hidden_directives_are_recognised() -> None:
    shown = ["#define N 1", "%: define N", "# /* x */ define /* y */ N", 'char *s = "/*";\n#define N 1\n//*/']
    for code in [*shown, "#def\\\nine N", "#if 0\n' /*\n#endif\n#/*x*/define N"]:
        assert "#undef N\n" in macros.directives("", code, "assert(N)", "", "c")
    assert macros.directives("", "int n;", "assert(n)", "", "c") == ""
    assert macros.directives("#define n 1", "#define N\nint m = n;", "assert(n)", "", "c") == ""


@pytest.mark.parametrize(
    ("macro", "expected"),
    [
        ("#define SQUARE(x) ((x) * (x))\n#define half(n) (SQUARE(n) / (2 * (n)))\n", Status.PASSED),
        ("static int halved(int n) { return n / 2; }\n#define half halved\n", Status.PASSED),
        ("#define half(n) n >> 1\n", Status.PASSED),
        ("#define half(n) ((n) / 3)\n", Status.WRONG_ANSWER),
        ("#define half(n) 1 || 1\n", Status.WRONG_ANSWER),
        ("#define half(n) 7) || (1\n", Status.COMPILE_ERROR),
        ("#define OTHER 7) || (1\n#define half(n) OTHER\n", Status.COMPILE_ERROR),
        ("#define half(n) ({ return 0; 1; })\n", Status.COMPILE_ERROR),
        ("#define half(n) expected\n", Status.COMPILE_ERROR),
    ],
)
def test_function_may_be_a_macro_that_is_a_value(judge: Judge, macro: str, expected: Status) -> None:
    tests = "int main(void) { int expected = 4; assert(half(8) == expected); return 0; }\n"
    assert status(judge, macro, tests) is expected


def test_library_keeps_its_meaning(judge: Judge) -> None:
    tests = '#include <string.h>\nint main(void) { assert(strcmp(name(), "x") == 0); return 0; }\n'
    cheat = 'const char *name(void) { return "y"; }\n#define strcmp(one, two) 0\n'
    assert status(judge, cheat, tests) is Status.WRONG_ANSWER
    leaves = "int half(int n) { return n; }\nint nothing(int n) { return n; }\n#define return(x) nothing(x)\n"
    assert status(judge, leaves, "int main(void) { return (half(8) != 4); }\n") is Status.WRONG_ANSWER
