"""Cases that call functions in Erlang, where specifications say which lists are texts."""

from __future__ import annotations

import math

import pytest

from crosstune.errors import DataError, UsageError
from crosstune.languages.erlang._calls import plan, specs
from crosstune.records import CallCase, Program, Status
from tests.languages.called import unlike, verdict

CANDIDATE = """-module(solution).
-export([same/1]).
-spec text(string()) -> string().
text(X) -> X.
-spec binary(binary()) -> binary().
binary(X) when is_binary(X) -> X.
-spec numbers([integer()]) -> [integer()].
numbers(X) -> X.
-spec words([string()]) -> [string()].
words(X) -> X.
-spec table(#{string() => {integer(), string() | undefined}}) ->
    #{string() => {integer(), string() | undefined}}.
table(X) -> X.
-spec maybe_text(integer()) -> string() | undefined.
maybe_text(0) -> undefined;
maybe_text(N) -> integer_to_list(N).
-spec either(integer()) -> string() | [integer()] | float().
either(0) -> "ab";
either(1) -> [1, 2];
either(_) -> 2.5.
-spec named(Text :: string(), Pattern :: fun((X) -> X)) -> string() when X :: integer().
named(Text, _) -> Text.
-spec count([string()]) -> #{string() => non_neg_integer()}.
count(Words) -> lists:foldl(fun(W, All) -> maps:update_with(W, fun(N) -> N + 1 end, 1, All) end, #{}, Words).
same(X) -> X.
all(X) -> sets:from_list(X).
fails(0) -> error(badarg);
fails(1) -> throw({gone, 1});
fails(2) -> exit(normal);
fails(3) -> 1 = list_to_integer("2");
fails(X) -> X / 0.
odd(0) -> atom;
odd(1) -> [1 | 2];
odd(_) -> fun() -> 1 end.
deep(0) -> 0;
deep(X) -> 1 + deep(X - 1).
shout(X) -> io:format("hello~n"), X.
"""
TEXTS: list[object] = ["", "a\0b", "日本 😀", "\ud800", '"\\~p']
VALUES: list[object] = [
    *(None, True, False, 0, -5, 2**63 - 1, -(2**63), 2**63, -(2**200), 2**2000, 0.1, -0.0, 5e-324, 1e300),
    *("abc", [], [1, [2.5, "a"], []], (), (1, ("a", None)), {}, {"a": {"b": [1]}, 2: True}, b"\xff\xfe"),
]
RIGHT = [
    *(CallCase("same", [value], value) for value in VALUES),
    *(CallCase("text", [value], value) for value in TEXTS),
    *(CallCase("binary", [value], value) for value in TEXTS),
    CallCase("numbers", [[65, 66]], [65, 66]),
    CallCase("words", [["", "a"]], ["", "a"]),
    CallCase("table", [{"a": (1, None), "": (2, "x")}], {"a": (1, None), "": (2, "x")}),
    CallCase("maybe_text", [0], None),
    CallCase("maybe_text", [12], "12"),
    *(CallCase("either", [at], value) for at, value in enumerate(("ab", [1, 2], 2.5))),
    CallCase("named", ["a", 1], "a"),
    CallCase("count", [["a", "b", "a"]], {"a": 2, "b": 1}),
    CallCase("all", [[1, 1, 2]], {1, 2}),
    *(CallCase("fails", [at], error=kind) for at, kind in enumerate(("badarg", "gone", "exit", "badmatch"))),
    CallCase("fails", [4], error="badarith"),
    CallCase("deep", [100_000], 100_000),
    CallCase("shout", [True], True),
]
WRONG = [
    *(CallCase("same", [1], other) for other in (2, 1.5, "1", None, [1])),
    *(CallCase("text", [given], other) for given, other in (("a", "b"), ("", None), ("A", [65]), ("", []))),
    *(CallCase("same", [given], other) for given, other in ((False, None), (None, False), ([], {}))),
    CallCase("numbers", [[65, 66]], "AB"),
    CallCase("same", [0.1], math.nextafter(0.1, 1)),
    CallCase("same", [2**64], 2**64 + 1),
    CallCase("count", [["a"]], {"a": 2}),
    CallCase("fails", [0], error="badarith"),
    *(CallCase("odd", [x], other) for x, other in ((0, "atom"), (1, [1, 2]), (2, 1))),
]


def test_values_go_there_and_back() -> None:
    found = verdict("erlang", CANDIDATE, CANDIDATE, RIGHT)
    assert unlike(found, RIGHT, Status.PASSED) == []


def test_other_values_are_wrong() -> None:
    found = verdict("erlang", CANDIDATE, CANDIDATE, WRONG)
    assert unlike(found, WRONG, Status.WRONG_ANSWER) == []


@pytest.mark.parametrize(
    ("new", "status"),
    [
        ("same(X) -> halt(X).", Status.INCOMPLETE),
        ("same(X) -> X +.", Status.COMPILE_ERROR),
        ("same(X) -> X", Status.COMPILE_ERROR),
        ("same(_) -> binary:copy(<<65>>, 20000000).", Status.OUTPUT_LIMIT),
        ("same(_) -> exit(self(), kill).", Status.RUNTIME_ERROR),
        ("same(X, Y) -> X + Y.", Status.RUNTIME_ERROR),
    ],
)
def test_other_endings(new: str, status: Status) -> None:
    found = verdict("erlang", f"{new}\n", CANDIDATE, [CallCase("same", [0], 0)])
    assert found.status is status, found


def test_numbers_that_are_not_finite_cannot_be_given() -> None:
    with pytest.raises((DataError, UsageError), match="not finite"):
        verdict("erlang", CANDIDATE, CANDIDATE, [CallCase("same", [[math.nan]], 1)])


@pytest.mark.parametrize(
    ("call", "message"), [("F(1)", "expected a function's name"), ("missing", "not declared")]
)
def test_call_that_cannot_be_made_is_an_error(call: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        plan(Program("p", "erlang", "", declaration=CANDIDATE), (call,))


def test_specifications_are_found() -> None:
    found = specs('-spec f(a.b:c(), "x. y") ->\n    d().\nf(X, Y) -> X. % -spec g() -> h().\n')
    assert found == '-spec f(a.b:c(), "x. y") ->\n    d().'
    assert specs(CANDIDATE).count("-spec") == 9
