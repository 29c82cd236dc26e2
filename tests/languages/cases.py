"""Reads a language's test cases from ``<language>/cases.txt``.

All but whole programs solve, or pretend to solve, one task: a function ``add`` of two whole numbers,
which the first test calls with 1 and 2. The file consists of sections, each opened by ``=== NAME``.
These describe the task:

``DECLARATION``  what the function begins with, as a model sees it
``TESTS``        the tests
``PRELUDE``      code in front of every hostile candidate
``CANDIDATE``    the usual hostile candidate; ``ATTACK`` in it becomes the section's code, which the first
                 call runs once, and ``VALUE`` what it returns: ``RIGHT`` or ``WRONG``
``ANY``          what ``:ANY`` becomes in candidates: a type, or nothing
``LIKE``         a language whose sections are used where this file has no section of that name

Every other section is a test case. `kinds` lists the kinds that each language needs:

``=== NAME``
    a hostile attack, put into ``CANDIDATE``; any other program, or an answer, as it is
``=== NAME whole``
    a whole hostile candidate, which follows ``PRELUDE``
``=== NAME: STATUS because REASON``
    here the verdict is another one (``STATUS/build``: the build already ends with it); if ``NAME`` is not a
    kind, the program is hostile and only this language has it
``=== NAME: - because REASON``
    the language cannot express that kind

A line ``--- tests`` in a section is followed by tests of its own. ``«TEXT»*N`` is the text N times.
``OUTSIDE`` is a folder outside the sandbox, ``PORT`` a listening port, ``MARKER`` a number of seconds a
little above 20, which identifies the processes and files of hostile programs.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from crosstune.languages import LANGUAGES
from crosstune.records import Status
from tests.languages.kinds import (
    ANSWERS,
    BROKEN_TESTS,
    EVERYDAY,
    FAMILIES,
    HOSTILE,
    KINDS,
    UNDEFINED_NAMES,
    WHOLE_PROGRAMS,
    Kind,
)

FOLDER = Path(__file__).parent
_HEADING = re.compile(
    r"^=== (?P<name>\w+)(?P<whole> whole)?(?:: (?P<status>[\w/-]+)(?: because (?P<reason>.+))?)?$",
    re.MULTILINE,
)
_REPEATED = re.compile(r"«(.*?)»\*(\d+)", re.DOTALL)
_TASK = ("DECLARATION", "TESTS", "PRELUDE", "CANDIDATE", "RIGHT", "WRONG")
_OPTIONAL = ("ANY", "LIKE")


class CasesError(Exception):
    """A language's file of test cases is missing or incomplete, or a section of it is malformed."""


@dataclass(frozen=True)
class Case:
    """``candidate`` is a model's answer where ``kind`` is one of `ANSWERS`; ``kind`` has the verdict of
    this language; ``reason`` is why that differs, or what a program does that only this language has."""

    name: str
    kind: Kind
    candidate: str
    tests: str
    reason: str


@dataclass(frozen=True)
class Cases:
    """All test cases of a language; ``absent`` maps kinds that it cannot express to the reason."""

    language: str
    declaration: str
    tests: str
    by_name: dict[str, Case]
    absent: dict[str, str]

    def of(self, family: str) -> list[Case]:
        return [case for case in self.by_name.values() if case.kind.family == family]

    @property
    def hostile(self) -> list[Case]:
        return [case for case in self.by_name.values() if case.kind.family in FAMILIES]

    @property
    def solution(self) -> str:
        return self.by_name["right_answer"].candidate


@dataclass(frozen=True)
class _Section:
    text: str
    whole: bool
    status: str
    reason: str


def judged() -> list[str]:
    """The languages that need a file of test cases: those whose candidates run."""
    return [
        name for name, language in LANGUAGES.all().items() if language.judging and not language.judging.inert
    ]


def kinds_of(language: str) -> dict[str, Kind]:
    """The kinds that a language needs: only those with `WholePrograms` need whole programs, and only those
    with `UndefinedNames` need programs for them."""
    if language not in LANGUAGES.names():
        return KINDS
    needless = set() if LANGUAGES.load(language).whole_programs else {*WHOLE_PROGRAMS}
    if not finds_undefined_names(language):
        needless |= {*UNDEFINED_NAMES}
    return {name: kind for name, kind in KINDS.items() if name not in needless}


def finds_undefined_names(language: str) -> bool:
    judging = LANGUAGES.load(language).judging
    return bool(judging and judging.broken_tests and judging.broken_tests.undefined)


def file_of(language: str) -> Path:
    return FOLDER / language.replace("-", "_") / "cases.txt"


