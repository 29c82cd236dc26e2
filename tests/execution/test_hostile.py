"""Hostile programs get their exact verdicts, leave nothing behind and do not affect the next program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from tests.execution.hostile.trial import Machine, Trial
from tests.languages.cases import cases, judged
from tests.languages.kinds import FAMILIES
from tests.languages.skipping import skip_without_tools


class Trials:
    """One judge for each language, with one worker: the next program runs in the same sandbox."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._by_language: dict[str, tuple[Judge, Trial]] = {}

    def of(self, language: str) -> Trial:
        if language not in self._by_language:
            of_language = cases(language)
            skip_without_tools(language)
            judge = Judge().__enter__()
            self._by_language[language] = judge, Trial(of_language, judge, self._machine)
        return self._by_language[language][1]

    def close(self) -> None:
        for judge, _ in self._by_language.values():
            judge.__exit__(None, None, None)


@pytest.fixture(scope="module")
def trials() -> Iterator[Trials]:
    with Machine() as machine:
        opened = Trials(machine)
        yield opened
        opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("language", judged())
def test_hostile_programs_do_no_harm(trials: Trials, language: str, family: str) -> None:
    trial = trials.of(language)
    problems = [problem for case in cases(language).of(family) for problem in trial.faults(case)]
    assert problems == []
