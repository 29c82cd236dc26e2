"""Tests that cannot judge any candidate are found where only a language's own tools know it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from crosstune.execution._broken_tests import BrokenTestsFinder, checks_nothing
from crosstune.execution._verdicts import unjudged
from crosstune.languages import BrokenTests, UndefinedNames
from crosstune.records import Program, Status, Verdict

BROKEN = BrokenTests(
    errors=re.compile(r"(syntax error.*)"),
    missing=re.compile(r"no package (\w+)"),
    imports=re.compile(r"^use (\w+)", re.MULTILINE),
)
PROGRAM = Program("1", "lua", "function add(a, b) return a + b end", "use sums\nassert(add(1, 2) == 3)")
DEFINITIONS = replace(PROGRAM, tests="local function test()\n  assert(add(1, 2) == 3)\nend")


def verdict(stderr: str = "", status: Status = Status.RUNTIME_ERROR) -> Verdict:
    return replace(unjudged(PROGRAM, stderr, "run"), status=status)


def reason(program: Program, with_candidate: Verdict, without: Verdict) -> str:
    asked: list[Program] = []

    def judge(asked_for: Program) -> Verdict:
        asked.append(asked_for)
        return without

    finder = BrokenTestsFinder(judge)
    found = [finder.reason(BROKEN, program, with_candidate) for _ in range(2)]
    assert len(asked) <= 1
    assert all(each.candidate == "-- no candidate\n" for each in asked)
    assert found[0] == found[1]
    return found[0]


def test_the_same_error_without_a_candidate_is_the_tests() -> None:
    same = verdict("tests:3: syntax error near end")
    why = reason(PROGRAM, verdict("tests:9: syntax error near end"), same)
    assert why == "the tests fail with any candidate: syntax error near end"


@pytest.mark.parametrize("without", ["tests:3: syntax error near )", "add is not defined", ""])
def test_a_candidate_cannot_claim_it(without: str) -> None:
    assert reason(PROGRAM, verdict("tests:9: syntax error near end"), verdict(without)) == ""


def test_a_package_is_missing() -> None:
    said = verdict("no package sums")
    assert reason(PROGRAM, said, said) == "the tests fail with any candidate: sums is not installed"


def test_a_package_may_be_named_by_a_part_of_its_path() -> None:
    said = verdict("no package sums")
    paths = replace(BROKEN, imports=re.compile(r"^use ([\w.]+)", re.MULTILINE))
    program = replace(PROGRAM, tests="use org.sums.Test\nassert(add(1, 2) == 3)")
    assert BrokenTestsFinder(lambda _: said).reason(paths, program, said)


@pytest.mark.parametrize(
    "program",
    [
        replace(PROGRAM, declaration="module sums"),
        replace(PROGRAM, entry_points=("sums",)),
        replace(PROGRAM, tests="assert(sums.add(1, 2) == 3)"),
    ],
)
def test_what_the_candidate_has_to_define_is_no_package(program: Program) -> None:
    said = verdict("no package sums")
    assert reason(program, said, said) == ""


def test_tests_that_pass_without_a_candidate_check_nothing() -> None:
    passed = verdict(status=Status.PASSED)
    assert reason(DEFINITIONS, passed, passed).startswith("the tests check nothing: they pass without")
    assert reason(DEFINITIONS, passed, verdict("add is not defined")) == ""
    assert reason(PROGRAM, passed, passed) == ""


@pytest.mark.parametrize(
    ("tests", "nothing"),
    [
        ("", True),
        ("print(add(1, 2))", True),
        ("-- assert(add(1, 2) == 3)\nprint(add(1, 2))", True),
        ("if add(1, 2) ~= 3 then os.exit(1) end", False),
        ("3 = add(1, 2)", False),
        ("true = same(add(1, 2), 3)", False),
        ("result = add(1, 2)", True),
        ("run_tests()", False),
    ],
)
def test_checks_nothing(tests: str, nothing: bool) -> None:
    assert checks_nothing(tests, "--") is nothing


UNDEFINED = BrokenTests(
    undefined=UndefinedNames(message=re.compile(r"(\w+) is undefined"), stub="stub of NAME")
)
ASKED = Program("1", "lua", "candidate", "helper(add(1, 2))", declaration="add", entry_points=("add", "sub"))


def recorder(answer: Verdict) -> tuple[list[Program], Callable[[Program], Verdict]]:
    """What judges, and the programs that it was asked for."""
    asked: list[Program] = []

    def judge(program: Program) -> Verdict:
        asked.append(program)
        return answer

    return asked, judge


def undefined(program: Program, without: Verdict) -> tuple[str, list[Program]]:
    asked, judge = recorder(without)
    return BrokenTestsFinder(judge).reason(UNDEFINED, program, verdict("helper is undefined")), asked


def test_a_function_that_nobody_was_asked_for_is_missing_in_the_tests() -> None:
    why, asked = undefined(ASKED, verdict("helper is undefined"))
    assert why == "the tests call helper, which is not defined, and which nobody was asked for"
    assert [each.candidate for each in asked] == ["stub of add\nstub of sub"]


@pytest.mark.parametrize(
    ("declaration", "given"),
    [
        (
            "#include <cmath>\nusing namespace std;\nint add(int a, int b) {",
            "#include <cmath>\nusing namespace std;\n",
        ),
        ("import Data.List\n\nadd :: Int -> Int -> Int", "import Data.List\n"),
        ("from math import *\n# import this\ndef add(a, b):", "from math import *\n"),
        ("(require racket/list)\n(define (add a b)", "(require racket/list)\n"),
        ("user = add", ""),
    ],
)
def test_what_the_declaration_imports_is_there_without_a_candidate(declaration: str, given: str) -> None:
    _, asked = undefined(replace(ASKED, declaration=declaration), verdict())
    assert [each.candidate for each in asked] == [f"{given}stub of add\nstub of sub"]


@pytest.mark.parametrize(
    "without",
    [
        verdict("add is undefined"),
        verdict(),
        verdict("helper is undefined", Status.INCOMPLETE),
        replace(verdict("helper is undefined"), signal=9),
    ],
)
def test_the_tests_have_to_end_by_it_before_they_call_a_candidate(without: Verdict) -> None:
    assert undefined(ASKED, without)[0] == ""


@pytest.mark.parametrize(
    "program",
    [
        replace(ASKED, declaration=""),
        replace(ASKED, entry_points=()),
        replace(ASKED, entry_points=("add", "helper")),
        replace(ASKED, declaration="add and helper"),
        replace(ASKED, instruction="Write a Helper, too."),
        replace(ASKED, tests="a_helper(add(1, 2))"),
    ],
)
def test_what_may_be_asked_for_is_not_tried(program: Program) -> None:
    assert undefined(program, verdict("helper is undefined")) == ("", [])


def test_a_candidate_cannot_have_any_number_of_names_tried() -> None:
    names = [f"n{number}" for number in range(50)]
    arranged = UndefinedNames(
        message=re.compile(r"(\w+) is undefined"), arranged=lambda program, name: replace(program, setup=name)
    )
    asked, judge = recorder(verdict())
    said = verdict("".join(f"{name} is undefined\n" for name in names))
    program = replace(ASKED, tests=" ".join(names))
    assert BrokenTestsFinder(judge).reason(BrokenTests(undefined=arranged), program, said) == ""
    assert [each.setup for each in asked] == ["n0", "n1", "n2"]


CONTINUED = replace(PROGRAM, tests="\n}\nassert(add(1, 2) == 3)")


def test_tests_that_continue_the_candidate_need_what_was_given() -> None:
    said = verdict("syntax error")
    asked, judge = recorder(said)
    finder = BrokenTestsFinder(judge)
    assert finder.reason(BROKEN, CONTINUED, said) == ""
    assert asked == []
    assert finder.reason(BROKEN, replace(CONTINUED, declaration="object Sums {"), said)
    assert [each.candidate for each in asked] == ["object Sums {"]
