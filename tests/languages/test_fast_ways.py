"""The fast ways of building say the same as the plain ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge, requirements
from crosstune.languages import LANGUAGES
from crosstune.records import Program
from tests.languages import plain
from tests.languages.cases import cases
from tests.shared import shared_data

# Go's own way compiles its library anew for every program, here without a cache.
LANGUAGES_BY_TIME = ["c", "cpp", "javascript", "python", "rust", pytest.param("go", marks=pytest.mark.slow)]
ROW = 111  # with maps and strings


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def agree(judge: Judge, program: Program, expected: plain.Told) -> None:
    if missing := [each.what for each in requirements(program.language) if not each.met]:
        pytest.skip(f"{program.language} cannot be run here: {missing[0]} is missing")
    verdict = next(judge.run([program]))
    assert (expected, expected) == (plain.run(program), plain.told(verdict.status)), verdict


@pytest.mark.parametrize("language", LANGUAGES_BY_TIME)
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("right_answer", "passed"),
        ("wrong_answer", "failed"),
        ("compile_error", "compile_error"),
        ("crash", "failed"),
    ],
)
def test_usual_programs(judge: Judge, language: str, kind: str, expected: plain.Told) -> None:
    case = cases(language).by_name[kind]
    agree(judge, Program(kind, language, case.candidate, case.tests), expected)


LITTLE = "int main() { return add(1, 2) != 3; }\n"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", "passed"),
        ("static regex nothing;", "compile_error"),  # the preamble does not include it
        ("#include <regex>\nstatic regex nothing;", "passed"),
        ("static std::map<int, string> table;", "passed"),
        ("int count;", "compile_error"),  # that of namespace std is there, too, and the use is ambiguous
        ("struct stack;", "passed"),
    ],
)
def test_the_preamble_is_what_it_says(judge: Judge, head: str, expected: plain.Told) -> None:
    judging = LANGUAGES.load("cpp").judging
    assert judging
    body = "if (count) return 0;" if "count" in head else ""
    candidate = f"{head}\nint add(int a, int b) {{ {body} return a + b; }}\n"
    agree(judge, Program("1", "cpp", candidate, LITTLE, judging.preamble), expected)


def test_without_the_preamble_nothing_is_included(judge: Judge) -> None:
    candidate = "int add(int a, int b) { std::vector<int> both{a, b}; return both[0] + both[1]; }\n"
    agree(judge, Program("1", "cpp", candidate, LITTLE), "compile_error")
    agree(judge, Program("1", "cpp", f"#include <vector>\n{candidate}", LITTLE), "passed")


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_libraries_are_linked_where_they_are_needed(judge: Judge, language: str) -> None:
    tests = cases(language).tests
    candidate = (
        "#include <math.h>\nint add(int a, int b) { return (int)lround(pow(2, log2(fabs(a + b)))); }\n"
    )
    agree(judge, Program("1", language, candidate, tests), "passed")
    foreign = "int nowhere(int);\nint add(int a, int b) { return nowhere(a + b); }\n"
    agree(judge, Program("2", language, foreign, tests), "compile_error")


def test_what_rust_denies_stays_denied(judge: Judge) -> None:
    candidate = "fn add(a: i32, b: i32) -> i32 { let _small: u8 = 256; a + b }\n"
    agree(judge, Program("1", "rust", candidate, cases("rust").tests), "compile_error")


GO_TESTS = """\
package main

import "testing"

func TestAdd(t *testing.T) {
    t.Cleanup(func() { if add(0, 0) != 0 { t.Error("in the end") } })
    for _, pair := range [][2]int{{1, 2}, {3, 4}} {
        pair := pair
        t.Run("pair", func(t *testing.T) {
            PARALLEL
            if got := add(pair[0], pair[1]); got != pair[0] + pair[1] {
                t.FAIL("got %d", got)
            }
        })
    }
}
"""


SCRIPTS = {
    "python": [
        ("import operator\ndef add(a, b):\n    return operator.add(a, b)\n", "passed"),
        ("import no_such_module\ndef add(a, b):\n    return a + b\n", "failed"),
        ("def add(a, b):\n    return a + b\n\nadd(1)\n", "failed"),
        ("def add(a, b):\n  if a:\n      return a + b\n    return b\n", "compile_error"),
        ("from __future__ import annotations\ndef add(a: No, b: No) -> No:\n    return a + b\n", "passed"),
        ("def add(a, b):\n    return a + b\n\nif __name__ == '__main__':\n    add(1)\n", "failed"),
    ],
    "javascript": [
        ("const fs = require('fs');\nvar add = (a, b) => fs.constants ? a + b : 0;\n", "passed"),
        ("const gone = require('no-such-module');\nconst add = (a, b) => a + b;\n", "failed"),
        ("const add = (a, b) => a + b;\nadd.b.c;\n", "failed"),
        ("const add = (a, b) => a + b;\nPromise.reject(new Error('late'));\n", "failed"),
        ("const add = (a, b) => a + b;\nsetTimeout(() => { throw new Error('late'); }, 1);\n", "failed"),
        ("const add = (a, b) => a + b;\nlet add = 1;\n", "compile_error"),
        ("add = (a, b) => a + b;\n", "passed"),
    ],
}


@pytest.mark.parametrize(
    ("language", "candidate", "expected"),
    [(language, *each) for language, scripts in SCRIPTS.items() for each in scripts],
)
def test_scripts(judge: Judge, language: str, candidate: str, expected: plain.Told) -> None:
    agree(judge, Program("1", language, candidate, cases(language).tests), expected)


@pytest.mark.parametrize("parallel", ["", "t.Parallel()"])
@pytest.mark.parametrize("fail", ["Errorf", "Fatalf", "Skipf"])
@pytest.mark.parametrize("answer", ["a + b", "a - b", "a + b + 1 - min(1, a + b)", "a + b + 1"])
def test_small_testing_has_the_rules_of_gos_own(judge: Judge, parallel: str, fail: str, answer: str) -> None:
    tests = GO_TESTS.replace("PARALLEL", parallel).replace("FAIL", fail)
    helper = "func min(a int, b int) int { if a < b { return a }; return b }\n"
    code = f"package main\n{helper}func add(a int, b int) int {{ return {answer} }}\n"
    # A main of its own asks for Go's package.
    small, full = (
        plain.told(verdict.status)
        for verdict in judge.run(
            [Program("small", "go", code, tests), Program("full", "go", f"{code}func main() {{}}\n", tests)]
        )
    )
    assert full == small
    right = answer == "a + b" or (fail == "Skipf" and answer == "a - b")  # the others fail in the end
    assert ("passed" if right else "failed") == small


@pytest.mark.slow
@pytest.mark.parametrize("language", ["cpp", "go", "rust"])
def test_published_programs(judge: Judge, language: str) -> None:
    benchmark = BENCHMARKS.load("humanevalpack")
    settings = benchmark.settings(data=shared_data("humanevalpack"))  # type: ignore[call-arg]
    problem = benchmark.problems(settings, language, "fix")[ROW]
    assert benchmark.libraries
    if missing := [each.what for each in benchmark.libraries(language) if not each.met]:
        pytest.skip(f"{missing[0]}: not here")
    right = benchmark.program(problem, problem.canonical)
    agree(judge, right, "passed")
    agree(judge, benchmark.program(problem, problem.buggy), "failed")
    agree(judge, replace(right, candidate=right.candidate.replace("}", "", 1)), "compile_error")
