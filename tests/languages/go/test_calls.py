"""Cases that call functions in Go: structures, errors and methods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.execution import Judge
from crosstune.records import CallCase, Program, Status
from tests.languages.skipping import skip_without_tools

TYPES = """package main
type Celsius float64
type Point struct { X, Y int }
type Line struct { From, To Point; name string }
type Node struct { Val int; Next *Node }
type List []List
"""
DECLARATION = (
    TYPES
    + """
func Move(p Point, by int) Point {}
func Ends(lines []Line) map[string]Point {}
func Warm(c Celsius) Celsius {}
func Shift(p *Point) *Point {}
func Root(x int) (int, error) {}
func Check(x int) error {}
func Both(x int) (int, string, error) {}
func Sum(n *Node) int {}
func Reversed(n *Node) *Node {}
func Deep(l List) int {}
"""
)
CANDIDATE = (
    TYPES.replace("main\n", 'main\nimport ("errors"; "fmt")\n', 1)
    + """
func Move(p Point, by int) Point { return Point{p.X + by, p.Y + by} }
func Ends(lines []Line) map[string]Point {
	m := map[string]Point{}
	for _, l := range lines { m[l.name] = l.To }
	return m
}
func Warm(c Celsius) Celsius { return c + 1 }
func Shift(p *Point) *Point { if p != nil { p.X++ }; return p }
func Root(x int) (int, error) { if x < 0 { return 0, fmt.Errorf("negative: %d", x) }; return x, nil }
func Check(x int) error { if x > 9 { panic("large") }; return Negative(x) }
func Negative(x int) error { if x < 0 { return errors.New("negative") }; return nil }
func Both(x int) (int, string, error) { return x, "a", nil }
func Sum(n *Node) (sum int) { for ; n != nil; n = n.Next { sum += n.Val }; return }
func Reversed(n *Node) (last *Node) { for n != nil { n.Next, last, n = last, n, n.Next }; return }
func Deep(l List) int { return len(l) }
"""
)
ONE_TWO = {"Val": 1, "Next": {"Val": 2, "Next": None}}
TWO_ONE = {"Val": 2, "Next": {"Val": 1, "Next": None}}
LINE = {"From": [0, 0], "To": {"X": 1, "Y": 2}, "name": "a"}
RIGHT = [
    CallCase("Move", [{"X": 1, "Y": 2}, 3], {"X": 4, "Y": 5}),
    CallCase("Move", [[1, 2], 3], (4, 5)),
    CallCase("Ends", [[LINE]], {"a": {"X": 1, "Y": 2}}),
    CallCase("Warm", [1.5], 2.5),
    CallCase("Shift", [None], None),
    CallCase("Shift", [{"X": 1, "Y": 2}], {"X": 2, "Y": 2}, changed=[{"X": 2, "Y": 2}]),
    CallCase("Root", [4], 4),
    CallCase("Root", [4], (4, None)),
    CallCase("Root", [-4], (0, "negative: -4")),
    CallCase("Root", [-4], error="negative: -4"),
    CallCase("Root", [-4], error=""),
    CallCase("Check", [4], None),
    CallCase("Check", [-4], "negative"),
    CallCase("Check", [-4], error="negative"),
    CallCase("Both", [4], (4, "a")),
    CallCase("Both", [4], (4, "a", None)),
    CallCase("Sum", [ONE_TWO], 3),
    CallCase("Sum", [None], 0),
    CallCase("Reversed", [ONE_TWO], TWO_ONE),
]
WRONG = [
    CallCase("Sum", [ONE_TWO], 1),
    CallCase("Reversed", [ONE_TWO], ONE_TWO),
    CallCase("Move", [{"X": 1, "Y": 2}, 3], {"X": 4, "Y": 6}),
    CallCase("Move", [{"X": 1, "Y": 2}, 3], {"X": 4}),
    CallCase("Move", [{"X": 1, "Y": 2}, 3], "Point"),
    CallCase("Shift", [{"X": 1, "Y": 2}], {"X": 2, "Y": 2}, changed=[{"X": 1, "Y": 2}]),
    CallCase("Root", [4], error=""),
    CallCase("Root", [-4], 0),
    CallCase("Root", [-4], (0, None)),
    CallCase("Root", [-4], (0, "negative: 4")),
    CallCase("Root", [-4], error="negative"),
    CallCase("Check", [-4], None),
    CallCase("Check", [10], error="negative"),
    CallCase("Both", [4], 4),
    CallCase("Both", [4], ("a", None)),
]
STACK = (
    "package main\ntype Stack struct{}\nfunc (s *Stack) Push(v int) int {}\nfunc (s Stack) Size() int {}\n"
)
STACK_RIGHT = """package main
type Stack struct{ all []int }
func (s *Stack) Push(v int) int { s.all = append(s.all, v); return len(s.all) }
func (s Stack) Size() int { return len(s.all) }
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    skip_without_tools("go")
    with Judge(workers=1) as judge:
        yield judge


def statuses(judge: Judge, candidate: str, declaration: str, cases: list[CallCase]) -> list[Any]:
    (verdict,) = judge.run([Program("1", "go", candidate, cases=tuple(cases), declaration=declaration)])
    return [case.status or verdict.stderr for case in verdict.cases] or [verdict.stderr]


def test_structures_and_errors(judge: Judge) -> None:
    found = statuses(judge, CANDIDATE, DECLARATION, [*RIGHT, *WRONG])
    wrong = [Status.WRONG_ANSWER] * len(WRONG)
    assert found == [Status.PASSED] * len(RIGHT) + wrong


@pytest.mark.parametrize("call", ["Stack().Push", "Stack.Push"])
def test_methods_are_called_on_new_objects(judge: Judge, call: str) -> None:
    cases = [
        CallCase(call, [5], 1),
        CallCase(call, [5], 1),
        CallCase("Stack.Size", [], 0),
        CallCase(call, [5], 2),
    ]
    passed = Status.PASSED
    assert statuses(judge, STACK_RIGHT, STACK, cases) == [passed] * 3 + [Status.WRONG_ANSWER]


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (CallCase("Missing", []), "Missing, which is not declared"),
        (CallCase("Deep", [[]]), "type List, which is made of itself"),
        (CallCase("Move", [{"X": 1, "Z": 2}, 1]), "Point needs the fields X, Y"),
        (CallCase("Move", [[1], 1]), "Point needs the fields X, Y"),
        (CallCase("Move", ["a", 1]), "is no Point"),
    ],
)
def test_refused_calls_say_why(judge: Judge, case: CallCase, reason: str) -> None:
    points = ("Deep",) if case.call == "Deep" else ("Move",)
    program = Program("1", "go", CANDIDATE, cases=(case,), declaration=DECLARATION, entry_points=points)
    with pytest.raises(UsageError, match=reason):
        list(judge.run([program]))
