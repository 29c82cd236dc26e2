"""Read programs from lines of JSON, and write verdicts as such lines."""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, BinaryIO, Protocol

from crosstune import checked_lines
from crosstune.errors import UnknownName, UsageError
from crosstune.execution._languages import check_cases, check_standard, judging_of
from crosstune.records import CallCase, Case, ComparisonKind, Limits, Program, Verdict, from_row

_MAX_LINE_BYTES = 64 << 20
_MAX_LIMITS = Limits(
    cpu_seconds=86_400,
    wall_seconds=86_400,
    memory_bytes=1 << 40,
    processes=30_000,
    file_bytes=1 << 40,
    output_bytes=1 << 30,
    disk_bytes=1 << 40,
    stack_bytes=1 << 40,
)
_EXPECTED = (
    "expected id, language, candidate, and tests or cases; optional: setup, standard, limits and, only with "
    "cases, comparison and stop_at_first_failure"
)
_FIELDS = [each.name for each in dataclasses.fields(Program)]
_OF_CASES = ("comparison", "stop_at_first_failure")
_LIMITS = tuple(each.name for each in dataclasses.fields(Limits))
_IN_A_CASE = [each.name for each in dataclasses.fields(Case)]
_IN_A_CALL = [each.name for each in dataclasses.fields(CallCase)]
_IN_A_COMPARISON = {
    ComparisonKind.EXACT: [],
    ComparisonKind.TOKENS: ["ignore_case"],
    ComparisonKind.FLOATS: ["absolute", "relative", "ignore_case"],
    ComparisonKind.CHECKER: ["language", "source"],
}
_IN_JSON = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
_OF_VERDICT = {each.name for each in dataclasses.fields(Verdict)} - {"status"} | {"verdict", "program"}
_PARTS = 3
"""Of the field ``program``, separated by ``-``: the two of a `Mark`, and the checksum of the verdict."""
_MISSPELT = 0.81
"""Similarity (of `difflib`) from which an unknown column is a misspelt one; ``idx`` and ``id`` have 0.8."""


class BadLine(Exception):
    """A line that does not hold a program; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A program to judge, and the ``columns`` that are copied to its verdict."""

    program: Program
    columns: Mapping[str, Any] = field(default_factory=dict)


class RowReader(Protocol):
    """Makes programs of rows."""

    def id_of(self, row: Mapping[str, Any]) -> str:
        """The id that the program of ``row`` has.

        Raises:
            BadLine: the row has none.
        """
        ...

    def read(self, row: dict[str, Any]) -> Submission:
        """
        Raises:
            BadLine: the row does not hold a program.
        """
        ...


class ProgramReader:
    """Rows that hold the programs themselves."""

    def id_of(self, row: Mapping[str, Any]) -> str:
        return str(row.get("id"))

    def read(self, row: dict[str, Any]) -> Submission:
        """Limits that the row does not name are those of the language; see `RowReader`."""
        columns = extra_columns(row, _FIELDS, _EXPECTED)
        return Submission(_program({name: value for name, value in row.items() if name in _FIELDS}), columns)


def extra_columns(row: Mapping[str, Any], known: Collection[str], expected: str) -> dict[str, Any]:
    """The columns that are not ``known``, as the value of the verdict's column ``extra``.

    Raises:
        BadLine: one of them is a misspelt known column that the row lacks; ``expected`` is in the message.
    """
    unknown = {name: value for name, value in row.items() if name not in known}
    lacking = [name for name in known if name not in row]
    for name in unknown:
        if near := difflib.get_close_matches(name.lower(), lacking, n=1, cutoff=_MISSPELT):
            raise BadLine(f"unknown field {name!r}; did you mean {near[0]!r}? {expected}")
    return {"extra": unknown} if unknown else {}


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


def _program(row: dict[str, Any]) -> Program:
    _check_fields(row)
    limits = row.pop("limits", None)
    if "comparison" in row:
        row["comparison"] = _comparison(row["comparison"])
    if "cases" in row:
        _check_cases(row["cases"], row.get("comparison"))
    try:
        program = from_row(Program, row)
        judging = judging_of(program.language)
        check_cases(program)
        check_standard(program)
    except ValueError as error:
        raise BadLine(f"{error}; {_EXPECTED}") from None
    except (UnknownName, UsageError) as error:
        raise BadLine(str(error)) from None
    return program if limits is None else replace(program, limits=_limits(limits, judging.limits))


def _check_fields(row: dict[str, Any]) -> None:
    if ("tests" in row) == ("cases" in row):
        both = "both tests and cases" if "tests" in row else "neither tests nor cases"
        raise BadLine(f"{both}; {_EXPECTED}")
    if "tests" in row and (extra := [name for name in _OF_CASES if name in row]):
        raise BadLine(f"{extra[0]} is only allowed with cases, and this program has tests")


def _check_cases(cases: Any, comparison: dict[str, Any] | None) -> None:
    """Check the fields of each case. One that a checker does not judge needs ``stdout``, which may be null,
    because without it any output is right."""
    if not isinstance(cases, list):
        raise BadLine(f"cases: expected a list, found {_in_json(cases)}")
    if not cases:
        raise BadLine("cases: expected at least one")
    checked = comparison is not None and comparison["kind"] == ComparisonKind.CHECKER
    for number, case in enumerate(cases, 1):
        _check_case(case, f"case {number} of {len(cases)}", stdout_needed=not checked)
    calls = any("call" in case for case in cases)
    if comparison and not checked and not calls and not any(case.get("stdout") is not None for case in cases):
        raise BadLine("comparison: no case has a stdout to compare with")


