"""TypeScript as people write it: modules, the types of Node.js, names of the browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.execution import Judge
from tests.languages._shared.node.programs import assert_status, programs

PROGRAMS = programs(Path(__file__).with_name("programs.txt"), "typescript")


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_gets_its_verdict(judge: Judge, name: str) -> None:
    assert_status(judge, *PROGRAMS[name])


@pytest.mark.parametrize(("standard", "expected"), [("", "passed"), ("es2022", "compile_error")])
def test_standard_decides_about_the_library(judge: Judge, standard: str, expected: str) -> None:
    program, _ = PROGRAMS["es2023"]
    assert_status(judge, replace(program, standard=standard), expected)


def test_standard_is_part_of_the_toolchain(judge: Judge) -> None:
    program, _ = PROGRAMS["def"]
    (verdict,) = judge.run([replace(program, standard="es2020")])
    assert verdict.toolchain.endswith("; es2020")
