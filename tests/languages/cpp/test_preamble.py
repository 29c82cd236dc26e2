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


@pytest.mark.parametrize("standard", ["", "c++11"])
def test_what_is_compiled_beforehand_works_as_usual(judge: Judge, standard: str) -> None:
    statements = """
    if (stoi("7") != 7 || stol("8") != 8) return 0;
    if (stoul("9") != 9 || stoll("-7") != -7 || stoull("6") != 6) return 0;
    if (stof("0.5") != 0.5f || stod("1.5") != 1.5) return 0;
    if (stold("2.5") != 2.5L || stoi(wstring(L"4")) != 4) return 0;
    if (to_string(1.5) != "1.500000" || to_wstring(0.5f) != L"0.500000" || to_string(12) != "12") return 0;
    if (u16string(u"abc").substr(1) + u"d" != u"bcd" || u32string(U"ab").size() != 2) return 0;
    try { stoi("x"); return 0; } catch (const invalid_argument &) {}
    try { stoi("99999999999"); return 0; } catch (const out_of_range &) {}
    try { boost::throw_exception(runtime_error("no")); } catch (const boost::exception &) {}
    string text("abc"), other(text.begin(), text.end());
    if (other != text || string(text, 1) != "bc") return 0;
    """
    judging = LANGUAGES.load("cpp").judging
    assert judging
    candidate = f"int add(int a, int b) {{ {statements} return a + b; }}\n"
    program = Program("1", "cpp", candidate, TESTS, judging.preamble, standard=standard)
    (verdict,) = judge.run([program])
    assert verdict.passed, verdict.stderr
