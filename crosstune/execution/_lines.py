"""Programs out of lines of JSON, verdicts into them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, BinaryIO

from crosstune.errors import UnknownName, UsageError
from crosstune.execution._judge import judging_of
from crosstune.records import Limits, Program, Verdict, from_row

_MOST_BYTES = 64 << 20
_WANTED = "expected id, language, candidate, tests, and if wanted setup and limits"
_FIELDS = {"id", "language", "candidate", "tests", "setup", "limits"}
_LIMITS = tuple(field.name for field in dataclasses.fields(Limits))


class BadLine(Exception):
    """A line that is no program; the message says what was expected."""


def lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers, one at a time; of a line longer than any program
    only its beginning."""
    number = 0
    while line := file.readline(_MOST_BYTES + 1):
        number += 1
        if len(line) > _MOST_BYTES:
            while (rest := file.readline(_MOST_BYTES)) and not rest.endswith(b"\n"):
                pass
        if line.strip():
            yield number, line


def program_of(line: bytes) -> Program:
    """The program of a line; ``limits`` may name some of the limits, the language's hold for the others.

    Raises:
        BadLine: it holds none.
    """
    row = _row(line)
    if unknown := sorted(row.keys() - _FIELDS):
        raise BadLine(f"unknown field {unknown[0]!r}; {_WANTED}")
    given = row.pop("limits", None)
    try:
        program = from_row(Program, row)
        judging = judging_of(program.language)
    except ValueError as error:
        raise BadLine(f"{error}; {_WANTED}") from None
    except (UnknownName, UsageError) as error:
        raise BadLine(str(error)) from None
    return program if given is None else replace(program, limits=_limits(given, judging.limits))


def id_of(line: bytes) -> str:
    """
    Raises:
        BadLine: it names none.
    """
    return str(_row(line).get("id"))


def _row(line: bytes) -> dict[str, Any]:
    if len(line) > _MOST_BYTES:
        raise BadLine(f"longer than {_MOST_BYTES >> 20} MiB")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON in UTF-8 ({error})") from None
    if not isinstance(row, dict):
        raise BadLine(f"expected a JSON object, found {type(row).__name__}")
    return row


def _limits(given: Any, usual: Limits) -> Limits:
    if not isinstance(given, dict):
        raise BadLine(f"limits: expected an object, found {type(given).__name__}")
    for name, value in given.items():
        if name not in _LIMITS:
            raise BadLine(f"limits: unknown {name!r}; known: {', '.join(_LIMITS)}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1 << 50:
            raise BadLine(f"limits: {name}: expected a number above 0, found {json.dumps(value)[:40]}")
    try:
        return from_row(Limits, {**asdict(usual), **given})
    except ValueError as error:
        raise BadLine(f"limits: {error}") from None


def verdict_line(verdict: Verdict, mark: str) -> bytes:
    """One line; ``program`` is the `Mark` of what was judged and with what."""
    row = asdict(verdict)
    status = row.pop("status")
    ordered = {"id": row.pop("id"), "verdict": str(status), **row, "program": mark}
    return json.dumps(ordered, ensure_ascii=True).encode() + b"\n"
