"""Rust's tests that see more of a candidate than values share a process with it."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages.rust import _separate
from crosstune.records import Program, Status

USES = "use std::{cell::*, rc::Rc, sync::atomic::*};\n"
ROWS = USES + "fn rows(n: usize) -> Vec<Rc<RefCell<Vec<i32>>>> {"
ROWS_TESTS = "let m = rows(2); m[0].borrow_mut()[0] = 1; assert_eq!(m[1].borrow()[0], 0);"
SHARED = {
    "rows of cells": (ROWS, ROWS_TESTS),
    "a borrowed cell": (
        USES + "fn bump(c: &Cell<i32>) {",
        "let c = Cell::new(1); bump(&c); assert_eq!(c.get(), 2);",
    ),
    "a counted cell": (
        USES + "fn bump(c: Rc<RefCell<i32>>) {",
        "assert_eq!(bump(Rc::new(RefCell::new(1))), ());",
    ),
    "a cell in a record": (
        USES + "pub struct P { pub c: Rc<Cell<i32>> }\nfn bump(p: &P) {",
        "let p = P { c: Rc::new(Cell::new(1)) }; bump(&p); assert_eq!(p.c.get(), 2);",
    ),
    "the only owner": (USES + "fn keep(v: i32) -> Rc<i32> {", "assert!(Rc::try_unwrap(keep(1)).is_ok());"),
    "an address": ("fn first(v: &[i32]) -> &i32 {", 'assert_eq!(format!("{:p}", first(&[1])), "");'),
    "a raw pointer": ("fn first(v: &[i32]) -> &i32 {", "assert!(!(first(&[1]) as *const i32).is_null());"),
    "a counter": (
        USES + "static CALLS: AtomicUsize = AtomicUsize::new(0);\nfn hit() {",
        "hit(); assert_eq!(CALLS.load(Ordering::SeqCst), 1);",
    ),
    "a mutable static": ("static mut N: i32 = 0;\nfn hit() {", "hit(); assert_eq!(unsafe { N }, 1);"),
    "a mutable reference": (
        "struct S { v: Vec<i32> }\nimpl S { fn new() -> S {}\n fn all(&mut self) -> &mut Vec<i32> {} }",
        "let mut s = S::new(); s.all().push(1); assert_eq!(s.all().len(), 1);",
    ),
}
APART = {
    "an owned cell": (USES + "fn made(v: i32) -> RefCell<i32> {", "let c = made(1); *c.borrow_mut() += 1;"),
    "a counted value": (USES + "fn keep(v: i32) -> Rc<i32> {", "assert_eq!(*keep(1), 1);"),
    "a constant": (
        'static NAMES: [&str; 1] = ["a"];\nfn name() -> &\'static str {',
        "assert_eq!(name(), NAMES[0]);",
    ),
    "an owned list": (
        "fn list() -> Vec<Vec<i32>> {",
        "let mut m = list(); m[0].push(1); assert_eq!(m[1].len(), 0);",
    ),
}


def program(declaration: str, body: str, candidate: str = "") -> Program:
    tests = f"#[cfg(test)] mod tests {{ use super::*; #[test] fn it() {{ {body} }} }}"
    name = declaration.rpartition("fn ")[2].partition("(")[0]
    name = "S" if "struct S" in declaration else name
    return Program("1", "rust", candidate, tests, declaration=declaration, entry_points=(name,))


@pytest.mark.parametrize("name", SHARED)
def test_tests_that_share(name: str) -> None:
    assert _separate.SEPARATE.why_shared(program(*SHARED[name]))


@pytest.mark.parametrize("name", APART)
def test_tests_that_run_apart(name: str) -> None:
    assert _separate.SEPARATE.why_shared(program(*APART[name])) == ""


def test_a_result_may_be_of_a_type_that_the_candidate_is_to_define() -> None:
    if any(not each.met for each in requirements("rust")):
        pytest.skip("Rust cannot be run here")
    own = "#[derive(Debug, PartialEq)] pub enum Found { Number(i32) }\n"
    right = own + "fn found(n: i32) -> Found { Found::Number(n) }"
    asked = program("fn found(n: i32) -> Found {", "assert_eq!(found(1), Found::Number(1));", right)
    with Judge(1) as judge:
        assert [verdict.status for verdict in judge.run([asked])] == [Status.PASSED]


def test_rows_that_are_one_do_not_pass() -> None:
    if any(not each.met for each in requirements("rust")):
        pytest.skip("Rust cannot be run here")
    right = ROWS + " (0..n).map(|_| Rc::new(RefCell::new(vec![0]))).collect() }"
    wrong = ROWS + " vec![Rc::new(RefCell::new(vec![0])); n] }"
    with Judge(workers=1) as judge:
        verdicts = list(judge.run(program(ROWS, ROWS_TESTS, each) for each in (right, wrong)))
    assert [each.status for each in verdicts] == [Status.PASSED, Status.WRONG_ANSWER]
