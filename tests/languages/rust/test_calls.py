"""Cases that call functions in Rust: structures, enumerations, results and associated functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.execution import Judge, requirements
from crosstune.records import CallCase, Program, Status

TYPES = """
pub struct Point { pub x: i32, pub y: i32 }
pub struct Meters(pub f64);
pub enum Shape { Circle(i32), Box { w: i32, h: i32 }, Pair(i32, i32), Empty }
pub enum Fault { Negative, Large(i32) }
"""
DECLARATION = (
    TYPES
    + """
fn moved(p: Point, by: i32) -> Point {}
fn twice(m: &Meters) -> Meters {}
fn grown(s: Shape) -> Shape {}
fn root(x: i32) -> Result<i32, String> {}
fn checked(x: i32) -> Result<i32, Fault> {}
fn pair(x: i32) -> Result<(i32, Option<i32>), String> {}
fn all(xs: Vec<i32>) -> Vec<Result<i32, String>> {}
fn half(x: i32) -> Option<i32> {}
struct Solution;
impl Solution { pub fn add(a: i32, b: i32) -> i32 {} pub fn held(&self) -> i32 {} }
"""
)
CANDIDATE = (
    TYPES
    + """
fn moved(p: Point, by: i32) -> Point { Point { x: p.x + by, y: p.y + by } }
fn twice(m: &Meters) -> Meters { Meters(m.0 * 2.0) }
fn grown(s: Shape) -> Shape {
    match s {
        Shape::Circle(r) => Shape::Circle(r + 1),
        Shape::Box { w, h } => Shape::Box { w: w + 1, h: h + 1 },
        Shape::Pair(a, b) => Shape::Pair(b, a),
        Shape::Empty => Shape::Empty,
    }
}
fn root(x: i32) -> Result<i32, String> { if x < 0 { Err(format!("negative: {x}")) } else { Ok(x) } }
fn checked(x: i32) -> Result<i32, Fault> {
    if x < 0 { return Err(Fault::Negative) }
    if x > 9 { Err(Fault::Large(x)) } else { Ok(x) }
}
fn pair(x: i32) -> Result<(i32, Option<i32>), String> { Ok((x, None)) }
fn all(xs: Vec<i32>) -> Vec<Result<i32, String>> { xs.into_iter().map(root).collect() }
fn half(x: i32) -> Option<i32> { if x % 2 == 0 { Some(x / 2) } else { None } }
struct Solution;
impl Solution { pub fn add(a: i32, b: i32) -> i32 { a + b } pub fn held(&self) -> i32 { 1 } }
"""
)
RIGHT = [
    CallCase("moved", [{"x": 1, "y": 2}, 3], {"x": 4, "y": 5}),
    CallCase("moved", [(1, 2), 3], (4, 5)),
    CallCase("twice", [1.5], [3.0]),
    CallCase("grown", [{"Circle": 1}], {"Circle": 2}),
    CallCase("grown", [{"Shape::Box": {"w": 1, "h": 2}}], {"Box": {"w": 2, "h": 3}}),
    CallCase("grown", [{"Pair": [1, 2]}], {"Shape::Pair": (2, 1)}),
    CallCase("grown", ["Empty"], "Empty"),
    CallCase("root", [4], 4),
    CallCase("root", [-4], {"Err": "negative: -4"}),
    CallCase("root", [-4], error="negative: -4"),
    CallCase("root", [-4], error=""),
    CallCase("checked", [-4], error="Negative"),
    CallCase("checked", [-4], error="Fault::Negative"),
    CallCase("checked", [10], {"Err": {"Large": 10}}),
    CallCase("pair", [1], (1, None)),
    CallCase("all", [[1, -1]], [1, {"Err": "negative: -1"}]),
    CallCase("half", [4], 2),
    CallCase("half", [3], None),
    CallCase("Solution::add", [1, 2], 3),
    CallCase("Solution.add", [1, 2], 3),
]
WRONG = [
    CallCase("moved", [{"x": 1, "y": 2}, 3], {"x": 4, "y": 6}),
    CallCase("grown", [{"Circle": 1}], {"Box": 2}),
    CallCase("grown", [{"Circle": 1}], [2]),
    CallCase("grown", [{"Pair": [1, 2]}], {"Pair": [1, 2]}),
    CallCase("grown", ["Empty"], "Circle"),
    CallCase("root", [4], error=""),
    CallCase("root", [-4], -4),
    CallCase("root", [-4], "negative: -4"),
    CallCase("root", [-4], None),
    CallCase("root", [-4], {"Err": "negative"}),
    CallCase("checked", [10], error="Negative"),
    CallCase("checked", [10], {"Err": {"Large": 11}}),
    CallCase("pair", [1], 1),
    CallCase("half", [3], error=""),
]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    if any(not each.met for each in requirements("rust")):
        pytest.skip("Rust cannot be run here")
    with Judge(workers=1) as judge:
        yield judge


def program(cases: list[CallCase]) -> Program:
    return Program("1", "rust", CANDIDATE, cases=tuple(cases), declaration=DECLARATION)


def test_structures_enumerations_and_results(judge: Judge) -> None:
    cases = [*RIGHT, *WRONG]
    (verdict,) = judge.run([program(cases)])
    found: list[Any] = [
        (case.call, case.expected, each.status) for case, each in zip(cases, verdict.cases, strict=False)
    ]
    wanted = [Status.PASSED] * len(RIGHT) + [Status.WRONG_ANSWER] * len(WRONG)
    pairs = zip(cases, wanted, strict=True)
    assert found == [(case.call, case.expected, status) for case, status in pairs], verdict.stderr


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (CallCase("missing", []), "missing, which is not declared"),
        (CallCase("Solution().held", []), "which needs an object"),
        (CallCase("grown", ["Round"]), "'Round' is none of Shape::Circle"),
        (CallCase("moved", [{"x": 1}, 1]), "Point needs the fields x, y"),
    ],
)
def test_refused_calls_say_why(judge: Judge, case: CallCase, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        list(judge.run([program([case, CallCase("half", [4], 2)])]))
