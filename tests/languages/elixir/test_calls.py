"""Cases that call functions in Elixir."""

from __future__ import annotations

import math

import pytest

from crosstune.errors import DataError, UsageError
from crosstune.languages.elixir._calls import plan
from crosstune.records import CallCase, Program, Status
from tests.languages.called import unlike, verdict

CANDIDATE = """defmodule Solution.Point do
  defstruct x: 1
end

defmodule Solution do
  @doc "Not one: def same(x, y) do"
  def same(x), do: x
  def add(x, y \\\\ 1) do
    if x > 0 do
      x + y
    else
      Enum.reduce([x], y, fn a, b -> a + b end)
    end
  end
  def count(words), do: Enum.frequencies(words)
  def all(x), do: MapSet.new(x)
  def range(x), do: 1..x
  def empty?(x), do: x == []
  def fails(x) do
    if x == 0, do: raise(ArgumentError, "no"), else: 1 / (x - 1)
  end
  def leaves(x) do
    if x == 0, do: throw(:gone), else: exit(:normal)
  end
  def own(x), do: raise(Solution.Own, x: x)
  def odd(0), do: :atom
  def odd(1), do: [1 | 2]
  def odd(2), do: fn -> 1 end
  def odd(3), do: %Solution.Point{}
  def odd(4), do: 'abc'
  def deep(0), do: 0
  def deep(x), do: 1 + deep(x - 1)
  def shout(x) do
    IO.puts("hello")
    x
  end
end

defmodule Solution.Own do
  defexception [:x]
  def message(_), do: raise "none"
end

defmodule Other.Names do
  def other(x), do: x
end
"""
VALUES: list[object] = [
    *(None, True, False, 0, -5, 2**63 - 1, -(2**63), 2**63, -(2**200), 2**2000),
    *(0.1, -0.0, 5e-324, 1e300, "", "a\0b", "日本 😀", "\ud800", "\udfff\ud800", '"\\#{x}'),
    *([], [1, [2.5, "a"], []], (), (1, ("a", None)), {}, {"a": {"b": [1]}, 2: True}, set(), {"a", 1}),
    *([0, 65, 66], b"\xff\xfe"),
]
RIGHT = [
    *(CallCase("same", [value], value) for value in VALUES),
    CallCase("Solution.add", [1, 2], 3),
    CallCase("add", [-1, 2], 1),
    CallCase("count", [["a", "b", "a"]], {"a": 2, "b": 1}),
    CallCase("all", [[1, 1, 2]], {1, 2}),
    CallCase("range", [3], [1, 2, 3]),
    CallCase("empty?", [[]], True),
    CallCase("Other.Names.other", [1], 1),
    CallCase("fails", [0], error="ArgumentError"),
    CallCase("fails", [1], error="ArithmeticError"),
    CallCase("leaves", [0], error="throw"),
    CallCase("leaves", [1], error="exit"),
    CallCase("own", [1], error="Own"),
    CallCase("deep", [100_000], 100_000),
    CallCase("shout", [True], True),
]
WRONG = [
    *(CallCase("same", [1], other) for other in (2, 1.5, "1", None, [1])),
    *(CallCase("same", [given], other) for given, other in (("a", "b"), (None, ""), ("", None), ([], {}))),
    *(CallCase("same", [given], other) for given, other in ((False, None), (None, False), ("a", b"a"))),
    CallCase("same", [0.1], math.nextafter(0.1, 1)),
    CallCase("same", [2**64], 2**64 + 1),
    CallCase("same", [{"a": [1]}], {"a": [2]}),
    CallCase("all", [[1, 2]], {1}),
    CallCase("fails", [0], error="RuntimeError"),
    *(CallCase("odd", [x], other) for x, other in ((0, "atom"), (1, [1, 2]), (2, 1), (3, {"x": 1}))),
    CallCase("odd", [4], "abc"),
]


def test_values_go_there_and_back() -> None:
    found = verdict("elixir", CANDIDATE, CANDIDATE, RIGHT)
    assert unlike(found, RIGHT, Status.PASSED) == []


def test_other_values_are_wrong() -> None:
    found = verdict("elixir", CANDIDATE, CANDIDATE, WRONG)
    assert unlike(found, WRONG, Status.WRONG_ANSWER) == []


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("def same(x), do: x", "def same(x), do: System.halt(x)", Status.INCOMPLETE),
        ("def same(x), do: x", "def same(x), do: x +", Status.COMPILE_ERROR),
        ("def same(x), do: x", "def same(_), do: String.duplicate(<<65>>, 20_000_000)", Status.OUTPUT_LIMIT),
        ("def same(x), do: x", "def same(_), do: Process.exit(self(), :kill)", Status.RUNTIME_ERROR),
        ("def same(x), do: x", "def same(x, y), do: x + y", Status.RUNTIME_ERROR),
    ],
)
def test_other_endings(old: str, new: str, status: Status) -> None:
    assert old in CANDIDATE
    found = verdict("elixir", CANDIDATE.replace(old, new), CANDIDATE, [CallCase("same", [0], 0)])
    assert found.status is status, found


def test_numbers_that_are_not_finite_cannot_be_given() -> None:
    with pytest.raises((DataError, UsageError), match="not finite"):
        verdict("elixir", CANDIDATE, CANDIDATE, [CallCase("same", [[math.inf]], 1)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("f(1)", "expected a function's name"),
        ("missing", "not declared"),
        ("Own.same", "declared in Solution"),
    ],
)
def test_call_that_cannot_be_made_is_an_error(call: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        plan(Program("p", "elixir", "", declaration=CANDIDATE), (call,))
