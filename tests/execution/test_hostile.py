"""Hostile programs get their exact verdicts, leave nothing behind and do not affect the next program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from tests.execution.hostile.runner import HostileRunner, Machine
from tests.languages.cases import cases, judged
from tests.languages.kinds import FAMILIES
from tests.languages.skipping import skip_without_tools


class Runners:
    """One judge for each language, with one worker: the next program runs in the same sandbox."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._by_language: dict[str, tuple[Judge, HostileRunner]] = {}

    def of(self, language: str) -> HostileRunner:
        if language not in self._by_language:
            of_language = cases(language)
            skip_without_tools(language)
            judge = Judge().__enter__()
            self._by_language[language] = judge, HostileRunner(of_language, judge, self._machine)
        return self._by_language[language][1]

    def close(self) -> None:
        for judge, _ in self._by_language.values():
            judge.__exit__(None, None, None)


@pytest.fixture(scope="module")
def runners() -> Iterator[Runners]:
    with Machine() as machine:
        opened = Runners(machine)
        yield opened
        opened.close()


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("language", judged())
def test_hostile_programs_do_no_harm(runners: Runners, language: str, family: str) -> None:
    runner = runners.of(language)
    problems = [problem for case in cases(language).of(family) for problem in runner.problems(case)]
    assert problems == []
