"""A value that the tests pass on is the candidate's responsibility if the candidate has returned it."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

# A function that returns 9 MB of text, and tests that pass it on twice: more than a message may have.
TOO_LONG = {
    "python": ("def f(a, b):", " return 'x' * 9_000_000\n", "s = f('', '')\nassert f(s, s) == 'ok'\n"),
    "javascript": (
        "const f = (a, b) => {",
        "return 'x'.repeat(9000000); };\n",
        "const s = f('', '');\nconsole.assert(f(s, s) === 'ok');\n",
    ),
    "typescript": (
        "function f(a: string, b: string): string {",
        "return 'x'.repeat(9000000); }\n",
        "const s = f('', '');\nconsole.assert(f(s, s) === 'ok');\n",
    ),
    "c": (
        "char *f(const char *a, const char *b) {",
        """static char s[9000001]; for (int i = 0; i < 9000000; i++) s[i] = 'x'; return s; }\n""",
        """#include <assert.h>
        #include <string.h>
        int main(void) { assert(!strcmp(f(f("", ""), ""), "ok")); return 0; }
        """,
    ),
    "cpp": (
        "#include <string>\nstd::string f(std::string a, std::string b) {",
        "return std::string(9000000, 'x'); }\n",
        """#include <cassert>
        int main() { std::string s = f("", ""); assert(f(s, s) == "ok"); }
        """,
    ),
    "go": (
        "func f(a, b string) string {",
        "return string(make([]byte, 9000000)) }\n",
        """package main
        import "testing"
        func TestF(t *testing.T) { s := f("", ""); if f(s, s) != "ok" { t.Fatal() } }
        """,
    ),
    "rust": (
        "fn f(a: &str, b: &str) -> String {",
        """"x".repeat(9_000_000) }\n""",
        """#[test]
        fn t() { let s = f("", ""); assert_eq!(f(&s, &s), "ok"); }
        """,
    ),
    "java": (
        "class Solution {\n  static String f(String a, String b) {",
        """return "x".repeat(9000000); } }\n""",
        """class Main {
          public static void main(String[] a) {
            String s = Solution.f("", "");
            if (!Solution.f(s, s).equals("ok")) throw new AssertionError();
          }
        }
        """,
    ),
}


@pytest.mark.parametrize("language", TOO_LONG)
def test_returned_values_that_are_too_long_to_pass_on_are_the_candidates(language: str) -> None:
    skip_without_tools(language)
    declaration, body, tests = TOO_LONG[language]
    start = "package main\n" if language == "go" else ""
    candidate = start + declaration + body
    program = Program("long", language, candidate, tests, declaration=declaration, entry_points=("f",))
    with Judge(isolation="separate") as judge:
        verdict = next(judge.run([program]))
    assert verdict.isolation == "separate"
    assert verdict.status not in (Status.PASSED, Status.HARNESS_ERROR), verdict.stderr


def test_arguments_that_are_no_values_are_an_error_that_says_what_to_do() -> None:
    tests = "import math\nassert f([math]) == 1\n"
    program = Program("x", "python", "def f(x): return len(x)\n", tests, entry_points=("f",))
    with Judge() as judge:
        verdict = next(judge.run([program]))
    assert verdict.status is Status.HARNESS_ERROR
    assert "--isolation shared judges them in one process" in verdict.stderr
    with Judge(isolation="shared") as judge:
        assert next(judge.run([program])).status is Status.PASSED
