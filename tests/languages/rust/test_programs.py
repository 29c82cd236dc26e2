"""Rust as people write it: what comes with a right function does not make it fail, nor a wrong one pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Program, Status, Verdict

RIGHT = "fn add(a: i32, b: i32) -> i32 { a + b }\n"
WRONG = "fn add(a: i32, b: i32) -> i32 { a - b }\n"
MODULE = """\
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_add() {
        assert_eq!(add(1, 2), 3);
    }
}
"""
FUNCTION = "#[test]\nfn test_add() { assert_eq!(add(1, 2), 3); }\n"
MAIN = "fn main() {\n    let candidate = add;\n    assert_eq!(candidate(1, 2), 3);\n}\n"


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is around the function ``add``, and its tests."""

    before: str = ""
    after: str = ""
    tests: str = MODULE
    standard: str = ""


def calling(body: str) -> str:
    return f"#[test]\nfn test_add() {{ {body} }}\n"


MACROS = """\
macro_rules! cases {
    ($($name:ident: $case:expr,)*) => {
        $(
            #[test]
            fn $name() -> Result<(), String> {
                let (a, b, sum) = $case;
                if add(a, b) == sum { Ok(()) } else { Err(format!("{a} + {b}")) }
            }
        )*
    };
}
cases! { one: (1, 2, 3), two: (-1, 1, 0), }
"""
AROUND = {
    "main that prints": Around(after='fn main() { println!("{}", add(1, 2)); }\n'),
    "main that fails": Around(after='pub fn main() -> Result<(), String> { Err("no".into()) }\n', tests=MAIN),
    "main that never ends": Around(before="fn main() -> ! { loop {} }\n", tests=FUNCTION),
    "main without tests": Around(after="#[cfg(not(test))]\nfn main() {}\n"),
    "main in text": Around(before='// fn main() {\nconst S: &str = r#"#![no_main] fn main() {} /*"#;\n'),
    "comments about the crate": Around(before="//! Adds.\n/*! More. */\n/* a */ #![allow(dead_code)]\n"),
    "no unsafe code": Around(before="#![forbid(unsafe_code)]\n"),
    "documented": Around(before="//! Adds.\n#![deny(missing_docs, unreachable_pub)]\n", tests=FUNCTION),
    "no warnings": Around(before="#![deny(warnings)]\n", after="fn main() { add(1, 2); }\n"),
    "lints with a reason": Around(before='#![deny(unused_mut, reason = "a \\"]\\" b")]\n'),
    "lints of clippy": Around(before="#![warn(clippy::pedantic)]\n#![deny(clippy::all)]\n"),
    "no prelude": Around(before="#![no_implicit_prelude]\n"),
    "no standard library": Around(before="#![no_std]\nextern crate alloc;\nuse alloc::vec::Vec;\n"),
    "library": Around(before='#![crate_type = "lib"]\n#![crate_name = "adder"]\n'),
    "without main": Around(before="#![no_main]\n"),
    "conditional attribute": Around(before="#![cfg_attr(all(), no_main)]\n#![cfg_attr(not(test), no_std)]\n"),
    "interpreter's line": Around(before="#!/usr/bin/env run-cargo-script\n#![allow(unused)]\n"),
    "byte order mark": Around(before="\ufeff#![allow(unused)]\r\n"),
    "own tests": Around(after=MODULE.replace("3", "4").replace("use", "use proptest::prelude::*; use")),
    "own tests elsewhere": Around(after="#[cfg(test)]\nmod tests;\n"),
    "own tests without a condition": Around(after=MODULE.replace("3", "4").replace("#[cfg(test)]\n", "")),
    "own test function": Around(after=FUNCTION.replace("3", "4"), tests=FUNCTION),
    "helper for tests": Around(
        after="#[cfg(test)]\nfn three() -> i32 { 3 }\n", tests=calling("assert_eq!(add(1, 2), three());")
    ),
    "own macro": Around(
        before="macro_rules! sum { ($a:expr, $b:expr) => { add($a, $b) } }\n",
        tests=calling("assert_eq!(sum!(1, 2), 3);"),
    ),
    "exported macro": Around(
        before="#[macro_export]\nmacro_rules! sum { ($a:expr, $b:expr) => { $crate::add($a, $b) } }\n",
        tests=MODULE.replace("add(1, 2)", "sum!(1, 2)"),
    ),
    "the same import": Around(
        before="use std::collections::HashMap;\n",
        tests="use std::collections::HashMap;\n"
        + calling("assert_eq!(HashMap::from([(1, add(1, 2))])[&1], 3);"),
    ),
    "the same helper": Around(
        before="fn check() {}\n",
        tests="fn check(sum: i32) { assert_eq!(add(1, 2), sum); }\n" + calling("check(3);"),
    ),
    "import that the candidate needs": Around(
        before="fn kinds() -> HashSet<i32> { HashSet::new() }\n",
        tests="use std::collections::HashSet;\n"
        + calling("assert_eq!(add(1, 2), 3 + kinds().len() as i32);"),
    ),
    "nested modules": Around(
        tests="mod tests { use super::*; mod deep { use super::super::add; mod deeper { use super::*; "
        "#[test] pub(super) fn t() { assert_eq!(add(1, 2), 3); } } } }\n"
    ),
    "attributes for tools": Around(
        tests="#[rustfmt::skip]\n#[allow(clippy::eq_op)]\nextern crate core as base;\n" + FUNCTION
    ),
    "tests as a file of a module": Around(
        before="use std::fmt;\n", tests="use super::*;\nuse std::fmt;\n" + FUNCTION
    ),
    "type of the tests": Around(
        before="#[derive(PartialEq)]\nstruct W;\nimpl Three for W { fn three(&self) -> i32 { 3 } }\n",
        tests="trait Three { fn three(&self) -> i32; }\n" + calling("assert_eq!(add(1, 2), W.three());"),
    ),
    "raw names": Around(tests="#[r#test]\nfn r#match() { assert_eq!(add(1, 2), 3); }\n"),
    "conditional tests": Around(
        tests='#[cfg(feature = "slow")]\nmod slow { #[test] fn t() { no() } }\n#[cfg(unix)]\n' + FUNCTION
    ),
    "attributes of tests": Around(tests="//! Tests.\n#![allow(unused)]\nuse std::fmt;\n" + FUNCTION),
    "result": Around(
        tests="#[test]\nfn t() -> Result<(), String> {\n"
        'if add(1, 2) == 3 { Ok(()) } else { Err("no".into()) } }\n'
    ),
    "expected panic": Around(
        tests='#[test]\n#[should_panic(expected = r"su" )]\nfn t() { assert_ne!(add(1, 2), 3, "sum"); }\n'
    ),
    "any expected panic": Around(tests="#[test]\n#[should_panic]\nfn t() { assert_ne!(add(1, 2), 3); }\n"),
    "ignored test": Around(tests=FUNCTION + '#[test]\n#[ignore = "slow"]\nfn other() { loop {} }\n'),
    "tests as a program": Around(tests=MAIN),
    "program with a status": Around(
        tests="use std::process;\nfn main() { if add(1, 2) != 3 { process::exit(1); } process::exit(0); }\n"
    ),
    "program that leaves": Around(
        tests="use std::process::exit;\nfn main() { assert_eq!(add(1, 2), 3); exit(0); }\n"
    ),
    "program with a result": Around(
        tests="use std::process::ExitCode;\n"
        "fn main() -> ExitCode { ExitCode::from((add(1, 2) != 3) as u8) }\n"
    ),
    "tests by a macro": Around(tests=MACROS),
    "function by a macro": Around(
        tests="macro_rules! made { ($name:ident) => { fn $name() { assert_eq!(add(1, 2), 3); } } }\n"
        "made!(helper);\n" + calling("helper();")
    ),
    "own comparison": Around(
        before="#[derive(Debug, PartialEq, Clone)]\nstruct W<T>(T);\nfn w() -> Vec<W<i32>> { vec![W(1)] }\n",
        tests="struct Near(i32);\n"
        "impl PartialEq<Near> for i32 { fn eq(&self, n: &Near) -> bool { *self == n.0 } }\n"
        + calling(
            'assert_eq!(w(), [W(1)]); assert!(add(1, 2) == Near(3)); assert!(w() == vec![W(1)], "{}", 1);'
            "assert!(if add(1, 2) == 3 { true } else { false }); assert!(!(w() == vec![W(2)]));"
            'assert!(add(1, 2) == 3 as i32 || panic!("no")); assert!((|x: i32| x == 3)(3));'
            "assert!(matches!(w().as_slice(), [W(1)])); assert!(None == Some(W(1)).filter(|w| w.0 == 2));"
        ),
    ),
    "type named like a standard one": Around(
        before="#[derive(Debug, PartialEq)]\nstruct Box { w: i32 }\n",
        tests=MODULE.replace("add(1, 2), 3", "Box { w: add(1, 2) }, Box { w: 3 }"),
    ),
    "2015": Around(
        before="mod two { pub fn two() -> i32 { 2 } }\nuse two::two;\n"
        "fn b(_: &std::fmt::Debug) { let async = 1; async; }\n",
        standard="2015",
    ),
    "2015 set apart": Around(before="#![forbid(unsafe_code)]\n", tests=MACROS, standard="2015"),
    "2018": Around(before="fn two() -> impl Fn() -> i32 { || 2 }\n", tests=FUNCTION, standard="2018"),
    "2024": Around(
        before='#[derive(PartialEq)]\nstruct W;\n#[unsafe(no_mangle)]\nextern "C" fn own() {}\n',
        tests=MACROS,
        standard="2024",
    ),
}
ADD = "fn add(a: i32, b: i32) -> i32"
COMPILE_ERRORS = {
    "async main": f"async fn main() {{}}\n{RIGHT}",
    "main with parameters": f"fn main(words: Vec<String>) {{}}\n{RIGHT}",
    "two main functions": f"fn main() {{}}\nfn main() {{}}\n{RIGHT}",
    "unstable feature": f"#![feature(box_patterns)]\n{RIGHT}",
    "unknown attribute": f"#![alow(unused)]\n{RIGHT}",
    "forbidden": f"#![forbid(unsafe_code)]\n{ADD} {{ unsafe {{ *(&(a + b) as *const i32) }} }}\n",
    "denied": f"#![deny(warnings)]\n{ADD} {{ let unused = 1; a + b }}\n",
    "attribute after code": f"{RIGHT}#![allow(unused)]\n",
    "crate that nobody has": f"use serde::Serialize;\n{RIGHT}",
    "library that is missing": f'#[link(name = "nowhere")]\nextern "C" {{}}\n{RIGHT}',
}
REFUSED = {
    "#[test]\nfn t() { assert_eq!(add(1, 2), 3; }\n": "the tests do not parse: line 2: mismatched closing",
    f"}}\n\n{MAIN}": "the tests do not parse: line 1: unexpected closing delimiter",
    "#[tokio::test]\nasync fn t() { assert_eq!(add(1, 2), 3); }\n": "need the crate tokio",
    f"use rstest::rstest;\n{FUNCTION}": "need the crate rstest",
    f"extern crate adder;\n{FUNCTION}": "need the crate adder",
    "#[test]\nasync fn t() { assert_eq!(add(1, 2), 3); }\n": "t is async or has parameters",
    f"fn check() {{ assert_eq!(add(1, 2), 3); }}\n{calling('add(1, 2);')}": "no assertion",
    "fn main() { let _sum = add(1, 2); }\n": "no assertion",
    "#[test]\n#[ignore]\nfn t() { assert_eq!(add(1, 2), 3); }\n": "all of them are marked with #[ignore]",
    "mod tests {}\n": "no function is marked with #[test]",
    "macro_rules! m { ($(#[$m:meta])* $n:ident) => { $(#[$m])* fn $n() { assert!(true) } } }\n"
    "m!(#[test] one);\n": "in the arguments of the macro m",
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    if missing := [each.what for each in requirements("rust") if not each.met]:
        pytest.skip(f"Rust cannot be run here: {missing[0]} is missing")
    with Judge(workers=2) as judge:
        yield judge


@pytest.fixture(scope="module")
def verdicts(judge: Judge) -> dict[str, Verdict]:
    """Those of all programs in `AROUND`, with the right and the wrong function."""
    programs = [
        Program(f"{name}, {kind}", "rust", f"{a.before}{add}{a.after}", a.tests, standard=a.standard)
        for name, a in AROUND.items()
        for kind, add in (("right", RIGHT), ("wrong", WRONG))
    ]
    return {verdict.id: verdict for verdict in judge.run(programs)}


@pytest.mark.parametrize("name", AROUND)
def test_surroundings_do_not_decide(verdicts: dict[str, Verdict], name: str) -> None:
    right, wrong = (verdicts[f"{name}, {kind}"] for kind in ("right", "wrong"))
    assert right.status is Status.PASSED, right.stderr
    assert wrong.status in (Status.WRONG_ANSWER, Status.RUNTIME_ERROR), wrong.stderr


@pytest.mark.parametrize("name", COMPILE_ERRORS)
def test_what_rust_refuses_is_the_candidates_fault(judge: Judge, name: str) -> None:
    (verdict,) = judge.run([Program(name, "rust", COMPILE_ERRORS[name], MODULE)])
    assert verdict.status is Status.COMPILE_ERROR


@pytest.mark.parametrize("tests", REFUSED)
def test_tests_that_cannot_judge_are_their_own_fault(judge: Judge, tests: str) -> None:
    for add in (RIGHT, WRONG):
        (verdict,) = judge.run([Program("", "rust", add, tests)])
        assert verdict.status is Status.HARNESS_ERROR
        assert REFUSED[tests] in verdict.stderr


def test_deep_recursion_has_the_stack_of_whole_programs(judge: Judge) -> None:
    deep = "fn depth(n: u64) -> u64 { let v = [n; 4]; if n == 0 { 0 } else { depth(v[3] - 1) + 1 } }\n"
    tests = calling("assert_eq!(depth(200_000), 200_000);")
    assert next(judge.run([Program("", "rust", deep, tests)])).status is Status.PASSED


def test_only_the_tests_may_end_the_program(judge: Judge) -> None:
    tests = "fn main() { assert_eq!(add(1, 2), 3); std::process::exit(0); }\n"
    candidate = f"{ADD} {{ std::process::exit(0) }}\n"
    assert next(judge.run([Program("", "rust", candidate, tests)])).status is Status.INCOMPLETE


def test_verdict_names_the_edition(judge: Judge) -> None:
    (usual,) = judge.run([Program("", "rust", RIGHT, MODULE)])
    (other,) = judge.run([Program("", "rust", RIGHT, MODULE, standard="2018")])
    assert usual.toolchain.endswith("; 2021")
    assert other.toolchain.endswith("; 2018")
