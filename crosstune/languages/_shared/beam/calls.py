"""How the judge itself calls functions of Erlang and Elixir candidates: with values as they are."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crosstune.languages._arguments import ANY, CallPlan, CallTarget, DoesNotFit, FreeWriter, Likeness
from crosstune.records import Program


@dataclass(frozen=True)
class Function:
    """``name`` is what the server knows it by."""

    name: str
    arity: int


@dataclass(frozen=True)
class _Writer(FreeWriter):
    """The machine's numbers are finite."""

    def value(self, value: Any, depth: int) -> bytes:
        """
        Raises:
            DoesNotFit: the machine has no such value.
        """
        if isinstance(value, float) and not math.isfinite(value):
            raise DoesNotFit(f"a number that is not finite ({value})")
        return super().value(value, depth)


def plan(program: Program, calls: tuple[str, ...], find: Callable[[str, str], Function]) -> CallPlan:
    """``find`` returns the function of a declaration that a call names.

    Raises:
        DataError: a call names nothing that is declared.
    """
    found = {call: find(program.declaration, call) for call in calls}
    targets = {call: CallTarget(each.name, parameters=(ANY,) * each.arity) for call, each in found.items()}
    return CallPlan(
        targets=targets,
        entry_points=tuple(calls),
        declaration=program.declaration,
        candidate=program.candidate,
        write=_Writer().value,
        likeness=Likeness(),
    )