@functools.cache
def cases(language: str) -> Cases:
    """
    Raises:
        CasesError: the file is missing or incomplete, or a section has a verdict without a reason.
    """
    sections = _sections(language)
    task = {name: sections.pop(name).text for name in (*_TASK, *_OPTIONAL) if name in sections}
    if missing := [name for name in _TASK if name not in task] + [
        name for name in kinds_of(language) if name not in sections
    ]:
        raise CasesError(_incomplete(language, missing))
    found, absent = {}, {}
    for name, section in sections.items():
        if section.status == "-":
            absent[name] = section.reason
        else:
            found[name] = _case(language, name, section, task)
    optional = HOSTILE.keys() | BROKEN_TESTS.keys()
    if unexplained := [name for name, reason in absent.items() if not reason or name not in optional]:
        raise CasesError(
            f"{file_of(language)}: {', '.join(unexplained)}: only hostile kinds and broken tests may be "
            "absent, with a reason"
        )
    return Cases(language, task["DECLARATION"].rstrip("\n"), task["TESTS"], found, absent)


def _incomplete(language: str, missing: Iterable[str]) -> str:
    return (
        f"{file_of(language)} lacks the sections {', '.join(missing)}. "
        f"Write each as described in {Path(__file__).name}, or `=== NAME: - because REASON` where {language} "
        "cannot express a hostile kind."
    )


def _no_file(language: str) -> str:
    families = {
        "everyday": EVERYDAY,
        "tests": BROKEN_TESTS,
        "undefined names": UNDEFINED_NAMES,
        "whole programs": WHOLE_PROGRAMS,
        "answers": ANSWERS,
        "hostile": HOSTILE,
    }
    needed = {
        name: [kind for kind in kinds if kind in kinds_of(language)] for name, kinds in families.items()
    }
    kinds = "\n".join(f"  {name}: {', '.join(kinds)}" for name, kinds in needed.items() if kinds)
    return (
        f"{file_of(language)} is missing: {language} is judged, so it needs test cases. Write that "
        f"file with the sections {', '.join(_TASK)} and a section for each kind:\n{kinds}\n"
        f"The format is described in {Path(__file__).name}, the kinds in kinds.py."
    )


def _sections(language: str) -> dict[str, _Section]:
    try:
        text = file_of(language).read_text("utf-8")
    except FileNotFoundError:
        raise CasesError(_no_file(language)) from None
    headings = list(_HEADING.finditer(text))
    if len(headings) != sum(line.startswith("===") for line in text.splitlines()):
        raise CasesError(f"{file_of(language)}: a line begins with === but opens no section")
    found: dict[str, _Section] = {}
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    for heading, end in zip(headings, ends, strict=True):
        if heading["name"] in found:
            raise CasesError(f"{file_of(language)}: the section {heading['name']} occurs twice")
        body = _REPEATED.sub(lambda match: match[1] * int(match[2]), text[heading.end() + 1 : end])
        found[heading["name"]] = _Section(
            body, bool(heading["whole"]), heading["status"] or "", heading["reason"] or ""
        )
    if like := found.pop("LIKE", None):
        return {**_sections(like.text.strip()), **found}
    return found


def _case(language: str, name: str, section: _Section, task: dict[str, str]) -> Case:
    kind = _kind(language, name, section)
    code, _, tests = section.text.partition("--- tests\n")
    if kind.family in FAMILIES:
        code = _hostile(code, kind, section.whole, task)
    return Case(
        name, kind, code.replace(":ANY", task.get("ANY", "").rstrip()), tests or task["TESTS"], section.reason
    )


def _hostile(code: str, kind: Kind, whole: bool, task: dict[str, str]) -> str:
    if not whole:
        value = task["WRONG" if kind.answer == "wrong" else "RIGHT"].strip()
        code = task["CANDIDATE"].replace("ATTACK", code.strip()).replace("VALUE", value)
    return task["PRELUDE"] + code


def _kind(language: str, name: str, section: _Section) -> Kind:
    kind = KINDS.get(name)
    expected, _, stage = section.status.partition("/")
    if bool(expected) != bool(section.reason) or not (kind or expected):
        raise CasesError(f"{file_of(language)}: {name} needs both a verdict and a reason, or neither")
    if not expected:
        assert kind is not None
        return kind
    status = Status(expected)
    if kind is None:
        wall_seconds = 3.0 if status is Status.TIMEOUT else 120.0
        kind = Kind(family="forgery", about=section.reason, status=status, wall_seconds=wall_seconds)
    # A build that is to end otherwise has its usual time.
    build_seconds = kind.build_seconds if status is Status.TIMEOUT else 0.0
    stage = stage or ("build" if status is Status.COMPILE_ERROR else "run")
    return replace(kind, status=status, stage=stage, build_seconds=build_seconds)
