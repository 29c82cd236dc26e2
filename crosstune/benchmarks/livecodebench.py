"""LiveCodeBench (arXiv 2403.07974): contest problems with their dates, in Python.

A problem is a whole program that reads stdin, or a method of a class ``Solution``. Rows are those of the
dataset (``public_test_cases``, ``private_test_cases``, …) or of copies of it with the columns ``content``
(the whole prompt) and ``test``. Words of the output are compared, and numbers by value, as in the authors'
harness; unlike there, a line may be broken where a space is expected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from crosstune.benchmarks._contests import decided, name_of
from crosstune.benchmarks._forms import BadRow, OutputSettings, packaged, packaged_form
from crosstune.benchmarks._forms._problems import identifier, limits, reason
from crosstune.benchmarks._livecodebench_prompts import (
    STOPS,
    chat_message,
    continued,
    with_example,
)
from crosstune.benchmarks._pickled_text import pickled_text
from crosstune.errors import DataError
from crosstune.records import CallCase, Case, Comparison, ComparisonKind, Problem
from crosstune.settings import InputPath

_STAR = (
    *("string", "re", "datetime", "collections", "heapq", "bisect", "copy", "math", "random", "statistics"),
    *("itertools", "functools", "operator", "io", "sys", "json", "builtins", "typing"),
)
_SETUP = "".join(
    (
        *(f"from {name} import *\n" for name in _STAR),
        *(f"import {name}\n" for name in _STAR[:-2]),
        "import sys\nsys.setrecursionlimit(50000)\n",
    )
)
"""What the authors' harness puts before every answer."""


class LiveCodeBenchSettings(OutputSettings):
    start_date: date | None = None
    """Only problems of contests on this day or later, such as 2024-09-01 (after a model's training)."""
    end_date: date | None = None
    """Only problems of contests on this day or earlier."""
    examples: InputPath | None = None
    """The folder with func.json and stdin.json (in the authors' repository:
    lcb_runner/prompts/few_shot_examples/generation), whose first example a base model is shown, as in their
    harness."""


@dataclass(frozen=True)
class _Row:
    """What both kinds of rows have in common; ``function`` is empty for a whole program. ``base`` is what a
    base model is asked, and the starter code, where that is known apart from the question. ``names`` are
    those by which the authors list defects, ``day`` is the contest's (2023-08-21)."""

    id: str
    question: str
    message: str
    starter: str
    function: str
    tests: list[tuple[str, str]]
    names: tuple[str, ...]
    base: Mapping[str, str] = field(default_factory=dict)
    day: str = ""


def _published(row: Mapping[str, Any]) -> _Row:
    question, starter = _text(row, "question_content"), _text(row, "starter_code")
    public = _json(_text(row, "public_test_cases"), "public_test_cases")
    private_text = _text(row, "private_test_cases")
    private = _json(
        private_text if private_text.lstrip().startswith("[") else _unpickled(private_text), "private"
    )
    metadata = _json(row.get("metadata") or "{}", "metadata")
    if not isinstance(metadata, dict):
        raise BadRow(f"column 'metadata': expected an object, found {metadata!r:.40}")
    tests = [_test(number, each) for number, each in enumerate([*public, *private], 1)]
    message = chat_message(question, starter)
    function = str(metadata.get("func_name") or "")
    if not function and any(each.get("testtype") == "functional" for each in (*public, *private)):
        raise BadRow("column 'metadata': a functional test needs its func_name")
    base = {"starter": starter, "completion": continued(question, starter)}
    name = _text(row, "question_id")
    names = (name, str(row.get("question_title") or ""))
    day = str(row.get("contest_date") or "")[:10]
    return _Row(name, question, message, starter, function, tests, names, base, day)


def _copied(row: Mapping[str, Any]) -> _Row:
    content = _text(row, "content")
    tests = _json(_unpickled(_text(row, "test")), "test")
    try:
        pairs = list(zip(tests["inputs"], tests["outputs"], strict=True))
    except (KeyError, TypeError, ValueError) as error:
        raise BadRow(f"column 'test': expected as many outputs as inputs: {error!r}") from None
    starter = content if "class Solution" in content else ""
    name = str(row["id"]) if isinstance(row.get("id"), int) else _text(row, "id")
    return _Row(name, content, content, starter, tests.get("fn_name") or "", pairs, (name_of(row, name),))


