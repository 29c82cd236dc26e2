"""How the judge itself calls functions of Pascal candidates: by the types that the benchmark declares."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import CallPlan, CallTarget, FreeWriter, Likeness
from crosstune.languages.pascal._types import Conversions, Type, Types, list_of, read, written
from crosstune.records import Program


@dataclass(frozen=True)
class Parameter:
    """``by`` is ``var``, ``out``, ``const``, ``constref`` or empty; ``is_open``: an array of any length."""

    kind: Type
    by: str
    is_open: bool


@dataclass(frozen=True)
class Function:
    """``result`` None: a procedure."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Type | None


def function(types: Types, name: str) -> Function:
    """A function that is declared.

    Raises:
        DataError: it is not, or has a type that is none of values.
    """
    head = rf"\b(function|procedure)\s+{re.escape(name)}\b\s*(?:\(([^)]*)\))?\s*(?::\s*(\w+))?\s*;"
    found = list(re.finditer(head, types.declaration, re.IGNORECASE))
    if not found:
        raise DataError(f"a case calls {name}, which is not declared")
    word, parameters, result = found[-1].groups()
    if word.lower() == "function" and not result:
        raise DataError(f"{name} is declared without the type of its result")
    groups = (each for each in (parameters or "").split(";") if each.strip())
    return Function(
        name,
        tuple(each for group in groups for each in _parameters(types, group)),
        types.named(result) if result else None,
    )


def _parameters(types: Types, group: str) -> list[Parameter]:
    """Those of one type: ``const a, b: Integer``."""
    names, colon, kind = group.partition(":")
    by = re.match(r"\s*(var|out|const|constref)\s", names, re.IGNORECASE)
    names = names[by.end() :] if by else names
    if not colon:
        raise DataError(f"the parameter {names.strip()} has no type")
    is_open = re.match(r"\s*array\s+of\s+", kind, re.IGNORECASE)
    found = types.named(kind[is_open.end() :] if is_open else kind.partition("=")[0])
    each = Parameter(found, by[1].lower() if by else "", bool(is_open))
    return [each] * len(names.split(","))


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    if methods := [each for each in calls if call_names.named(each)[0]]:
        raise DataError(f"a case calls {methods[0]}; in Pascal cases call functions")
    types = Types(program.declaration)
    targets = {}
    for call in calls:
        shapes = (_held(each).shape for each in function(types, call).parameters)
        targets[call] = CallTarget(call, parameters=tuple(shapes))
    return CallPlan(
        targets=targets,
        entry_points=tuple(dict.fromkeys((*call_names.entry_points(program.entry_points, calls), *calls))),
        declaration=program.declaration,
        candidate=program.candidate,
        write=FreeWriter(b"l").value,
        likeness=Likeness(),
    )


def _held(parameter: Parameter, name: str = "") -> Type:
    """The type of the variable that holds an argument: an open array is in a dynamic one."""
    return list_of(name, parameter.kind) if parameter.is_open else parameter.kind


def server(program: Program) -> str:
    """The declarations that follow a candidate and serve its functions."""
    types, conversions = Types(program.declaration), Conversions()
    heads, calls, choices = list[str](), list[str](), list[str]()
    for number, name in enumerate(program.entry_points):
        found = function(types, name)
        held = []
        for at, each in enumerate(found.parameters):
            kind = _held(each, f"ct_open_{number}_{at}")
            if each.is_open:
                heads.append(f"type {kind.name} = array of {each.kind.name};\n")
            held.append(kind)
            conversions.need(kind)
        if found.result:
            conversions.need(found.result)
        calls.append(_call(found, held, number))
        choices.append(f"if SameText(name, '{name}') then ct_call_{number} else ")
    chosen = f"  {''.join(choices)}crosstune_missing(name);\n"
    dispatch = f"procedure ct_call(const name: AnsiString);\nbegin\n{chosen}end;\n"
    return "".join((*heads, conversions.text(), *calls, dispatch))


def _call(found: Function, held: list[Type], number: int) -> str:
    """A procedure that reads the arguments, calls the function, and writes what it returns and changes."""
    names = [f"a{at}" for at in range(len(held))]
    variables = [f"{name}: {kind.name};" for name, kind in zip(names, held, strict=True)]
    variables += [f"b{at}: AnsiString;" for at in range(len(held))]
    variables += [f"r: {found.result.name};"] if found.result else ["r: Boolean;"]
    watched = [
        at
        for at, each in enumerate(found.parameters)
        if each.by in ("var", "out") or (each.by != "const" and held[at].has_list and not each.is_open)
    ]
    reads = "".join(f"  {read(kind, name)}\n" for name, kind in zip(names, held, strict=True))
    marks = "".join(
        f"  crosstune_mark; {written(held[at], names[at])} b{at} := crosstune_captured;\n" for at in watched
    )
    arguments = f"({', '.join(names)})" if names else ""
    called = f"  r := {found.name}{arguments};\n" if found.result else f"  {found.name}{arguments};\n"
    result = written(found.result, "r") if found.result else "crosstune_put_tag('N');"
    changes = "".join(
        f"  crosstune_mark; {written(held[at], names[at])} crosstune_changed({at}, b{at});\n"
        for at in watched
    )
    return (
        f"procedure ct_call_{number};\nvar {' '.join(variables)}\nbegin\n  crosstune_begin({len(held)});\n"
        f"{reads}{marks}{called}  crosstune_result; {result}\n{changes}end;\n"
    )
