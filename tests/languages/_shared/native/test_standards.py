"""A C or C++ program is compiled with the standard that it asks for, else with one in which it is valid."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Case, Program, Status
from tests.languages.cases import cases
from tests.languages.skipping import skip_without_tools

SINCE = {
    "c++11": "int add(int a, int b) { return a + b; }\n",
    "c++14": "int add(int a, int b) { auto sum = [](auto x, auto y) { return x + y; }; return sum(a, b); }\n",
    "c++17": "template <class... T> int sum(T... all) { return (all + ...); }\n"
    "int add(int a, int b) { if constexpr (true) return sum(a, b); }\n",
    "c++20": "#include <concepts>\ntemplate <std::integral T> T sum(T a, T b) { return a + b; }\n"
    "int add(int a, int b) { return sum(a, b); }\n",
    "c++23": "#include <string>\n"
    "int add(int a, int b) { return a + b + std::string(1, 'x').contains('y'); }\n",
}


@pytest.mark.parametrize("since", SINCE)
def test_usual_standard_has_all_of_cpp(judge: Judge, since: str) -> None:
    skip_without_tools("cpp")
    tests = cases("cpp").tests
    wrong = SINCE[since].replace("add(int a, int b) {", "add(int a, int) { int b = 1;")
    first, second = judge.run([Program("1", "cpp", code, tests) for code in (SINCE[since], wrong)])
    assert (first.status, second.status) == (Status.PASSED, Status.WRONG_ANSWER)
    assert first.toolchain.endswith("gnu++17 or gnu++23")


@pytest.mark.parametrize("since", ["c++20", "c++23"])
def test_older_standard_rejects_newer_code(judge: Judge, since: str) -> None:
    skip_without_tools("cpp")
    programs = [
        Program(name, "cpp", SINCE[since], cases("cpp").tests, standard=name) for name in ("c++17", since)
    ]
    older, own = judge.run(programs)
    assert (older.status, own.status) == (Status.COMPILE_ERROR, Status.PASSED)
    assert older.toolchain.endswith("c++17")


@pytest.mark.parametrize(
    ("standard", "expected"), [("", Status.PASSED), ("c23", Status.PASSED), ("c11", Status.COMPILE_ERROR)]
)
def test_digit_separators_are_of_c23(judge: Judge, standard: str, expected: Status) -> None:
    skip_without_tools("c")
    code = "int add(int a, int b) { return a + b + 1'000 - 1000; }\n"
    assert next(judge.run([Program("1", "c", code, cases("c").tests, standard=standard)])).status is expected


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_every_standard_can_be_compiled(judge: Judge, language: str) -> None:
    skip_without_tools(language)
    judging = LANGUAGES.load(language).judging
    assert judging
    code, tests = "int add(int a, int b) { return a + b; }\n", cases(language).tests
    programs = [Program(name, language, code, tests, standard=name) for name in judging.standards]
    assert {verdict.status for verdict in judge.run(programs)} == {Status.PASSED}


def test_whole_program_has_a_standard_too(judge: Judge) -> None:
    skip_without_tools("cpp")
    code = (
        "#include <iostream>\n#include <ranges>\n"
        "int main() { for (int n : std::views::iota(1, 3)) std::cout << n; }\n"
    )
    case = (Case(stdout="12"),)
    usual, older = judge.run(
        [Program(name, "cpp", code, cases=case, standard=name) for name in ("", "c++17")]
    )
    assert (usual.status, older.status) == (Status.PASSED, Status.COMPILE_ERROR)
