"""Cases that call functions in CoffeeScript, whose values are JavaScript's."""

from __future__ import annotations

import math
from typing import Any

import pytest

from crosstune.execution import Judge
from crosstune.records import CallCase, Program, Status
from tests.languages.called import unlike, verdict
from tests.languages.skipping import skip_without_tools

CANDIDATE = r"""
same = (x) -> x
add = (xs) ->
  xs.push 4
  1
nothing = (x) ->
  return
fails = (x) -> throw new RangeError "no"
big = (x) -> BigInt(x) ** 70n
lengths = (words) -> new Map([w, w.length] for w in words)
set$of = (xs) -> new Set xs
later = (x) -> await Promise.resolve x
deep = (n) ->
  found = []
  found = [found] for i in [1..n]
  found
remainder = (a, b) -> a %% b
größe = (text) -> text.length
console.log "loaded"
class Box
  @made: (x) -> x + 1
  twice: (x) -> 2 * x
"""
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 2**53, 2**62 + 1, -(2**63), 10**30, 1.5, -0.0, 5e-324, math.inf, -math.inf),
    *(math.nan, "", "a", "05", "日本 😀", "x\0y", "\ud800", '"\\\n', [], [[]], [1, [2.5, "a", None]]),
    *([0.5] * 20, (1, "a"), {}, {"a": {"b": [1]}}, {1: "a"}, {1, 2}, b"\xff\0"),
]
RIGHT = [
    *(CallCase("same", [value], value) for value in VALUES),
    CallCase("add", [[1]], 1, changed=[[1, 4]]),
    CallCase("nothing", [1], None),
    *(CallCase("fails", [1], error=kind) for kind in ("", "RangeError")),
    CallCase("big", [3], 3**70),
    CallCase("lengths", [["a", "bc"]], {"a": 1, "bc": 2}),
    CallCase("set$of", [[1, 2, 1]], {1, 2}),
    CallCase("later", [1], 1),
    CallCase("remainder", [-1, 5], 4),  # with a function of CoffeeScript's own
    CallCase("Box().twice", [4], 8),
    CallCase("Box.made", [4], 5),
]
UNLIKE: list[tuple[Any, Any]] = [
    *((1, 2), (1.5, 1.25), ("a", "b"), ("1", 1)),
    *(([1, 2], [2, 1]), ([], None), ({"a": 1}, {})),
]
WRONG: list[CallCase] = [
    *(CallCase("same", [given], other) for given, other in UNLIKE),
    CallCase("add", [[1]], 1, changed=[[1]]),
    CallCase("big", [3], 3**70 + 1),
    CallCase("deep", [300], []),
    CallCase("fails", [1], error="TypeError"),
]
ERRORS = [CallCase("fails", [1], 1), CallCase("missing", [1], 1)]


def test_right_cases_pass() -> None:
    assert unlike(verdict("coffeescript", CANDIDATE, "", RIGHT), RIGHT, Status.PASSED) == []


def test_tests_see_what_is_declared_before_functions_of_the_language() -> None:
    code = "remainder = (a, b) -> a %% b\ngröße = (text) -> text.length\n"
    tests = "throw new Error 'no' unless remainder(-1, 5) is 4 and größe('abc') is 3\n"
    skip_without_tools("coffeescript")
    with Judge(workers=1) as judge:
        found = next(judge.run([Program("p", "coffeescript", code, tests)]))
    assert found.passed, found


def test_wrong_cases_and_errors_fail() -> None:
    found = verdict("coffeescript", CANDIDATE, "", [*WRONG, *ERRORS])
    statuses = [case.status for case in found.cases]
    wanted = [Status.WRONG_ANSWER] * len(WRONG) + [Status.RUNTIME_ERROR] * len(ERRORS)
    found_and_wanted = zip([*WRONG, *ERRORS], statuses, wanted, strict=True)
    assert [each for each in found_and_wanted if each[1] != each[2]] == []


@pytest.mark.parametrize(
    ("candidate", "status"),
    [
        ("same = (x) -> (", Status.COMPILE_ERROR),
        ("throw new Error 'no'", Status.RUNTIME_ERROR),
        ("same = (x) -> process.exit 0", Status.INCOMPLETE),
        ("same = (x) -> 'a'.repeat 17000000", Status.OUTPUT_LIMIT),
        ("same = (x) -> require('fs').writeSync 6, Buffer.from [0, 0, 0, 1, 120]", Status.POLICY),
    ],
)
def test_what_ends_or_answers_badly_is_the_candidates(candidate: str, status: Status) -> None:
    assert verdict("coffeescript", candidate, "", [CallCase("same", [1], 1)]).status is status
