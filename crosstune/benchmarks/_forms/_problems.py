"""From a row to a problem, as the form says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from crosstune.benchmarks import _rows
from crosstune.benchmarks._benchmark import WRONG_SOLUTION
from crosstune.benchmarks._forms._cases import cases_of, check_calls
from crosstune.benchmarks._forms._form import Form, LimitsForm, Texts
from crosstune.benchmarks._forms._template import BadRow, Row, columns, filled, texts, without_closers
from crosstune.languages import LANGUAGES
from crosstune.records import Limits, Problem

_DEFINED = re.compile(r"^\s*(?:async\s+)?(?:def|func|fn|function|class)\s+(\w+)", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_]\w*")
_HEAD = re.compile(r"\(|\.|::")


def problem(form: Form, language: str, row: Row) -> Problem:
    """The problem that ``row`` holds in ``language``.

    Raises:
        BadRow: a column is missing or malformed.
    """
    parts = form.texts(language)
    row = {"language_title": LANGUAGES.load(language).title, **row}
    text = {name: _filled(parts, name, row) for name in ("id", *_TEXTS)}
    tests = without_closers(text["tests"])
    call = _call(form, text, row)
    cases = cases_of(form.cases, row, call) if form.cases else ()
    if not tests.strip() and not cases:
        raise BadRow("it has neither tests nor cases")
    name = identifier(text["id"])
    if columns(parts.entry_point or "") and not text["entry_point"].strip():
        raise BadRow("its entry point is empty")
    found = Problem(
        id=name,
        benchmark=form.name,
        task="synthesize",
        language=language,
        instruction=text["instruction"],
        declaration=text["declaration"],
        entry_point=text["entry_point"] or (_HEAD.split(call)[0] if cases else _entry_point(text, tests)),
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
        comparison=form.comparison.comparison(filled(form.comparison.source, row), calls=bool(call)),
        limits=limits(form.limits, language),
        stops=tuple(texts(parts.stops, row)) if isinstance(parts.stops, str) else parts.stops or (),
    )
    check_calls(found)
    return found


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


def _call(form: Form, text: Mapping[str, str], row: Row) -> str:
    """What the cases call, such as ``add`` or ``Solution().add``; empty if they are runs of a whole program.

    Raises:
        BadRow: it is not known.
    """
    if form.cases is None or not form.cases.calls:
        return ""
    try:
        given = filled(form.cases.call, row).strip() or text["entry_point"].strip()
    except BadRow as error:
        raise BadRow(f"cases.call: {error}") from None
    code = text["declaration"] or text["solution"]
    found = given or _entry_point(text, code)
    if not found:
        raise BadRow("no function is named that the cases call: give entry_point, or cases.call, in the form")
    return found


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
