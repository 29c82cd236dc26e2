"""Values of any type in C++'s tests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status

_DECLARATION = """#include <assert.h>
#include <bits/stdc++.h>
std::vector<long> filter_integers(std::vector<std::any> values) {
"""
_CANDIDATE = """#include <any>
#include <vector>
std::vector<long> filter_integers(std::vector<std::any> values) {
    std::vector<long> result;
    for (const auto &each : values)
        if (each.type() == typeid(int)) result.push_back(std::any_cast<int>(each));
    return result;
}
"""
_TESTS = """int main() {
    assert(filter_integers(std::vector<std::any>({4, VALUE, 9, "x"})) == (std::vector<long>({4, 9})));
}
"""
_PROGRAM = Program(
    id="any",
    language="cpp",
    declaration=_DECLARATION,
    setup="#include <assert.h>\n#include <bits/stdc++.h>\n",
    candidate=_CANDIDATE,
    entry_points=("filter_integers",),
    standard="c++17",
)
_MAP = ("std::map<long,long>()", "shared")
_VECTOR = ("std::vector<long>()", "separate")


@pytest.mark.parametrize(
    ("value", "way"),
    [
        _MAP,
        ("map<int, int>()", "shared"),
        ("std::make_pair<int, int>(1, 2)", "shared"),
        _VECTOR,
        ("std::vector<std::any>()", "separate"),
        ("2.5f", "separate"),
    ],
)
def test_a_type_that_does_not_travel_keeps_the_candidate_with_its_tests(value: str, way: str) -> None:
    assert bool(_why_shared(_TESTS.replace("VALUE", value))) == (way == "shared")


def test_a_type_of_the_tests_does_not_travel() -> None:
    reason = _why_shared(f"struct Own {{}};\n{_TESTS.replace('VALUE', 'Own()')}")
    assert "a type of their own" in reason


def test_both_ways_pass() -> None:
    tests = {way: _TESTS.replace("VALUE", value) for value, way in [_MAP, _VECTOR]}
    with Judge() as judge:
        verdicts = list(judge.run([replace(_PROGRAM, id=way, tests=text) for way, text in tests.items()]))
    assert [(each.status, each.isolation) for each in verdicts] == [(Status.PASSED, way) for way in tests]


def _why_shared(tests: str) -> str:
    judging = LANGUAGES.load("cpp").judging
    assert judging
    assert judging.separate
    return judging.separate.why_shared(replace(_PROGRAM, tests=tests))
