"""Fortran source cut into program units and statements; free form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_PREFIX = r"(?:(?:pure|elemental|recursive|impure|non_recursive|module)\s+|{type}\s*)*"
_TYPE = (
    r"(?:integer|real|logical|complex|double\s*precision|double\s*complex|character|type|class)"
    r"\s*(?:\*\s*(?:\d+|\(\s*\*\s*\))|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?"
)
_PROCEDURE = re.compile(
    rf"{_PREFIX.format(type=_TYPE)}(?P<kind>function|subroutine)\s+(?P<name>\w+)\s*(?=\(|$|bind)"
)
_UNIT = re.compile(
    r"(?P<kind>program|module|submodule\s*\([^)]*\)|block\s*data)\s+(?P<name>\w+)$|(?P<bare>blockdata)$"
)
_NO_UNIT = re.compile(r"module\s+procedure\b")
_SEPARATE = re.compile(r"module\s+procedure\s+(?P<name>\w+)$")
_END = re.compile(
    r"end(?:\s*(?:program|module|submodule|function|subroutine|procedure|block\s*data)(?:\s+\w+)?)?$"
)
_INTERFACE = re.compile(r"(?:abstract\s+)?interface\b")
_LABEL = re.compile(r"\d+\s+")
_TOKEN = re.compile(r"'(?:[^'\n]|'')*'?|\"(?:[^\"\n]|\"\")*\"?|!|;|&")


@dataclass(frozen=True)
class Statement:
    """A statement: ``code`` is it in lower case and on one line, without comments, with strings emptied;
    ``first`` to ``last`` are its lines."""

    code: str
    first: int
    last: int


@dataclass(kw_only=True)
class Unit:
    """A program unit or procedure, from line ``first`` to ``last``; its statements from ``begin`` to ``end``.

    ``kind`` is program, module, submodule, function, subroutine, procedure or ``block data``. ``contains``
    is the line of its own ``contains`` (None: it has none), ``closed`` whether it has an end."""

    kind: str
    name: str
    first: int
    last: int = 0
    closed: bool = False
    header: int = 0
    """The last line of the statement that opens it."""
    contains: int | None = None
    units: list[Unit] = field(default_factory=list)

    @property
    def is_procedure(self) -> bool:
        return self.kind in ("function", "subroutine")


def procedure_name(code: str) -> str:
    """The name of the procedure that a statement opens; empty if it opens none."""
    match = _PROCEDURE.match(code)
    return match["name"] if match else ""


def without_strings(line: str) -> tuple[str, bool]:
    """A line without its comment, with its strings emptied, and whether it is continued."""
    kept, at = [], 0
    for match in _TOKEN.finditer(line):
        kept.append(line[at : match.start()])
        at = match.end()
        found = match[0]
        if found == "!":
            at = len(line)
            break
        kept.append(found if found in ";&" else "''")
    kept.append(line[at:])
    code = "".join(kept).strip()
    return code.removesuffix("&").rstrip(), code.endswith("&")


def statements(lines: list[str]) -> list[Statement]:
    """The statements of a source, each with its lines; several on one line share it."""
    found: list[Statement] = []
    pending, first = "", 0
    for number, line in enumerate(lines):
        if line.lstrip().startswith("#"):
            continue
        code, continued = without_strings(line)
        if not code and not continued:
            continue
        if pending:
            pending += " " + code.removeprefix("&").lstrip()
        else:
            pending, first = code, number
        if continued:
            continue
        parts = (_LABEL.sub("", part.strip().lower(), count=1) for part in pending.split(";"))
        found += [Statement(text, first, number) for text in parts if text]
        pending = ""
    if pending:
        found.append(Statement(pending.lower(), first, len(lines) - 1))
    return found


def _opened(statement: Statement) -> Unit | None:
    if separate := _SEPARATE.match(statement.code):
        return Unit(kind="procedure", name=separate["name"], first=statement.first, header=statement.last)
    if _NO_UNIT.match(statement.code):
        return None
    match = _PROCEDURE.match(statement.code) or _UNIT.match(statement.code)
    if match is None:
        return None
    kind = re.match(r"block\s*data|\w+", match["kind"] or "block data")
    assert kind is not None
    return Unit(kind=kind[0], name=match["name"] or "", first=statement.first, header=statement.last)


def units(lines: list[str]) -> list[Unit]:
    """The units at the top level. A unit that is not closed ends with the text."""
    found: list[Unit] = []
    open_units: list[Unit] = []
    in_interface = 0
    for statement in statements(lines):
        code = statement.code
        if re.match(r"end\s*interface\b", code):
            in_interface -= 1
        elif _INTERFACE.match(code):
            in_interface += 1
        if in_interface:
            continue
        if unit := _opened(statement):
            (open_units[-1].units if open_units else found).append(unit)
            open_units.append(unit)
        elif open_units and _END.match(code):
            ended = open_units.pop()
            ended.last, ended.closed = statement.last, True
        elif open_units and code == "contains" and not _in_type(open_units[-1], statement, lines):
            open_units[-1].contains = statement.first
    for unit in open_units:
        unit.last = len(lines) - 1
    return found


def _in_type(unit: Unit, statement: Statement, lines: list[str]) -> bool:
    """Whether a ``contains`` is that of a derived type."""
    depth = 0
    for each in statements(lines[unit.header + 1 : statement.first]):
        if re.match(r"type\b(?!\s*\()", each.code):
            depth += 1
        elif re.match(r"end\s*type\b", each.code):
            depth -= 1
    return depth > 0


def text_of(lines: list[str], unit: Unit) -> str:
    """The source of a unit."""
    return "\n".join(lines[unit.first : unit.last + 1])


def loose_lines(lines: list[str], found: list[Unit]) -> list[str]:
    """The lines outside of all units."""
    inside = {number for unit in found for number in range(unit.first, unit.last + 1)}
    return [line for number, line in enumerate(lines) if number not in inside]


def all_units(found: list[Unit]) -> Iterator[Unit]:
    """Units and the procedures in them."""
    for unit in found:
        yield unit
        yield from all_units(unit.units)
