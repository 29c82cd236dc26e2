"""From a row to a problem, as the form says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from crosstune.benchmarks import _rows
from crosstune.benchmarks._benchmark import WRONG_SOLUTION
from crosstune.benchmarks._forms._form import CasesForm, Form, LimitsForm, Texts
from crosstune.benchmarks._forms._template import BadRow, Row, columns, filled, texts, value, without_closers
from crosstune.languages import LANGUAGES
from crosstune.records import Case, Limits, Problem

_DEFINED = re.compile(r"^\s*(?:async\s+)?(?:def|func|fn|function|class)\s+(\w+)", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_]\w*")


def problem(form: Form, language: str, row: Row) -> Problem:
    """The problem that ``row`` holds in ``language``.

    Raises:
        BadRow: a column is missing or malformed.
    """
    parts = form.texts(language)
    row = {"language_title": LANGUAGES.load(language).title, **row}
    text = {name: _filled(parts, name, row) for name in ("id", *_TEXTS)}
    tests = without_closers(text["tests"])
    cases = _cases(form.cases, row) if form.cases else ()
    if not tests.strip() and not cases:
        raise BadRow("it has neither tests nor cases")
    name = identifier(text["id"])
    if columns(parts.entry_point or "") and not text["entry_point"].strip():
        raise BadRow("its entry point is empty")
    return Problem(
        id=name,
        benchmark=form.name,
        task="synthesize",
        language=language,
        instruction=text["instruction"],
        declaration=text["declaration"],
        entry_point=text["entry_point"] or ("" if cases else _entry_point(text, tests)),
        tests=tests,
        setup=text["setup"],
        canonical=text["solution"],
        buggy=text["buggy"],
        defect=reason(form.defects, language, name),
        standard=text["standard"],
        given_code=text["given"] or text["declaration"],
        extra={
            **{key: text[name] for key, name in _OWN_PROMPTS.items() if text[name]},
            **({WRONG_SOLUTION: wrong} if (wrong := reason(form.wrong_solutions, language, name)) else {}),
        },
        cases=cases,
        comparison=form.comparison.comparison(filled(form.comparison.source, row)),
        limits=limits(form.limits, language),
        stops=tuple(texts(parts.stops, row)) if isinstance(parts.stops, str) else parts.stops or (),
    )


_TEXTS = (
    *("instruction", "declaration", "entry_point", "tests", "solution", "buggy", "setup", "standard"),
    *("given", "message", "continues"),
)
_OWN_PROMPTS = {"message": "message", "completion": "continues"}
"""The keys of a problem's ``extra`` with the benchmark's own prompts, and the form's."""


def identifier(name: str) -> str:
    """The id of a row.

    Raises:
        BadRow: it is empty.
    """
    if not name.strip():
        raise BadRow("its id is empty")
    return name


def reason(reasons: Mapping[str, str], language: str, name: str) -> str:
    """The reason that a list of known defects gives for a row; empty: it has none."""
    return reasons.get(f"{language}/{name}", reasons.get(name, ""))


def _filled(parts: Texts, name: str, row: Row) -> str:
    try:
        return filled(getattr(parts, name) or "", row)
    except BadRow as error:
        raise BadRow(f"{name}: {error}") from None


def _entry_point(text: Mapping[str, str], tests: str) -> str:
    """The name that the tests call: the last one that the declaration (or else the solution) defines."""
    found = _rows.entry_point({"declaration": text["declaration"], "test": tests})
    tested = set(_WORD.findall(tests))
    defined = [name for name in _DEFINED.findall(text["solution"]) if name in tested]
    return found or (defined[-1] if defined else "")


def limits(form: LimitsForm, language: str) -> Limits | None:
    """The language's limits with those of the form; None if it has none."""
    given = form.model_dump(exclude_none=True)
    judging = LANGUAGES.load(language).judging
    if not given or judging is None:
        return None
    usual = judging.limits
    if "wall_seconds" not in given and "cpu_seconds" in given:  # the backstop stays as far behind as it was
        given["wall_seconds"] = usual.wall_seconds - usual.cpu_seconds + given["cpu_seconds"]
    return replace(usual, **given)


def _cases(form: CasesForm, row: Row) -> tuple[Case, ...]:
    return tuple(cases(value(form.list.strip("{}"), row), form.stdin, form.stdout))


def _paired(inputs: Any, outputs: Any, stdin: str, stdout: str) -> list[Any]:
    """
    Raises:
        BadRow: they are not two lists of the same length.
    """
    if not isinstance(inputs, list) or not isinstance(outputs, list) or len(inputs) != len(outputs):
        raise BadRow(
            f"expected a list of cases, or an object with lists {stdin!r} and {stdout!r} of the same length"
        )
    return [{"0": read, "1": printed} for read, printed in zip(inputs, outputs, strict=True)]


def cases(found: Any, stdin: str, stdout: str) -> Iterator[Case]:
    """The cases in ``found``, a list of objects, an object with two lists, or the JSON of either.

    Raises:
        BadRow: it is none, it is empty, or a case lacks its texts; the message has the number of the case.
    """
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except (ValueError, RecursionError) as error:
            raise BadRow(f"the cases are not JSON: {error}") from None
    if isinstance(found, Mapping):
        found, stdin, stdout = _paired(value(stdin, found), value(stdout, found), stdin, stdout), "0", "1"
    if not isinstance(found, list) or not found:
        raise BadRow(f"expected a list of cases, found {found!r:.40}")
    for number, each in enumerate(found, 1):
        read, printed = (value(key, each) if isinstance(each, Mapping) else None for key in (stdin, stdout))
        if not isinstance(read, str) or not isinstance(printed, str):
            raise BadRow(f"case {number}: expected texts {stdin!r} and {stdout!r}, found {each!r:.60}")
        yield Case(read, printed)
