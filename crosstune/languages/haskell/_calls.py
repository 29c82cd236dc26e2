"""How the judge itself calls functions of Haskell candidates: by the types that the benchmark declares."""

from __future__ import annotations

import re

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import CallPlan, CallTarget, FreeWriter, Likeness
from crosstune.languages.haskell import _types
from crosstune.languages.haskell._types import Union
from crosstune.records import Program

_UNION = re.compile(r"^data\s+(\w+)\s*=\s*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_CONSTRUCTOR = re.compile(r"([A-Z]\w*)\s+(\[.*\]|\(.*\)|[A-Z][\w.]*)\s*$")


def signature(declaration: str, name: str) -> str:
    """The type with which a function is declared.

    Raises:
        DataError: it has none.
    """
    found = list(re.finditer(rf"^{re.escape(name)}\s*::\s*(.*(?:\n[ \t]+.*)*)", declaration, re.MULTILINE))
    if not found:
        raise DataError(f"a case calls {name}, which has no declared type")
    return " ".join(found[-1][1].split())


def unions(declaration: str) -> dict[str, Union]:
    """The types that a declaration defines as constructors with one value each."""
    found = dict[str, Union]()
    for name, text in _UNION.findall(declaration):
        parts = [_CONSTRUCTOR.match(each.strip()) for each in text.partition("deriving")[0].split("|")]
        if all(parts):
            found[name] = tuple((each[1], _types.parsed(each[2])) for each in parts if each)
    return found


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    if methods := [each for each in calls if call_names.named(each)[0]]:
        raise DataError(f"a case calls {methods[0]}; in Haskell cases call functions")
    known = unions(program.declaration)
    targets = {}
    for call in calls:
        *parameters, _ = _types.parameters(signature(program.declaration, call))
        shapes = tuple(_types.shape(each, known) for each in parameters)
        targets[call] = CallTarget(call, parameters=shapes)
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
    instances = "\n".join(_instances(name, parts) for name, parts in unions(program.declaration).items())
    served = ", ".join(
        f'CrosstuneWire.named "{name}" ({name} :: {signature(program.declaration, name)})'
        for name in program.entry_points
    )
    return f"{instances}\nmain = CrosstuneWire.serve [{served}]"


def _instances(name: str, parts: Union) -> str:
    ordered = sorted(parts, key=lambda part: part[1].name in ("Double", "Float"))
    reading = "".join(
        f"  from v@({_types.pattern(kind)}) = {constructor} (CrosstuneWire.from v)\n"
        for constructor, kind in ordered
    )
    writing = "".join(f"  to ({constructor} v) = CrosstuneWire.to v\n" for constructor, _ in parts)
    return (
        f"instance CrosstuneWire.FromWire {name} where\n{reading}"
        f"instance CrosstuneWire.ToWire {name} where\n{writing}"
    )
