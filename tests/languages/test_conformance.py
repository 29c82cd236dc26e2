"""Every language that is run gives the same verdicts for the same kinds of programs."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterator
from types import ModuleType

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status, Verdict
from tests.languages.conformance import KINDS

RUN = [name for name, language in LANGUAGES.all().items() if language.judging]


def programs(name: str) -> ModuleType:
    return importlib.import_module(f"tests.languages.conformance.{name}")


@pytest.fixture(scope="module", params=RUN)
def verdicts(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, Verdict]]]:
    """All verdicts of one language; skips it where its tools are missing."""
    name: str = request.param
    if missing := [each for each in requirements(name) if not each.met]:
        pytest.skip(f"{name} cannot be run here: {missing[0].what} is missing")
    judging = LANGUAGES.load(name).judging
    assert judging is not None
    limits = dataclasses.replace(
        judging.limits, cpu_seconds=2, output_bytes=100_000, memory_bytes=judging.limits.memory_bytes // 2
    )
    found = programs(name)
    asked = [
        Program(kind, name, candidate, found.TESTS, limits=limits)
        for kind, (candidate, _) in found.CASES.items()
    ]
    with Judge(workers=2) as judge:
        yield name, {verdict.id: verdict for verdict in judge.run(asked)}


def test_there_are_languages_to_run() -> None:
    assert {"python", "javascript", "typescript", "c", "cpp", "java", "go", "rust"} <= set(RUN)


@pytest.mark.parametrize("name", RUN)
def test_each_language_has_a_program_of_every_kind(name: str) -> None:
    assert list(KINDS) == list(programs(name).CASES)


@pytest.mark.parametrize("kind", KINDS)
def test_verdict(verdicts: tuple[str, dict[str, Verdict]], kind: str) -> None:
    name, found = verdicts
    expected = programs(name).CASES[kind][1]
    assert expected == found[kind].status, found[kind]


def test_a_failed_build_says_so(verdicts: tuple[str, dict[str, Verdict]]) -> None:
    _, found = verdicts
    assert found["compile_error"].stage == "build"
    assert found["wrong_answer"].stage == "run"
    assert found["compile_error"].stdout + found["compile_error"].stderr


def test_output_is_kept(verdicts: tuple[str, dict[str, Verdict]]) -> None:
    _, found = verdicts
    assert "hello" in found["prints_too"].stdout
    assert found["prints_too"].cpu_seconds > 0
    assert found["prints_too"].peak_bytes > 1 << 20
    assert 0 < len(found["output_flood"].stdout) <= 4096


def test_no_label_is_ours(verdicts: tuple[str, dict[str, Verdict]]) -> None:
    _, found = verdicts
    assert Status.HARNESS_ERROR not in {verdict.status for verdict in found.values()}
