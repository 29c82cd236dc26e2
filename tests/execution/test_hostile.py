"""Hostile programs end with their exact verdict, leave nothing, and change nothing for the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages import LANGUAGES
from tests.execution.hostile.kinds import FAMILIES, KINDS
from tests.execution.hostile.suite import languages, suite
from tests.execution.hostile.trial import Machine, Trial

JUDGED = [name for name, language in LANGUAGES.all().items() if language.judging]


class Trials:
    """One judge for each language, with one worker: what is judged next is the next in its sandbox."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._of: dict[str, tuple[Judge, Trial]] = {}

    def of(self, language: str) -> Trial:
        if missing := [each.what for each in requirements(language) if not each.met]:
            pytest.skip(f"{language} cannot be run here: {missing[0]} is missing")
        if language not in self._of:
            judge = Judge().__enter__()
            self._of[language] = judge, Trial(suite(language), judge, self._machine)
        return self._of[language][1]

    def close(self) -> None:
        for judge, _ in self._of.values():
            judge.__exit__(None, None, None)


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Machine() as machine:
        found = Trials(machine)
        yield found
        found.close()


def test_there_is_a_suite_for_every_language_that_is_judged() -> None:
    assert languages() == sorted(JUDGED)


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 40


@pytest.mark.parametrize("language", JUDGED)
def test_a_language_has_every_kind_or_says_why_not(language: str) -> None:
    found = suite(language)
    has = {program.name for program in found.programs} | set(found.absent)
    assert [name for name in KINDS if name not in has] == []
    assert all(found.absent.values())
    assert set(found.absent) <= set(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("language", JUDGED)
def test_hostile_programs(trials: Trials, language: str, family: str) -> None:
    trial = trials.of(language)
    assert [fault for program in suite(language).of(family) for fault in trial.faults(program)] == []
