"""Read programs from lines of JSON, and write verdicts as such lines."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, BinaryIO

from crosstune.errors import UnknownName, UsageError
from crosstune.execution._languages import check_cases, judging_of
from crosstune.records import ComparisonKind, Limits, Program, Verdict, from_row

_MAX_LINE_BYTES = 64 << 20
_EXPECTED = (
    "expected id, language, candidate, and tests or cases; optional: setup, limits and, only with cases, "
    "comparison and stop_at_first_failure"
)
_FIELDS = {field.name for field in dataclasses.fields(Program)}
_OF_CASES = ("comparison", "stop_at_first_failure")
_LIMITS = tuple(field.name for field in dataclasses.fields(Limits))


class BadLine(Exception):
    """A line that does not hold a program; the message says what was expected."""


def lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers, one at a time. A line that is too long for a program
    is cut off."""
    number = 0
    while line := file.readline(_MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > _MAX_LINE_BYTES:
            while (rest := file.readline(_MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield number, line


def program_of(line: bytes) -> Program:
    """The program of a line. Limits that the line does not give are the language's defaults.

    Raises:
        BadLine: it does not hold a program.
    """
    row = _row(line)
    _check_fields(row)
    limits = row.pop("limits", None)
    if "comparison" in row:
        row["comparison"] = _comparison(row["comparison"])
    try:
        program = from_row(Program, row)
        judging = judging_of(program.language)
        check_cases(program)
    except ValueError as error:
        raise BadLine(f"{error}; {_EXPECTED}") from None
    except (UnknownName, UsageError) as error:
        raise BadLine(str(error)) from None
    return program if limits is None else replace(program, limits=_limits(limits, judging.limits))


def _check_fields(row: dict[str, Any]) -> None:
    if unknown := sorted(row.keys() - _FIELDS):
        raise BadLine(f"unknown field {unknown[0]!r}; {_EXPECTED}")
    if ("tests" in row) == ("cases" in row):
        both = "both tests and cases" if "tests" in row else "neither tests nor cases"
        raise BadLine(f"{both}; {_EXPECTED}")
    if "cases" in row and not row["cases"]:
        raise BadLine("cases: expected at least one")
    if "tests" in row and (extra := [name for name in _OF_CASES if name in row]):
        raise BadLine(f"{extra[0]} is only allowed with cases, and this program has tests")


def _comparison(given: Any) -> dict[str, Any]:
    """The fields of a comparison, which may be given by its kind alone."""
    row = {"kind": given} if isinstance(given, str) else given
    kinds = [str(kind) for kind in ComparisonKind]
    if not isinstance(row, dict) or row.get("kind") not in kinds:
        raise BadLine(
            f"comparison: expected one of {', '.join(kinds)}, or an object whose kind is one of them; "
            f"found {json.dumps(given)[:80]}"
        )
    for name in ("absolute", "relative"):
        value = row.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1 << 50:
            raise BadLine(
                f"comparison: {name}: expected a number of at least 0, found {json.dumps(value)[:40]}"
            )
    return row


def id_of(line: bytes) -> str:
    """
    Raises:
        BadLine: it does not hold an id.
    """
    return str(_row(line).get("id"))


def _row(line: bytes) -> dict[str, Any]:
    if len(line) > _MAX_LINE_BYTES:
        raise BadLine(f"longer than {_MAX_LINE_BYTES >> 20} MiB")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON in UTF-8 ({error})") from None
    if not isinstance(row, dict):
        raise BadLine(f"expected a JSON object, found {type(row).__name__}")
    return row


def _limits(given: Any, defaults: Limits) -> Limits:
    if not isinstance(given, dict):
        raise BadLine(f"limits: expected an object, found {type(given).__name__}")
    for name, value in given.items():
        if name not in _LIMITS:
            raise BadLine(f"limits: unknown {name!r}; known: {', '.join(_LIMITS)}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1 << 50:
            raise BadLine(f"limits: {name}: expected a number above 0, found {json.dumps(value)[:40]}")
    try:
        return from_row(Limits, {**asdict(defaults), **given})
    except ValueError as error:
        raise BadLine(f"limits: {error}") from None


def verdict_line(verdict: Verdict, mark: str) -> bytes:
    """A verdict as one line. Its field ``program`` is the `Mark`; only programs with cases have ``cases``."""
    row = asdict(verdict)
    status = row.pop("status")
    cases = [{"verdict": case.pop("status"), **case} for case in row.pop("cases")]
    ordered = {"id": row.pop("id"), "verdict": str(status), **row, "program": mark}
    if cases:
        ordered["cases"] = cases
    return json.dumps(ordered, ensure_ascii=True).encode() + b"\n"
