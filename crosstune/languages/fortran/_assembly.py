"""One Fortran file from candidate and tests.

Bare procedures of the candidate become those of a module, so that the tests have their explicit interfaces
and the procedures may have procedures of their own. Where the tests declare them themselves (``external``,
an interface, or the type of the function that is asked for), they stay external procedures. The tests' units
use what they name of it. The candidate's main program is left out, its procedures are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crosstune.languages.fortran import _source, _tests
from crosstune.languages.fortran._source import Unit

_TYPE_NAME = re.compile(r"type\b(?:\s*,[^:]*)?(?:\s*::\s*|\s+)(?!is\b)(\w+)$")
_PARAMETER = re.compile(r".*\bparameter\b[^:]*::\s*(.*)")
_DECLARED = re.compile(
    r"(?:(?:integer|real|logical|complex|double\s*precision|character)\b[^:]*::|"
    r"(?:integer|real|logical|complex|double\s*precision|character(?:\*\d+)?)\s+|external\b)(?P<names>.*)"
)
_SPECIFICATION = re.compile(
    r"(?:use|import|implicit|type|class|integer|real|logical|complex|character|double\s*precision|parameter|interface|"
    r"abstract\s+interface|procedure|dimension|save|external|intrinsic|enum|public|private|data|common)\b"
)
_BLOCK = re.compile(r"(?:abstract\s+)?interface\b|enum\b|type\b(?!\s*\()")
_BLOCK_END = re.compile(r"end\s*(?:interface|enum|type)\b")
_LEFT_OUT = re.compile(r"end(?:\s*program(?:\s+\w+)?)?$|contains$|program\s+\w+$")


@dataclass(frozen=True)
class Candidate:
    """The parts of a candidate: ``modules`` as they are, the ``procedures`` outside of modules, and the
    ``specification`` (types, constants) that these share."""

    modules: tuple[tuple[Unit, str], ...]
    procedures: tuple[tuple[Unit, str], ...]
    specification: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """What the tests may use of the procedures' module."""
        return [*(unit.name for unit, _ in self.procedures), *_names(self.specification)]


def program(setup: str, candidate: str, tests: str, name: str, entry_points: Sequence[str]) -> str:
    """The whole file. ``name`` is unknown to the candidate and begins the names of everything added."""
    read = read_candidate(f"{setup}\n{candidate}" if setup else candidate)
    checked = _tests.with_end(tests, name)
    parts = [text for _, text in read.modules]
    modules = [(unit.name, _exported(unit, text)) for unit, text in read.modules if unit.kind == "module"]
    external = _are_external(read, tests, entry_points)
    if read.names and not external:
        parts.append(_module(read, tests, name))
        modules.append((f"{name}_candidate", read.names))
    parts.append(_with_uses(checked, modules))
    if external:
        parts += [*(text for _, text in read.procedures)]
    return "\n".join([*parts, _tests.HELPERS.replace("NAME", name)])


def read_candidate(text: str) -> Candidate:
    """The candidate's parts, without its main program."""
    lines = text.splitlines()
    found = _source.units(lines)
    modules, procedures, specification = [], [], list[str]()
    for unit in found:
        if unit.is_procedure:
            procedures.append((unit, _source.text_of(lines, unit)))
        elif unit.kind != "program":
            modules.append((unit, _source.text_of(lines, unit)))
        elif unit.units:
            procedures += [(each, _source.text_of(lines, each)) for each in unit.units]
            end = unit.units[0].first if unit.contains is None else unit.contains
            specification += _specification(lines[unit.header + 1 : end], only=True)
    loose = _source.loose_lines(lines, found)
    ended = any(_LEFT_OUT.match(each.code) for each in _source.statements(loose))
    return Candidate(tuple(modules), tuple(procedures), (*_specification(loose, only=ended), *specification))


