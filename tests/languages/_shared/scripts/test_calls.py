"""Cases that call functions and methods of scripts, and how such calls are planned."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crosstune.errors import DataError
from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.languages._arguments import FREE, DoesNotFit, Likeness
from crosstune.languages._shared.scripts.calls import planner
from crosstune.languages._shared.scripts.characters import CharacterWriter
from crosstune.records import CallCase, Program, Status
from tests.languages.skipping import skip_without_tools

CANDIDATES = {
    "ruby": """def same(x) = x
def fail_(x) = raise(ArgumentError, "no")
def add(xs)
  xs << 4
  1
end
class Box
  def twice(x) = 2 * x
end
""",
    "perl": """sub same { return $_[0] }
sub fail_ { die "no" }
sub add { my ($xs) = @_; push @$xs, 4; return 1 }
my $local = sub { return $_[0] + 1 };
package Box;
sub new { return bless {}, shift }
sub twice { return 2 * $_[1] }
""",
    "lua": """local function same(x) return x end
function fail_(x) error("no") end
local function add(xs) xs[#xs + 1] = 4 return 1 end
Box = {}
Box.__index = Box
function Box.new() return setmetatable({}, Box) end
function Box:twice(x) return 2 * x end
""",
    "php": """<?php
function same($x) { return $x; }
function fail_($x) { throw new ValueError("no"); }
function add(&$xs) { $xs[] = 4; return 1; }
class Box { function twice($x) { return 2 * $x; } }
""",
}
VALUES = [
    *(None, True, False, 0, -5, 2**62, -(2**63), 1.5, float("inf"), 1e-7),
    *("", "a", "05", "日本", "x\0y", "line\nline"),
    *([], [1, 2], [[1], []], [1.5, 2.5], list(range(50)), ["a", "b"], (1, "a"), [1, None, 2]),
    *({"a": 1}, {"a": {"b": [1]}}, {}),
]
WRONG: list[tuple[Any, Any]] = [
    *((1, 2), (0, 1), (1.5, 1.25), ("a", "b"), ("05", "5"), (None, 1), (True, False), (False, True)),
    *(([1], [1, 2]), ([1, 2], [2, 1]), ([1], []), ([], None), ({"a": 1}, {"a": 2}), ({"a": 1}, {"b": 1})),
]


def statuses(judge: Judge, language: str, cases: list[CallCase]) -> list[Status]:
    """The verdicts of a program for each case."""
    skip_without_tools(language)
    candidate = CANDIDATES[language]
    programs = [Program(str(at), language, candidate, "", cases=(case,)) for at, case in enumerate(cases)]
    return [verdict.status for verdict in judge.run(programs)]


@pytest.mark.parametrize("language", CANDIDATES)
def test_values_go_there_and_back(judge: Judge, language: str) -> None:
    found = statuses(judge, language, [CallCase("same", [value], value) for value in VALUES])
    assert [value for value, status in zip(VALUES, found, strict=True) if status is not Status.PASSED] == []


@pytest.mark.parametrize("language", CANDIDATES)
def test_other_values_are_wrong(judge: Judge, language: str) -> None:
    found = statuses(judge, language, [CallCase("same", [value], other) for value, other in WRONG])
    passed = [pair for pair, status in zip(WRONG, found, strict=True) if status is not Status.WRONG_ANSWER]
    assert passed == []


@pytest.mark.parametrize("language", CANDIDATES)
def test_methods_changed_arguments_and_errors(judge: Judge, language: str) -> None:
    cases = [
        CallCase("Box().twice", [4], 8),
        CallCase("add", [[1]], 1, changed=[[1, 4]]),
        CallCase("fail_", [1], None, error=""),
        CallCase("fail_", [1], None),
        CallCase("Box().twice", [4], 9),
        CallCase("add", [[1]], 1, changed=[[1]]),
        CallCase("missing", [1], 1),
    ]
    passed = [status is Status.PASSED for status in statuses(judge, language, cases)]
    assert passed == [True, True, True, False, False, False, False]


def test_functions_in_variables_are_called(judge: Judge) -> None:
    assert statuses(judge, "perl", [CallCase("local", [1], 2), CallCase("local", [1], 3)]) == [
        Status.PASSED,
        Status.WRONG_ANSWER,
    ]


def test_numbers_and_texts_of_perl_are_one_type(judge: Judge) -> None:
    cases = [
        *(CallCase("same", ["5"], 5), CallCase("same", [5], "5"), CallCase("same", [1], True)),
        *(CallCase("same", [""], False), CallCase("same", [2], True), CallCase("same", ["a"], 0)),
    ]
    passed = [status is Status.PASSED for status in statuses(judge, "perl", cases)]
    assert passed == [True, True, True, True, False, False]


def test_plan_names_functions_and_wraps_methods() -> None:
    def wrapper(name: str, owner: str, is_new: bool, method: str) -> str:
        return f"{name} {owner} {is_new} {method}"

    likeness = Likeness(first_key=1)
    program = Program("p", "lua", "candidate", "", declaration="declaration")
    plan = planner(wrapper, FREE, likeness)(program, ("f", "Box().get", "Box.make"))
    assert plan.candidate == ("candidate\ncrosstune_call_1 Box True get\ncrosstune_call_2 Box False make")
    assert [target.function for target in plan.targets.values()] == [
        "f",
        "crosstune_call_1",
        "crosstune_call_2",
    ]
    assert plan.entry_points == ("f", "Box", "crosstune_call_1", "crosstune_call_2")
    assert (plan.declaration, plan.likeness) == ("declaration", likeness)


def test_a_call_that_names_no_function_is_an_error() -> None:
    plan = planner(lambda *_: "", FREE, Likeness())
    with pytest.raises(DataError, match="f\\(1\\)"):
        plan(Program("p", "lua", "", ""), ("f(1)",))


def test_other_names_may_be_those_of_functions() -> None:
    plan = planner(lambda name, *_: name, FREE, Likeness(), re.compile(r"[\w.%-]+\??"))
    found = plan(Program("p", "racket", "", ""), ("is-prime?", "all.of", "box%().get"))
    assert [each.function for each in found.targets.values()] == ["is-prime?", "all.of", "crosstune_call_2"]
    assert found.entry_points == ("is-prime?", "box%", "all.of", "crosstune_call_2")
    with pytest.raises(DataError, match="f g"):
        plan(Program("p", "racket", "", ""), ("f g",))


def test_texts_that_a_language_cannot_have_are_refused() -> None:
    writer = CharacterWriter(zeros=False)
    assert writer.value({"é": ["x"]}, 1) == FREE.value({"é": ["x"]}, 1)
    for value, message in (("\ud800", "surrogate"), (["a\0"], "zero")):
        with pytest.raises(DoesNotFit, match=message):
            writer.value(value, 1)
    assert CharacterWriter().value("\0", 1) == FREE.value("\0", 1)


@pytest.mark.parametrize("language", ["lua", "php", "perl", "ruby"])
def test_long_programs_are_judged(judge: Judge, language: str) -> None:
    """They do not fit into the pipe of the payload."""
    skip_without_tools(language)
    typed = LANGUAGES.load(language).typed
    assert typed is not None
    comment = typed.comment("x" * 40_000)
    candidate = CANDIDATES[language]
    tests = {
        "lua": "assert(same(3) == %d)\n",
        "php": "assert(same(3) === %d);\n",
        "perl": "die 'no' unless main::same(3) == %d;\n",
        "ruby": "raise 'no' unless same(3) == %d\n",
    }[language]
    programs = [Program(str(n), language, candidate + comment, tests % n) for n in (3, 4)]
    found = [verdict.status for verdict in judge.run(programs)]
    assert found == [Status.PASSED, Status.WRONG_ANSWER]