def _check_case(case: Any, which: str, *, stdout_needed: bool) -> None:
    if not isinstance(case, dict):
        raise BadLine(f"{which}: expected an object with stdin and stdout, found {_in_json(case)}")
    if "call" in case:
        if unknown := [name for name in case if name not in _IN_A_CALL]:
            raise BadLine(f"{which}: unknown field {unknown[0]!r}; expected {', '.join(_IN_A_CALL)}")
        return
    if unknown := [name for name in case if name not in _IN_A_CASE]:
        raise BadLine(f"{which}: unknown field {unknown[0]!r}; expected {' and '.join(_IN_A_CASE)}")
    for name, value in case.items():
        if not (isinstance(value, str) or (value is None and name == "stdout")):
            raise BadLine(f"{which}: {name}: expected a string, found {_in_json(value)}")
    if stdout_needed and "stdout" not in case:
        raise BadLine(f'{which}: without "stdout"; give it, or null if the exit status alone decides')


def _in_json(value: Any) -> str:
    return _IN_JSON.get(type(value), "a number")


def _comparison(given: Any) -> dict[str, Any]:
    """The fields of a comparison, which may be given by its kind alone."""
    row = {"kind": given} if isinstance(given, str) else given
    kinds = [str(kind) for kind in ComparisonKind]
    if not isinstance(row, dict) or row.get("kind") not in kinds:
        raise BadLine(
            f"comparison: expected one of {', '.join(kinds)}, or an object whose kind is one of them; "
            f"found {json.dumps(given)[:80]}"
        )
    known = _IN_A_COMPARISON[ComparisonKind(row["kind"])]
    if unknown := [name for name in row if name not in ("kind", *known)]:
        named = " and ".join(filter(None, (", ".join(known[:-1]), *known[-1:])))
        expected = f"expected {named}" if known else "it has no settings"
        raise BadLine(f"comparison: unknown field {unknown[0]!r} for {row['kind']}; {expected}")
    for name in ("absolute", "relative"):
        value = row.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1 << 50:
            raise BadLine(
                f"comparison: {name}: expected a number of at least 0, found {json.dumps(value)[:40]}"
            )
    if not isinstance(case := row.get("ignore_case", False), bool):
        raise BadLine(f"comparison: ignore_case: expected true or false, found {json.dumps(case)[:40]}")
    return row


def row_of(line: bytes) -> dict[str, Any]:
    """
    Raises:
        BadLine: it does not hold a JSON object.
    """
    if len(line) > _MAX_LINE_BYTES:
        raise BadLine(f"longer than {_MAX_LINE_BYTES >> 20} MiB")
    try:
        row = json.loads(line, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON in UTF-8 ({error})") from None
    if not isinstance(row, dict):
        raise BadLine(f"expected a JSON object, found {type(row).__name__}")
    return row


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """
    Raises:
        ValueError: a key occurs twice.
    """
    row = dict(pairs)
    if len(row) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(name for name in names if names.count(name) > 1)!r} occurs twice")
    return row


def _limits(given: Any, defaults: Limits) -> Limits:
    if not isinstance(given, dict):
        raise BadLine(f"limits: expected an object, found {type(given).__name__}")
    for name, value in given.items():
        if name not in _LIMITS:
            raise BadLine(f"limits: unknown {name!r}; known: {', '.join(_LIMITS)}")
        most = getattr(_MAX_LIMITS, name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
            raise BadLine(
                f"limits: {name}: expected a number above 0, at most {most}; found {json.dumps(value)[:40]}"
            )
    try:
        return from_row(Limits, {**asdict(defaults), **given})
    except ValueError as error:
        raise BadLine(f"limits: {error}") from None


def verdict_line(verdict: Verdict, mark: str, columns: Mapping[str, Any]) -> bytes:
    """A verdict as one line. Its field ``program`` is the `Mark` and a checksum; ``columns`` come last."""
    row = verdict_row(verdict, {"program": mark})
    return _line({**row, "program": f"{mark}-{_checksum(row)}", **columns})


def is_intact(row: Mapping[str, Any]) -> bool:
    """Whether the verdict in a line is what was written; lines of earlier versions have no checksum."""
    parts = str(row["program"]).split("-")
    return len(parts) < _PARTS or parts[-1] == _checksum(row)


def _checksum(row: Mapping[str, Any]) -> str:
    own = {name: value for name, value in row.items() if name in _OF_VERDICT and name != "program"}
    return checked_lines.checksum(json.dumps(own, sort_keys=True).encode())


def verdict_row(verdict: Verdict, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a verdict, with ``columns`` before the tools. Only programs with cases have ``cases``."""
    row = asdict(verdict)
    status = row.pop("status")
    cases = [{"verdict": case.pop("status"), **case} for case in row.pop("cases")]
    tools = {name: row.pop(name) for name in ("toolchain", "isolation", "unstable")}
    ordered = {"id": row.pop("id"), "verdict": str(status), **row, **columns, **tools}
    if cases:
        ordered["cases"] = cases
    return ordered


def copied_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a verdict line that were copied from its program's row."""
    return {name: value for name, value in row.items() if name not in _OF_VERDICT}


def with_columns(line: bytes, columns: Mapping[str, Any]) -> bytes:
    """A verdict line with other copied columns."""
    row = json.loads(line)
    return _line({name: row[name] for name in row if name in _OF_VERDICT} | dict(columns))


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=True).encode() + b"\n"
