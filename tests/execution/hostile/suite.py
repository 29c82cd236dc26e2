"""Reads the hostile programs of one language from ``<language>.txt``.

A file is sections, each opened by ``=== NAME``. ``TESTS`` are the task's tests, ``SOLUTION`` is a right
candidate, which is run after every other program. ``PRELUDE`` stands before all others, ``ANSWER`` is the
candidate in which ``ATTACK`` is the section's code, run once by the first call, and ``VALUE`` the answer,
``RIGHT`` or ``WRONG``. ``ANY`` is what ``:ANY`` becomes: a type, or nothing. ``LIKE`` names a language whose
sections are taken over where the file has none of that name. All other sections are programs:

``=== NAME``
    the kind of that name: its attack, put into ``ANSWER``
``=== NAME whole``
    the candidate as it stands, after ``PRELUDE``
``=== NAME: LABEL because REASON``
    here the verdict is another one (``LABEL/build``: already when it is built); a ``NAME`` that is no
    kind is a program of this language alone
``=== NAME: - because REASON``
    the language cannot express that kind

A line ``--- tests`` in a section is followed by tests of its own. ``«TEXT»*N`` is the text N times.
``OUTSIDE`` is a folder of the machine, ``PORT`` one of its listening ports, ``MARKER`` a number of
seconds a little above 20, by which its processes and files are known.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from pathlib import Path

from crosstune.records import Status
from tests.execution.hostile.kinds import KINDS, Kind

FOLDER = Path(__file__).parent
_HEAD = re.compile(
    r"^=== (?P<name>\w+)(?P<whole> whole)?(?:: (?P<label>[\w/-]+)(?: because (?P<why>.+))?)?$", re.MULTILINE
)
_TIMES = re.compile(r"«(.*?)»\*(\d+)", re.DOTALL)
_PARTS = ("TESTS", "SOLUTION", "PRELUDE", "ANSWER", "RIGHT", "WRONG", "ANY", "LIKE")


@dataclass(frozen=True)
class Hostile:
    """One program: ``kind`` has the verdict of this language; ``tests`` are the task's or its own."""

    name: str
    kind: Kind
    candidate: str
    tests: str
    why: str


@dataclass(frozen=True)
class Suite:
    """All programs of a language; ``absent`` are the kinds that it cannot express, and why."""

    language: str
    tests: str
    solution: str
    programs: tuple[Hostile, ...]
    absent: dict[str, str]

    def of(self, family: str) -> list[Hostile]:
        return [program for program in self.programs if program.kind.family == family]


@dataclass(frozen=True)
class _Section:
    text: str
    whole: bool
    status: str
    why: str


def languages() -> list[str]:
    """Those that have a suite."""
    return sorted(file.stem for file in FOLDER.glob("*.txt"))


@functools.cache
def suite(language: str) -> Suite:
    """
    Raises:
        ValueError: a section that is neither a kind nor has a verdict, or that lacks a reason.
    """
    sections = _sections(language)
    parts = {name: sections.pop(name).text for name in _PARTS if name in sections}
    answer = functools.partial(_candidate, parts)
    programs, absent = [], {}
    for name, section in sections.items():
        if section.status == "-":
            absent[name] = section.why
        else:
            programs.append(_program(language, name, section, answer(name, section), parts["TESTS"]))
    return Suite(language, parts["TESTS"], parts["SOLUTION"], tuple(programs), absent)


def _sections(language: str) -> dict[str, _Section]:
    text = (FOLDER / f"{language}.txt").read_text("utf-8")
    heads = list(_HEAD.finditer(text))
    if len(heads) != sum(line.startswith("===") for line in text.splitlines()):
        raise ValueError(f"{language}.txt: a line begins with === but opens no section")
    found: dict[str, _Section] = {}
    for head, end in zip(heads, [*(head.start() for head in heads[1:]), len(text)], strict=True):
        if head["name"] in found:
            raise ValueError(f"{language}.txt: {head['name']} stands there twice")
        body = _TIMES.sub(lambda times: times[1] * int(times[2]), text[head.end() + 1 : end])
        found[head["name"]] = _Section(body, bool(head["whole"]), head["label"] or "", head["why"] or "")
    if like := found.pop("LIKE", None):
        return {**_sections(like.text.strip()), **found}
    return found


def _candidate(parts: dict[str, str], name: str, section: _Section) -> str:
    code = section.text.partition("--- tests\n")[0]
    if not section.whole:
        kind = KINDS.get(name)
        value = parts["WRONG" if kind and kind.answer == "wrong" else "RIGHT"].strip()
        code = parts["ANSWER"].replace("ATTACK", code.strip()).replace("VALUE", value)
    return (parts.get("PRELUDE", "") + code).replace(":ANY", parts.get("ANY", "").rstrip())


def _program(language: str, name: str, section: _Section, candidate: str, tests: str) -> Hostile:
    kind = KINDS.get(name)
    told, _, where = section.status.partition("/")
    if bool(told) != bool(section.why) or not (kind or told):
        raise ValueError(f"{language}.txt: {name} needs a verdict of its own and the reason, or neither")
    if told:
        status = Status(told)
        stage = where or ("build" if status is Status.COMPILE_ERROR else "run")
        wall_seconds = 3.0 if status is Status.TIMEOUT else 60.0
        own = Kind(family="forgery", attacks=section.why, status=status, wall_seconds=wall_seconds)
        kind = replace(kind or own, status=status, stage=stage)
    assert kind is not None
    return Hostile(name, kind, candidate, section.text.partition("--- tests\n")[2] or tests, section.why)
