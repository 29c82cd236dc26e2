"""Rust: no test is left out, the candidate does not affect the tests, and its crates are found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages.rust import _crates
from crosstune.records import Program, Status
from tests.languages.cases import cases
from tests.languages.plain_way import assert_both_ways_say

RIGHT, WRONG = (cases("rust").by_name[name].candidate for name in ("right_answer", "wrong_answer"))
TESTS = """\
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_add() {
        assert_eq!(add(1, 2), 3);
        assert_eq!(add(-1, 1), 0);
    }
}
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    if missing := [each.what for each in requirements("rust") if not each.met]:
        pytest.skip(f"Rust cannot be run here: {missing[0]} is missing")
    with Judge() as judge:
        yield judge


def status(judge: Judge, candidate: str, tests: str = TESTS) -> Status:
    return next(judge.run([Program("1", "rust", candidate, tests)])).status


def test_comment_between_mark_and_function_does_not_hide_a_test(judge: Judge) -> None:
    tests = TESTS.replace("#[test]", "#[test]\n    // about adding\n    #[allow(unused)]")
    assert status(judge, RIGHT, tests) is Status.PASSED
    assert status(judge, WRONG, tests) is Status.WRONG_ANSWER


@pytest.mark.parametrize("tests", ["mod tests {}\n", f"{TESTS}\n#[test]\nasync fn odd() {{}}\n"])
def test_tests_that_would_not_run_are_an_error(judge: Judge, tests: str) -> None:
    assert status(judge, RIGHT, tests) is Status.HARNESS_ERROR


@pytest.mark.parametrize("mark", ["", "#[macro_export] "])
def test_candidate_macros_do_not_reach_the_tests(judge: Judge, mark: str) -> None:
    macro = "macro_rules! assert_eq { ($($any:tt)*) => {} }\n"
    assert status(judge, f"{mark}{macro}{WRONG}") is Status.WRONG_ANSWER


def test_crate_attributes_stay_first(judge: Judge) -> None:
    assert status(judge, f"// about it\n#![allow(dead_code)]\n#![deny(unused_mut)]\n{RIGHT}") is Status.PASSED


def test_code_that_runs_before_main_finds_no_nonce(judge: Judge) -> None:
    early = """
use std::io::{Read, Write};
#[used]
#[link_section = ".preinit_array"]
static EARLY: extern "C" fn() = early;
extern "C" fn early() {
    let mut report = String::from("passed ");
    let _ = std::fs::File::open("/proc/self/fd/3").and_then(|mut f| f.read_to_string(&mut report));
    let mut options = std::fs::OpenOptions::new();
    let _ = options.write(true).open("/proc/self/fd/4").and_then(|mut f| f.write_all(report.as_bytes()));
    std::process::exit(0);
}
"""
    assert status(judge, WRONG + early) is Status.INCOMPLETE


@pytest.fixture
def no_crates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the crates of another compiler are built."""
    (tmp_path / "0123456789abcdef").mkdir()
    for name in _crates.CRATES:
        (tmp_path / "0123456789abcdef" / f"lib{name}-1.rlib").touch()
    monkeypatch.setenv("CROSSTUNE_RUST_CRATES", str(tmp_path))


@pytest.mark.usefixtures("no_crates")
def test_crate_that_is_not_built_is_not_a_compile_error(judge: Judge) -> None:
    (verdict,) = judge.run([Program("1", "rust", f"use regex::Regex;\n{RIGHT}", TESTS)])
    assert verdict.status is Status.HARNESS_ERROR
    assert (
        "the crate regex, which is not built here. Get it: crosstune doctor rust --install" in verdict.stderr
    )
    assert status(judge, f"use serde::Serialize;\n{RIGHT}") is Status.COMPILE_ERROR
    own = f"mod rand {{ pub fn nothing() {{}} }}\nuse rand::nothing;\n{RIGHT}"
    assert status(judge, own) is Status.PASSED
    tests = TESTS.replace("use super::*;", "use super::*; use rand::Rng;")
    (verdict,) = judge.run([Program("1", "rust", RIGHT, tests)])
    assert verdict.status is Status.HARNESS_ERROR
    assert "the tests need the crate rand" in verdict.stderr
    assert "crosstune doctor rust --install" in verdict.stderr


def test_crates_built_by_this_compiler_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTUNE_RUST_CRATES", str(tmp_path))
    assert not _crates.requirement().met
    _crates.folder().mkdir()
    for name in _crates.CRATES:
        (_crates.folder() / f"lib{name}-1.rlib").touch()
    assert _crates.requirement().met


def test_lint_that_rust_denies_stays_denied(judge: Judge) -> None:
    candidate = "fn add(a: i32, b: i32) -> i32 { let _small: u8 = 256; a + b }\n"
    assert_both_ways_say("compile_error", judge, Program("1", "rust", candidate, TESTS))
