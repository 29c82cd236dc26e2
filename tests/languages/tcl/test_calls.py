"""Cases that call procedures in Tcl, whose values are all texts."""

from __future__ import annotations

import math
from typing import Any

import pytest

from crosstune.languages.tcl import _words
from crosstune.languages.tcl._typed import literal
from crosstune.records import CallCase, Status
from tests.languages.called import unlike, verdict

CANDIDATE = r"""
namespace eval geometry {
    proc area {a b} { return [expr {$a * $b}] }
}
proc same {x} { return $x }
proc is-even? {x} { expr {$x % 2 == 0} }
proc yes {x} { return yes }
proc power {x n} { expr {$x ** $n} }
proc half {x} { expr {$x / 2} }
proc reversed {xs} { lreverse $xs }
proc lengths {words} {
    set found {}
    foreach word $words { dict set found $word [string length $word] }
    return $found
}
proc nothing {x} {}
proc fails {x} { error "no" }
proc throws {x} { throw {MINE more} "no" }
proc divides {x} { expr {1 / $x} }
proc endless {x} { endless $x }
proc odd_braces {x} { return "\{ \" \\ $x" }
proc breaks {x} { return -code break $x }
proc shouts {x} { puts $x; return $x }
proc change {xs} { lset xs 0 7; return 1 }
oo::class create Box {
    method twice {x} { expr {2 * $x} }
}
proc string_of {n} { string repeat a $n }
puts "loaded"
"""
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 2**62, 2**63, -(2**63), -(2**63) - 1, 10**30, -(2**2000)),
    *(1.5, 0.0, -0.0, 5e-324, 1.7e308, math.inf, -math.inf, math.nan),
    *("", "a", "05", "日本 é", "x\0y", '"\\\n', "{", "a} {b", "$x [y]", " a ", "\\", b"", b"\xff\0"),
    *([], [[]], [1, [2.5, "a b", None]], list(range(50)), [0.5] * 20, (1, "a"), ["{", '"', "\\", "a b", ""]),
    *({}, {"a": {"b c": [1]}}, {1: "a"}, set(), {1, 2}, {"a", "b c"}, [True, False]),
]
RIGHT = [
    *(CallCase("same", [value], value) for value in VALUES),
    CallCase("geometry::area", [2, 3], 6),
    CallCase("is-even?", [4], True),
    CallCase("yes", [4], True),
    CallCase("power", [3, 70], 3**70),
    CallCase("half", [7], 3),
    CallCase("half", [7.0], 3.5),
    CallCase("reversed", [["a b", [1, 2]]], [[1, 2], "a b"]),
    CallCase("lengths", [["a b", ""]], {"a b": 3, "": 0}),
    CallCase("nothing", [1], None),
    *(CallCase("fails", [1], error=kind) for kind in ("", "error")),
    CallCase("throws", [1], error="MINE"),
    CallCase("divides", [0], error="ARITH"),
    CallCase("endless", [0], error="TCL"),
    CallCase("odd_braces", ["x"], '{ " \\ x'),
    CallCase("shouts", [3], 3),
    CallCase("change", [[1, 2]], 1, changed=[[1, 2]]),
    CallCase("Box().twice", [4], 8),
]
WRONG = [
    *(CallCase("same", [given], other) for given, other in [(1, 2), (1.5, 1.25), ("a", "b"), ("a", 1)]),
    *(CallCase("same", [given], other) for given, other in [([1, 2], [2, 1]), ([1, 2], [1]), ("{", ["{"])]),
    *(CallCase("same", [given], other) for given, other in [({"a": 1}, {"b": 1}), ([1], {1: 1}), (2, True)]),
    *(CallCase("same", [given], other) for given, other in [([1, 1], {1}), ("x", None), ("05", "5")]),
    CallCase("half", [7], 3.5),
    CallCase("fails", [1], error="MINE"),
    CallCase("change", [[1, 2]], 1, changed=[[7, 2]]),
]
ERRORS = [CallCase("fails", [1], 1), CallCase("missing", [1], 1), CallCase("breaks", [1], 1)]


def test_right_cases_pass() -> None:
    assert unlike(verdict("tcl", CANDIDATE, "", RIGHT), RIGHT, Status.PASSED) == []


def test_wrong_cases_and_errors_fail() -> None:
    found = verdict("tcl", CANDIDATE, "", [*WRONG, *ERRORS])
    statuses = [case.status for case in found.cases]
    wanted = [Status.WRONG_ANSWER] * len(WRONG) + [Status.RUNTIME_ERROR] * len(ERRORS)
    found_and_wanted = zip([*WRONG, *ERRORS], statuses, wanted, strict=True)
    assert [each for each in found_and_wanted if each[1] != each[2]] == []


@pytest.mark.parametrize(
    ("candidate", "status"),
    [
        ("proc same {x} {", Status.COMPILE_ERROR),
        ("error no", Status.RUNTIME_ERROR),
        ("proc same {x} {exit 0}", Status.INCOMPLETE),
        ("proc same {x} {string repeat a 17000000}", Status.OUTPUT_LIMIT),
        (
            "proc same {x} {set f [open /dev/fd/6 wb]; puts -nonewline $f \\0\\0\\0\\1x; close $f}",
            Status.POLICY,
        ),
    ],
)
def test_what_ends_or_answers_badly_is_the_candidates(candidate: str, status: Status) -> None:
    assert verdict("tcl", candidate, "", [CallCase("same", [1], 1)]).status is status


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        (" a  b\n", ["a", "b"]),
        ("{a {b c}} d", ["a {b c}", "d"]),
        ('"a b" {}', ["a b", ""]),
        (r"a\ b \{ \x41\u00e9\n {\n}", ["a b", "{", "Aé\n", r"\n"]),
        ("{a", None),
        ("{a}b", None),
        ('"a', None),
        ("a{b}c", ["a{b}c"]),
        ("{" * 5000, None),
    ],
)
def test_texts_are_read_as_lists(text: str, items: list[str] | None) -> None:
    assert _words.words(text) == items


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), (" -12 ", -12), ("0x1F", 31), ("0b101", 5), ("1e3", 1000.0), (".5", 0.5), ("Inf", math.inf)],
)
def test_texts_are_read_as_numbers(text: str, number: float) -> None:
    assert _words.number(text) == number


@pytest.mark.parametrize("text", ["", "a", "1 2", "1_0", "٣", "5" * 5000, "0x", "1e"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert _words.number(text) is None


def read(text: str, like: Any) -> Any:
    """A word as a value of the type of another one."""
    if isinstance(like, list):
        return [read(each, other) for each, other in zip(_words.words(text) or [], like, strict=True)]
    read_as = {bool: _words.truth, float: _words.number, int: _words.number}
    return read_as[type(like)](text) if type(like) in read_as else text


@pytest.mark.parametrize(
    "value", [[], [1, [2, "a b"]], ["{", "\\", 'say "x"', "", "$"], [[True, 1.5]], "a b"]
)
def test_values_are_written_as_what_they_are(value: Any) -> None:
    (word,) = _words.words(literal([value])[1:-1]) or [""]
    assert read(word, value) == value
