"""Rust's tests of methods whose ``self`` is a value: of enums, and of structs with public fields."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Program, Status

VALUES = """
#[derive(Debug, PartialEq, Clone, Copy)]
pub enum Light { Red, Green, Off { since: u32 } }
impl Light {
    pub fn is_on(&self) -> bool { !matches!(self, Light::Off { .. }) }
    pub fn next(self) -> Self {}
}
#[derive(Debug, PartialEq, Clone, Default)]
pub struct Point { pub x: i32, pub names: Vec<String> }
impl Point {
    pub fn at(x: i32) -> Point {}
    pub fn name(&mut self, name: &str) -> usize {}
    pub fn first(&self) -> Option<&String> {}
    pub fn light(&self, light: &Light) -> Option<Light> {}
}
impl<'a> std::ops::Sub<&'a Point> for Point { type Output = i32; fn sub(self, other: &'a Point) -> i32 {} }
"""
VALUE_TESTS = """
#[test]
fn values() {
    assert_eq!(Light::Red.next(), Light::Green);
    assert!(!Light::Green.next().is_on());
    let mut point = Point { x: 3, ..Default::default() };
    assert_eq!(point.name("a"), 1);
    assert_eq!(point.names, ["a"]);
    assert_eq!(point.first(), Some(&"a".to_string()));
    assert_eq!(point.light(&Light::Red), Some(Light::Off { since: 3 }));
    assert_eq!(Point::at(5), Point { x: 5, names: vec![] });
    assert_eq!(point - &Point::at(5), -2);
}
"""
VALUE_RIGHT = """
#[derive(Debug, PartialEq, Clone, Copy)]
pub enum Light { Red, Green, Off { since: u32 } }
impl Light {
    pub fn is_on(&self) -> bool { true }
    pub fn next(self) -> Light { if self == Light::Red { Light::Green } else { Light::Off { since: 0 } } }
}
#[derive(Debug, PartialEq, Clone, Default)]
pub struct Point { pub x: i32, pub names: Vec<String> }
impl Point {
    pub fn at(x: i32) -> Point { Point { x, names: vec![] } }
    pub fn name(&mut self, name: &str) -> usize { self.names.push(name.into()); self.names.len() }
    pub fn first(&self) -> Option<&String> { self.names.first() }
    pub fn light(&self, _: &Light) -> Option<Light> { Some(Light::Off { since: self.x as u32 }) }
}
impl<'b> std::ops::Sub<&'b Point> for Point {
    type Output = i32;
    fn sub(self, other: &'b Point) -> i32 { self.x - other.x }
}
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    if missing := [each.what for each in requirements("rust") if not each.met]:
        pytest.skip(f"Rust cannot be run here: {missing[0]} is missing")
    with Judge(workers=1, isolation="separate") as judge:
        yield judge


def program(candidate: str, tests: str, declaration: str, *names: str) -> Program:
    return Program("1", "rust", candidate, tests, declaration=declaration, entry_points=names)


def judged(judge: Judge, *parts: str) -> Status:
    (verdict,) = judge.run([program(*parts)])
    assert verdict.isolation == "separate", verdict.stderr
    return verdict.status


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("", "", Status.PASSED),
        ("self.names.push(name.into());", "", Status.WRONG_ANSWER),
        ("x, names", "x: x + 1, names", Status.WRONG_ANSWER),
        ("Light::Green }", "Light::Red }", Status.WRONG_ANSWER),
    ],
)
def test_enums_and_public_fields_are_values(judge: Judge, old: str, new: str, status: Status) -> None:
    assert old in VALUE_RIGHT
    candidate = VALUE_RIGHT.replace(old, new) if old else VALUE_RIGHT
    assert judged(judge, candidate, VALUE_TESTS, VALUES, "Light", "Point") is status


@pytest.mark.parametrize("name", ["Light", "Point"])
def test_the_tests_compare_values_by_their_own_rules(judge: Judge, name: str) -> None:
    equal = f"impl PartialEq for {name} {{ fn eq(&self, _: &{name}) -> bool {{ true }} }}"
    lies = (
        VALUE_RIGHT.replace("PartialEq, ", "")
        .replace("self == Light::Red", "true")
        .replace("x, names", "x: 0, names")
    )
    lies += equal.replace(name, "Light") + equal.replace(name, "Point")
    tests = {
        "Light": "#[test] fn lights() { assert_eq!(Light::Green.next(), Light::Off { since: 0 }); }",
        "Point": "#[test] fn points() { assert_eq!(Point::at(5), Point { x: 5, names: vec![] }); }",
    }
    assert judged(judge, lies, tests[name], VALUES, name) is Status.WRONG_ANSWER
