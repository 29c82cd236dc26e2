"""Hostile programs end with their exact verdict, and nothing of them is left."""

from __future__ import annotations

import dataclasses
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.execution import Judge, needs
from crosstune.languages import LANGUAGES
from crosstune.records import Label, Program, Verdict
from tests.processes import alive

FOLDER = Path(__file__).parent / "hostile"
_HEAD = re.compile(r"^=== (.*)\n", re.MULTILINE)


class Suite:
    """The programs of one language: ``cases`` by name, each a candidate and its verdict."""

    def __init__(self, file: Path) -> None:
        _, *parts = _HEAD.split(file.read_text("utf-8"))
        sections = dict(zip(parts[::2], parts[1::2], strict=True))
        self.tests, self.solution = sections.pop("TESTS"), sections.pop("SOLUTION")
        self.cases: dict[str, tuple[str, Label]] = {}
        for head, candidate in sections.items():
            name, _, label = head.partition(": ")
            self.cases[name] = (candidate, Label(label))


SUITES = {file.stem: Suite(file) for file in sorted(FOLDER.glob("*.txt"))}
NAMES = [(language, name) for language, suite in SUITES.items() for name in suite.cases]


class Ran:
    """The verdicts of one language's suite, and what is left of it on this machine."""

    def __init__(self, language: str) -> None:
        self.marker = f"9{secrets.randbelow(10**9)}"
        suite, found = SUITES[language], LANGUAGES.load(language)
        assert found.judging is not None
        limits = dataclasses.replace(
            found.judging.limits, cpu_seconds=2, wall_seconds=6, output_bytes=100_000, disk_bytes=48 << 20
        )
        programs = []
        for name, (candidate, _) in suite.cases.items():
            # The same solution after each: a comment makes it another program.
            tests = f"{suite.tests}\n{found.comment} {name}\n"
            given = candidate.replace("MARKER", self.marker)
            programs.append(Program(name, language, given, tests, limits=limits))
            programs.append(Program(f"after {name}", language, suite.solution, tests, limits=limits))
        with Judge(workers=2) as judge:
            self.verdicts = {verdict.id: verdict for verdict in judge.run(programs)}
        self.left = alive(self.marker)


@pytest.fixture(scope="module")
def ran() -> Iterator[dict[str, Ran]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSTUNE_SECRET", "visible")
        yield {language: Ran(language) for language in SUITES if all(need.met for need in needs(language))}


def verdict(ran: dict[str, Ran], language: str, name: str) -> Verdict:
    if language not in ran:
        pytest.skip(f"{language} cannot be run here")
    return ran[language].verdicts[name]


def test_the_suites_are_whole() -> None:
    assert {name: len(suite.cases) for name, suite in SUITES.items()} == {"javascript": 37, "python": 42}


@pytest.mark.parametrize(("language", "name"), NAMES)
def test_verdict(ran: dict[str, Ran], language: str, name: str) -> None:
    found = verdict(ran, language, name)
    assert SUITES[language].cases[name][1] == found.label, found


@pytest.mark.parametrize("language", SUITES)
def test_the_next_solution_passes(ran: dict[str, Ran], language: str) -> None:
    names = [f"after {name}" for name in SUITES[language].cases]
    assert [name for name in names if verdict(ran, language, name).label is not Label.PASSED] == []


@pytest.mark.parametrize("language", SUITES)
def test_no_process_is_left(ran: dict[str, Ran], language: str) -> None:
    verdict(ran, language, "orphan")
    assert ran[language].left == []
