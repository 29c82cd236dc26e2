"""How the judge itself calls functions of D candidates: by the types that the benchmark declares."""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import CallPlan, CallTarget, FreeWriter, Likeness
from crosstune.languages.d import _types
from crosstune.records import Program

_SERVER = Path(__file__).with_name("server.d")


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    if methods := [each for each in calls if call_names.named(each)[0]]:
        raise DataError(f"a case calls {methods[0]}; in D cases call functions")
    targets = {
        call: CallTarget(call, parameters=_types.parameters(_parameters(program.declaration, call)))
        for call in calls
    }
    return CallPlan(
        targets=targets,
        entry_points=tuple(dict.fromkeys((*call_names.entry_points(program.entry_points, calls), *calls))),
        declaration=program.declaration,
        candidate=program.candidate,
        write=FreeWriter(b"l").value,
        likeness=Likeness(empty_is_none=True),
    )


def _parameters(declaration: str, name: str) -> str:
    """What is between the parentheses of a function.

    Raises:
        DataError: it is not declared.
    """
    heads = list(re.finditer(rf"[\w\])]\s+{re.escape(name)}\s*\(", declaration))
    if not heads:
        raise DataError(f"a case calls {name}, which is not declared")
    begin, depth = heads[-1].end(), 1
    for at in range(begin, len(declaration)):
        depth += (declaration[at] == "(") - (declaration[at] == ")")
        if depth == 0:
            return declaration[begin:at]
    raise DataError(f"the parameters of {name} are not closed")


def server(program: Program) -> str:
    """The code that follows a candidate and serves its functions."""
    cases = "".join(
        f'        case "{name}": return crosstune_answer!({name})(source);\n' for name in program.entry_points
    )
    return _SERVER.read_text("utf-8").replace("        CASES\n", cases)