def _specification(lines: list[str], *, only: bool) -> list[str]:
    """Statements outside of units, without what opens and ends a main program; ``only`` declarations."""
    kept, depth = list[str](), 0
    for statement in _source.statements(lines):
        code = statement.code
        depth += bool(_BLOCK.match(code)) - bool(_BLOCK_END.match(code))
        if not depth and _LEFT_OUT.match(code):
            continue
        if depth or not only or _SPECIFICATION.match(code) or _BLOCK_END.match(code):
            kept += [line for line in lines[statement.first : statement.last + 1] if line not in kept[-1:]]
    return kept


def _names(specification: Iterable[str]) -> list[str]:
    """The types and constants of a specification."""
    found = list[str]()
    for statement in _source.statements(list(specification)):
        if match := _TYPE_NAME.match(statement.code):
            found.append(match[1])
        elif match := _PARAMETER.match(statement.code):
            found += re.findall(r"(\w+)\s*(?:\([^()]*\))?\s*=", match[1])
    return found


def _exported(unit: Unit, text: str) -> list[str]:
    """What a module of the candidate gives to the tests."""
    lines = text.splitlines()
    end = len(lines) if unit.contains is None else unit.contains - unit.first
    interfaces = [
        match[1]
        for each in _source.statements(lines[:end])
        if (match := re.match(r"interface\s+(\w+)$", each.code))
    ]
    return [*(each.name for each in unit.units), *_names(lines[:end]), *interfaces]


def _words(text: str) -> set[str]:
    return {word for each in _source.statements(text.splitlines()) for word in re.findall(r"\w+", each.code)}


def _are_external(candidate: Candidate, tests: str, entry_points: Sequence[str]) -> bool:
    """Whether the tests declare the candidate's procedures as external ones."""
    names = {unit.name for unit, _ in candidate.procedures}
    wanted = {each.lower() for each in entry_points} & names
    in_interface = 0
    for statement in _source.statements(tests.splitlines()):
        code = statement.code
        in_interface += bool(re.match(r"interface\b", code)) - bool(re.match(r"end\s*interface\b", code))
        if in_interface and not code.startswith("end") and (opened := _source.procedure_name(code)) in names:
            return bool(opened)
        if match := _DECLARED.match(code):
            declared = {re.split(r"[\s(=*]", each.strip())[0] for each in match["names"].split(",")}
            if declared & (names if re.search(r"\bexternal\b", code) else wanted):
                return True
    return False


def _module(candidate: Candidate, tests: str, name: str) -> str:
    codes = [statement.code for statement in _source.statements(list(candidate.specification))]
    uses = [line for line in candidate.specification if re.match(r"\s*use\b", line, re.IGNORECASE)]
    others = [line for line in candidate.specification if line not in uses]
    hosted = re.search(r"^\s*implicit\s+none\b", tests, re.IGNORECASE | re.MULTILINE)
    implicit = ["implicit none"] if hosted and not any(each.startswith("implicit") for each in codes) else []
    used = [
        f"use {unit.name}"
        for unit, text in candidate.modules
        if unit.kind == "module" and not any(re.match(rf"use\b.*\b{unit.name}\b", each) for each in codes)
    ]
    contained = ["contains", *(text for _, text in candidate.procedures)] if candidate.procedures else []
    head = f"module {name}_candidate"
    return "\n".join([head, *used, *uses, *implicit, *others, *contained, f"end module {name}_candidate"])


def _with_uses(tests: str, modules: Sequence[tuple[str, list[str]]]) -> str:
    """The tests, whose units use what they name of the candidate's modules and do not define themselves."""
    lines = tests.splitlines()
    found = _source.units(lines)
    defined = {unit.name for unit in _source.all_units(found)}
    used = {match[1] for match in re.finditer(r"(?im)^\s*use\b[\s,:\w]*?\b(\w+)\s*(?:,|$|!)", tests)}
    for unit in reversed(found):
        words = _words(_source.text_of(lines, unit)) - defined
        for module, names in modules:
            wanted = [each for each in dict.fromkeys(names) if each in words]
            if wanted and module not in {each.lower() for each in used}:
                lines.insert(unit.header + 1, f"use {module}, only: {', '.join(wanted)}")
    return "\n".join(lines)