def _asked(question: str) -> str:
    if not question.strip():
        raise BadRow("its question is empty")
    return question


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    if not isinstance(value, str):
        found = "nothing" if value is None else type(value).__name__
        raise BadRow(f"column {column!r}: expected text, found {found}")
    return value


def _json(text: str, column: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRow(f"column {column!r}: not JSON: {error}") from None


def _unpickled(text: str) -> str:
    try:
        return pickled_text(text)
    except ValueError as error:
        raise BadRow(f"private tests: {error}") from None


def _test(number: int, test: Any) -> tuple[str, str]:
    pair = (test.get("input"), test.get("output")) if isinstance(test, dict) else (None, None)
    if not isinstance(pair[0], str) or not isinstance(pair[1], str):
        raise BadRow(f"case {number}: expected texts 'input' and 'output', found {test!r:.60}")
    return pair[0], pair[1]


def _cases(row: _Row) -> Iterator[Case | CallCase]:
    if not row.tests:
        raise BadRow("it has no tests")
    call = f"Solution().{row.function}" if "class Solution" in row.starter else row.function
    for number, (given, expected) in enumerate(row.tests, 1):
        if not row.function:
            yield Case(given, expected)
            continue
        try:
            arguments = [json.loads(line) for line in given.split("\n")]
            yield CallCase(call, arguments, json.loads(expected), tuple_is_list=True)
        except (ValueError, RecursionError) as error:
            raise BadRow(f"case {number}: not JSON: {error}") from None


def _problem(language: str, task: str, row: Mapping[str, Any]) -> Problem:
    try:
        found = _published(row) if "question_content" in row else _copied(row)
    except (KeyError, TypeError, ValueError) as error:
        raise BadRow(f"not a row of LiveCodeBench: {error!r}") from None
    return Problem(
        id=identifier(found.id),
        benchmark=_FORM.name,
        task=task,
        language=language,
        instruction=_asked(found.question),
        declaration="",
        entry_point="Solution" if "class Solution" in found.starter else found.function,
        tests="",
        setup=_SETUP,
        cases=tuple(_cases(found)),
        comparison=Comparison(ComparisonKind.FLOATS, absolute=0, relative=0),
        limits=limits(_FORM.limits, language),
        defect=next(filter(None, (reason(_FORM.defects, language, name) for name in found.names)), ""),
        extra={"message": found.message, **found.base, **({"day": found.day} if found.day else {})},
        stops=STOPS if found.base else (),
    )


def _problems(settings: LiveCodeBenchSettings, language: str, task: str) -> Sequence[Problem]:
    """The rows' problems, for a base model after the authors' first example if ``settings`` have it."""
    problems = _in_time(decided(_ZERO_SHOT.problems(settings, language, task), settings), settings)
    return with_example(problems, settings.examples) if settings.examples else problems


def _in_time(problems: Sequence[Problem], settings: LiveCodeBenchSettings) -> list[Problem]:
    """The problems of contests between the dates of ``settings``.

    Raises:
        DataError: a row has no date, or none is in that time.
    """
    first, last = settings.start_date or date.min, settings.end_date or date.max
    if (first, last) == (date.min, date.max):
        return list(problems)
    found = [each for each in problems if first <= _day(each, settings.data) <= last]
    if not found:
        raise DataError(f"{settings.data}: no problem of a contest from {first} to {last}")
    return found


def _day(problem: Problem, data: Path) -> date:
    text = problem.extra.get("day", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DataError(
            f"{data}: {problem.id}: start_date and end_date need a column contest_date with a date such as "
            f"2024-09-01; found {text!r}"
        ) from None


_FORM = packaged_form(__name__)
_ZERO_SHOT = packaged(__name__, row_problem=_problem)
BENCHMARK = replace(_ZERO_SHOT, settings=LiveCodeBenchSettings, problems=_problems)
