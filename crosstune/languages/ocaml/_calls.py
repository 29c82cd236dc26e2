"""How the judge itself calls functions of OCaml candidates: by the types that the benchmark declares."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import CallPlan, CallTarget, FreeWriter, Likeness
from crosstune.languages.ocaml._types import Type, Types, parsed
from crosstune.records import Program

_UNION = re.compile(
    r"^type\s+(\w+)\s*=\s*((?:\s*\|?\s*[A-Z]\w*\s+of\s+[^|=;]+)+?)(?=^\S|\Z|\n\s*\n)", re.MULTILINE
)
_CONSTRUCTOR = re.compile(r"([A-Z]\w*)\s+of\s+([^|]+)")


@dataclass(frozen=True)
class Function:
    name: str
    parameters: tuple[Type, ...]
    result: Type


def types(declaration: str) -> Types:
    """The types that a declaration defines as constructors with one value each."""
    found = {
        union[1]: tuple((each[1], parsed(each[2])) for each in _CONSTRUCTOR.finditer(union[2]))
        for union in _UNION.finditer(declaration)
    }
    return Types(found)


def function(declaration: str, name: str) -> Function:
    """A function that is declared with the types of its parameters and its result.

    Raises:
        DataError: it is not.
    """
    heads = list(re.finditer(rf"\b(?:let|and)\s+(?:rec\s+)?{re.escape(name)}(?![\w'])", declaration))
    if not heads:
        raise DataError(f"a case calls {name}, which is not declared")
    rest, parameters = declaration[heads[-1].end() :].lstrip(), list[Type]()
    while rest.startswith("("):
        inside, rest = _parenthesised(rest)
        _, colon, kind = inside.partition(":")
        if not colon and inside.strip():
            raise DataError(f"the parameter {inside.strip()} of {name} has no type")
        parameters.append(parsed(kind if colon else "unit"))
    result, equals, _ = rest.partition("=")
    if not result.startswith(":") or not equals or not parameters:
        raise DataError(f"{name} is not declared with the types of its parameters and its result")
    return Function(name, tuple(parameters), parsed(result[1:]))


def _parenthesised(text: str) -> tuple[str, str]:
    """What is inside the parentheses with which a text begins, and the rest."""
    depth = 0
    for at, each in enumerate(text):
        depth += (each == "(") - (each == ")")
        if depth == 0:
            return text[1:at], text[at + 1 :].lstrip()
    raise DataError("a parenthesis of a declaration is not closed")


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    if methods := [each for each in calls if call_names.named(each)[0]]:
        raise DataError(f"a case calls {methods[0]}; in OCaml cases call functions")
    known = types(program.declaration)
    targets = {}
    for call in calls:
        found = function(program.declaration, call)
        known.writer(found.result)
        targets[call] = CallTarget(call, parameters=tuple(map(known.shape, found.parameters)))
    return CallPlan(
        targets=targets,
        entry_points=tuple(dict.fromkeys((*call_names.entry_points(program.entry_points, calls), *calls))),
        declaration=program.declaration,
        candidate=program.candidate,
        write=FreeWriter(b"l").value,
        likeness=Likeness(),
    )


def server(program: Program) -> str:
    """The code that follows a candidate and serves its functions."""
    known = types(program.declaration)
    functions = ";\n".join(
        _entry(known, function(program.declaration, name)) for name in program.entry_points
    )
    return f"{known.conversions()}\nlet () = Crosstune_wire.serve [\n{functions}\n]\n"


def _entry(known: Types, each: Function) -> str:
    names = [f"a{number}" for number in range(len(each.parameters))]
    pairs = list(zip(names, each.parameters, strict=True))
    made = "".join(f"  let {name} = {known.reader(kind)} {name} in\n" for name, kind in pairs)
    changing = [(name, kind) for name, kind in pairs if kind.changes]
    watched = "".join(
        f"  let w_{name} = Crosstune_wire.watched (fun out -> {known.writer(kind)} {name} out) in\n"
        for name, kind in changing
    )
    changes = "; ".join(f"w_{name} {names.index(name)}" for name, _ in changing)
    call = f"{known.writer(each.result)} ({each.name} {' '.join(names)})"
    return (
        f'("{each.name}", fun v -> match v with [{"; ".join(names)}] ->\n{made}{watched}'
        f"  Crosstune_wire.{{ outcome = (fun () -> {call});\n"
        f"    changed = (fun () -> List.filter_map Fun.id [{changes}]) }}\n"
        "  | _ -> Crosstune_wire.wrong ())"
    )
