"""A large number that the candidate returns, of which the tests make an argument that is too long."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status

# The declaration, what makes it a candidate, and the tests.
PROGRAMS = {
    "python": ("def f(text):\n", "    return 30_000_000\n", 'assert f("x" * f("")) == 2\n'),
    "javascript": ("", "const f = text => 3e7;\n", "console.assert(f('x'.repeat(f(''))) === 2);\n"),
    "typescript": (
        "function f(text: string): number {\n",
        "  return 30000000;\n}\n",
        "console.assert(f('x'.repeat(f(''))) === 2);\n",
    ),
    "java": (
        "class Solution { static int f(String text) {\n",
        "return 30000000; } }\n",
        """
        public class Main {
            public static void main(String[] words) { assert Solution.f("x".repeat(Solution.f(""))) == 2; }
        }
        """,
    ),
    "go": (
        "func f(text string) int {\n",
        "return 30000000\n}\n",
        """
        import ("strings"; "testing")
        func TestF(t *testing.T) {
            if f(strings.Repeat("x", f(""))) != 2 { t.Fail() }
        }
        """,
    ),
    "rust": (
        "fn f(text: &str) -> usize {\n",
        "30000000\n}\n",
        """
        #[cfg(test)]
        mod tests {
            use super::*;
            #[test]
            fn test() { assert_eq!(f(&"x".repeat(f(""))), 2); }
        }
        """,
    ),
}


@pytest.mark.parametrize("language", PROGRAMS)
def test_it_is_the_candidates_failure(language: str) -> None:
    if not all(each.met for each in requirements(language)):
        pytest.skip(f"{language} cannot be run here")
    judging = LANGUAGES.load(language).judging
    assert judging is not None
    declaration, rest, tests = PROGRAMS[language]
    program = Program(
        "large",
        language,
        declaration + rest,
        tests,
        judging.preamble,
        declaration=declaration,
        entry_points=("f",),
    )
    with Judge(workers=1, isolation="separate") as judge:
        (verdict,) = judge.run([program])
    assert verdict.status is Status.OUTPUT_LIMIT, verdict.stderr
