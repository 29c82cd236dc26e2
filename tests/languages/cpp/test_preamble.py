"""The preamble of HumanEvalPack's harness: precompiled, and the same as its text."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program
from tests.languages.plain_way import PlainStatus, assert_both_ways_say

TESTS = "int main() { return add(1, 2) != 3; }\n"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", "passed"),
        ("static regex nothing;", "compile_error"),  # the preamble does not include it
        ("#include <regex>\nstatic regex nothing;", "passed"),
        ("static std::map<int, string> table;", "passed"),
        ("int count;", "compile_error"),  # ambiguous with std::count
        ("struct stack;", "passed"),
    ],
)
def test_preamble_includes_what_it_names(judge: Judge, head: str, expected: PlainStatus) -> None:
    judging = LANGUAGES.load("cpp").judging
    assert judging
    body = "if (count) return 0;" if "count" in head else ""
    candidate = f"{head}\nint add(int a, int b) {{ {body} return a + b; }}\n"
    assert_both_ways_say(expected, judge, Program("1", "cpp", candidate, TESTS, judging.preamble))


def test_nothing_is_included_without_the_preamble(judge: Judge) -> None:
    candidate = "int add(int a, int b) { std::vector<int> both{a, b}; return both[0] + both[1]; }\n"
    assert_both_ways_say("compile_error", judge, Program("1", "cpp", candidate, TESTS))
    assert_both_ways_say("passed", judge, Program("1", "cpp", f"#include <vector>\n{candidate}", TESTS))
