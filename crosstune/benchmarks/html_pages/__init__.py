"""HTML pages: a page is described, and assertions on the parsed document decide.

The problems are this project's own, in the text files of this folder, one for each topic. A problem is opened
by ``=== NAME``; its description is followed by the sections ``--- page`` (a solution), ``--- tests`` (see
`crosstune.languages.html`) and ``--- bug``, a line ``OLD => NEW`` that makes the solution wrong. Lines of a
description are joined, except those that are indented by four spaces. The tests check only what the
description says, so any page that agrees with it passes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.benchmarks._benchmark import Benchmark, with_tests
from crosstune.errors import DataError
from crosstune.records import Problem, Requirement
from crosstune.settings import Settings

_HEADING = re.compile(r"^=== ([a-z0-9-]+)\n", re.MULTILINE)
_SECTIONS = re.compile(
    r"(?P<description>.+?)\n--- page\n(?P<page>.+?)\n--- tests\n(?P<tests>.+?)\n"
    r"--- bug\n(?P<old>.+?) => (?P<new>.+)",
    re.DOTALL,
)
_TASKS = ("synthesize", "fix")


class HtmlPagesSettings(Settings):
    """No settings: the problems come with crosstune."""


def _problems(settings: HtmlPagesSettings, language: str, task: str) -> Sequence[Problem]:  # noqa: ARG001 (the protocol's)
    """
    Raises:
        DataError: the task is unknown.
    """
    BENCHMARK.check(language, task)
    return [_problem(name, sections, task) for name, sections in _rows()]


@functools.cache
def _rows() -> tuple[tuple[str, dict[str, str]], ...]:
    """The names and sections of all problems."""
    return tuple(row for file in sorted(Path(__file__).parent.glob("*.txt")) for row in _rows_of(file))


def _rows_of(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    _, *parts = _HEADING.split(file.read_text("utf-8"))
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        sections = _SECTIONS.fullmatch(text.strip("\n"))
        if sections is None or sections["page"].count(sections["old"]) != 1:
            raise DataError(f"{file}: the problem {name} is incomplete, or its bug does not fit its page")
        yield f"{file.stem}/{name}", sections.groupdict()


def _problem(name: str, sections: dict[str, str], task: str) -> Problem:
    page = sections["page"] + "\n"
    buggy = page.replace(sections["old"], sections["new"])
    description = _unwrapped(sections["description"])
    ask = description if task == "synthesize" else f"This HTML page has a bug. Correct it.\n{description}"
    return Problem(
        id=name,
        benchmark=BENCHMARK.name,
        task=task,
        language="html",
        instruction=ask if task == "synthesize" else f"{ask}\n{buggy}",
        declaration="",
        entry_point="",
        tests=sections["tests"] + "\n",
        canonical=page,
        buggy=buggy,
        extra={"ask": ask, "context": "" if task == "synthesize" else buggy},
    )


def _unwrapped(text: str) -> str:
    """``text`` as one line, in which an indented line is a line of its own."""
    parts = re.split(r"\n?^ {4}(.*)\n?", text, flags=re.MULTILINE)
    return "\n".join(" ".join(part.split("\n")) for part in parts if part)


def _requirements(settings: HtmlPagesSettings, language: str) -> Sequence[Requirement]:  # noqa: ARG001 (the protocol's)
    return []


BENCHMARK = Benchmark(
    name="html-pages",
    title="HTML pages",
    version=3,
    languages=("html",),
    tasks=_TASKS,
    settings=HtmlPagesSettings,
    problems=_problems,
    program=with_tests,
    requirements=_requirements,
)
