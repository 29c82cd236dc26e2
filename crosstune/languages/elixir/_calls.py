"""How the judge itself calls functions of Elixir candidates."""

from __future__ import annotations

import re

from crosstune.errors import DataError
from crosstune.languages._arguments import CallPlan
from crosstune.languages._shared.beam import calls as beam_calls
from crosstune.languages._shared.beam.calls import Function
from crosstune.languages._shared.declared_code import closing, separated
from crosstune.records import Program

_CALL = re.compile(r"(?:([A-Z]\w*(?:\.[A-Z]\w*)*)\.)?([a-z_]\w*[?!]?)")
_TEXTS = re.compile(r'"""(?:\\.|.)*?"""|"(?:\\.|[^"\\])*"|#[^\n]*', re.DOTALL)
_SCOPE = re.compile(r"\bdefmodule\s+([\w.]+)\s+do\b|\b(do|fn|end)\b(?!:)")


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises: see `beam_calls.plan`.
    """
    return beam_calls.plan(program, calls, function)


def function(declaration: str, call: str) -> Function:
    """The function that a call names, with its module.

    Raises:
        DataError: it is not declared.
    """
    named = _CALL.fullmatch(call)
    if not named:
        raise DataError(f"a case calls {call!r}: expected a function's name, or Module.function")
    code = _TEXTS.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), declaration)
    heads = list(re.finditer(rf"\bdef\s+{re.escape(named[2])}(?![\w?!])\s*(\()?", code))
    if not heads:
        raise DataError(f"a case calls {call}, which is not declared")
    places = [(head, _module(code[: head.start()])) for head in heads]
    found = [place for place in places if named[1] in (None, place[1])]
    if not found:
        where = places[-1][1] or "no module"
        raise DataError(f"a case calls {call}, but {named[2]} is declared in {where}")
    head, module = found[-1]
    arity = len(separated(code[head.end() : closing(code, head.end())])) if head[1] else 0
    return Function(f"{module}.{named[2]}" if module else named[2], arity)


def _module(code: str) -> str:
    """The modules in which a text ends."""
    names = list[str]()
    for match in _SCOPE.finditer(code):
        if match[1] or match[2] in ("do", "fn"):
            names.append(match[1] or "")
        elif names:
            names.pop()
    return ".".join(filter(None, names))
