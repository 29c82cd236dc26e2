"""How the judge itself calls functions and methods of Python candidates."""

from __future__ import annotations

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import CallPlan, CallTarget, Likeness, written
from crosstune.records import Program


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names neither a function nor a method of a new object.
    """
    targets = {each: _target(each) for each in calls}
    makers = tuple(each.maker for each in targets.values() if each.maker)
    points = call_names.entry_points(program.entry_points, calls)
    return CallPlan(
        targets=targets,
        entry_points=tuple(dict.fromkeys((*points, *makers))),
        declaration=program.declaration,
        candidate=program.candidate,
        write=written,
        likeness=Likeness(sequences=False),
    )


def _target(call: str) -> CallTarget:
    owner, is_new, name = call_names.named(call)
    if owner and not is_new:
        raise DataError(f"a case calls {call!r}; a method of a new object is {owner}().{name}")
    return CallTarget(name, maker=owner)
