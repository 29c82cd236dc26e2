"""How the judge itself calls functions of Erlang candidates: by the types of their specifications, which say
which lists are texts."""

from __future__ import annotations

import re

from crosstune.errors import DataError
from crosstune.languages._arguments import CallPlan
from crosstune.languages._shared.beam import calls as beam_calls
from crosstune.languages._shared.beam.calls import Function
from crosstune.languages._shared.declared_code import closing, separated
from crosstune.records import Program

_CALL = re.compile(r"(?:([a-z]\w*):)?([a-z]\w*)")
_SPEC = re.compile(r'^-spec\s+(?:"(?:\\.|[^"\\])*"|[^."]|\.(?=[.\w]))*\.', re.MULTILINE)


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises: see `beam_calls.plan`.
    """
    return beam_calls.plan(program, calls, function)


def function(declaration: str, call: str) -> Function:
    """The function that a call names: it has a specification, or a head.

    Raises:
        DataError: it is not declared.
    """
    named = _CALL.fullmatch(call)
    if not named:
        raise DataError(f"a case calls {call!r}: expected a function's name")
    heads = list(re.finditer(rf"^(?:-spec\s+)?{named[2]}\s*\(", declaration, re.MULTILINE))
    if not heads:
        raise DataError(f"a case calls {call}, which is not declared")
    begin = heads[-1].end()
    given = declaration[begin : closing(declaration, begin)].replace("->", "→")
    return Function(named[2], len(separated(given.replace("{", "(").replace("}", ")"))))


def specs(declaration: str) -> str:
    """The specifications of a declaration."""
    return "\n".join(match[0] for match in _SPEC.finditer(declaration))
