"""From a row to a problem, as the form says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from crosstune.benchmarks import _rows
from crosstune.benchmarks._benchmark import WRONG_SOLUTION
from crosstune.benchmarks._forms._amounts import SIZES, TIMES, amount
from crosstune.benchmarks._forms._cases import cases_of, check_calls
from crosstune.benchmarks._forms._form import Form, LimitsForm, Texts
from crosstune.benchmarks._forms._template import BadRow, Row, columns, filled, texts, without_closers
from crosstune.languages import LANGUAGES, Language
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
    _check_asked(parts, text)
    target = LANGUAGES.load(language)
    tests = without_closers(text["tests"])
    call = _call(form, text, row, language)
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
        instruction=text["instruction"] or f"Complete this {target.title} code.",
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
            **({"message": text["message"]} if text["message"] else {}),
            **({"completion": continues} if (continues := _continued(text, target)) else {}),
            **({WRONG_SOLUTION: wrong} if (wrong := reason(form.wrong_solutions, language, name)) else {}),
        },
        cases=cases,
        comparison=form.comparison.comparison(filled(form.comparison.source, row), calls=bool(call)),
        limits=limits(form.limits, language, row),
        stops=tuple(texts(parts.stops, row)) if isinstance(parts.stops, str) else parts.stops or (),
    )
    check_calls(found)
    return found


_TEXTS = (
    *("instruction", "declaration", "entry_point", "tests", "solution", "buggy", "setup", "standard"),
    *("given", "message", "continues"),
)
_PROMPTS = ("instruction", "declaration", "message", "continues")
_COMMENTS = ("/*", '"""', "'''", "(*", "{-", "#|")


def _check_asked(parts: Texts, text: Mapping[str, str]) -> None:
    """
    Raises:
        BadRow: all texts that a model could be asked with are empty.
    """
    given = [name for name in _PROMPTS if getattr(parts, name)]
    if given and not any(text[name].strip() for name in given):
        raise BadRow(f"it asks nothing: {' and '.join(given)} empty")


def _continued(text: Mapping[str, str], language: Language) -> str:
    """What a base model continues instead of the declaration: that alone says what is asked for only in a
    comment or a docstring."""
    declaration = text["declaration"]
    described = any(mark in declaration for mark in (language.line_comment, *_COMMENTS))
    if text["continues"] or not declaration.strip() or described or not text["instruction"].strip():
        return text["continues"]
    return f"{text['instruction'].strip()}\n\n{declaration}"


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


def _call(form: Form, text: Mapping[str, str], row: Row, language: str) -> str:
    """What the cases call, such as ``add`` or ``Solution().add``; empty if they are runs of a whole program.
    In Python, a function that the declaration has as a method of ``class Solution`` is called as that.

    Raises:
        BadRow: it is not known.
    """
    if form.cases is None or not form.cases.calls:
        return ""
    try:
        named = filled(form.cases.call, row).strip()
        if form.cases.runs and not named:
            return ""
        given = named or text["entry_point"].strip()
    except BadRow as error:
        raise BadRow(f"cases.call: {error}") from None
    code = text["declaration"] or text["solution"]
    found = given or _entry_point(text, code)
    if not found:
        raise BadRow("no function is named that the cases call: give entry_point, or cases.call, in the form")
    is_method = language == "python" and _WORD.fullmatch(found) and _is_method(found, text["declaration"])
    return f"Solution().{found}" if is_method else found


def _is_method(name: str, declaration: str) -> bool:
    """Whether ``class Solution`` is declared, and all functions of the name are methods."""
    before = re.findall(rf"^([ \t]*)(?:async )?def {name}\b", declaration, re.MULTILINE)
    return bool(re.search(r"^class Solution\b", declaration, re.MULTILINE)) and all(before) and bool(before)


def limits(form: LimitsForm, language: str, row: Row = MappingProxyType({})) -> Limits | None:
    """The language's limits with those of the form, and of the row; None if it has none.

    Raises:
        BadRow: a limit of the row is not an amount.
    """
    given: dict[str, Any] = {
        name: limit
        for name, text in form.model_dump(exclude_none=True).items()
        if (limit := _limit(name, text, row)) is not None
    }
    judging = LANGUAGES.load(language).judging
    if not given or judging is None:
        return None
    usual = judging.limits
    if "wall_seconds" not in given and "cpu_seconds" in given:  # the backstop stays as far behind as it was
        given["wall_seconds"] = usual.wall_seconds - usual.cpu_seconds + given["cpu_seconds"]
    return replace(usual, **given)


def _limit(name: str, given: float | str, row: Row) -> float | int | None:
    """
    Raises:
        BadRow: a row's is not an amount.
    """
    if not isinstance(given, str):
        return given
    try:
        text = filled(given, row)
        found = amount(text, TIMES if name.endswith("_seconds") else SIZES) if text else None
    except (BadRow, ValueError) as error:
        raise BadRow(f"limits.{name}: {error}") from None
    return int(found) if found is not None and name.endswith("_bytes") else found
