"""Tests that cannot judge any candidate are found where only a language's own tools know it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from crosstune.execution._broken_tests import BrokenTestsFinder, checks_nothing
from crosstune.execution._verdicts import unjudged
from crosstune.languages import BrokenTests
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
        ("run_tests()", False),
    ],
)
def test_checks_nothing(tests: str, nothing: bool) -> None:
    assert checks_nothing(tests, "--") is nothing
