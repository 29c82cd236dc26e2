"""How the judge itself calls functions and methods of candidates in dynamically typed languages."""

from __future__ import annotations

import re
from collections.abc import Callable

from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import CallPlan, CallTarget, FreeWriter, Likeness
from crosstune.records import Program

Wrapper = Callable[[str, str, bool, str], str]
"""Writes a function: its name, the class whose method it calls, whether of a new object, and the method."""

Planner = Callable[[Program, tuple[str, ...]], CallPlan]


def planner(
    wrapper: Wrapper, writer: FreeWriter, likeness: Likeness, functions: re.Pattern[str] | None = None
) -> Planner:
    """What plans the calls: a method becomes a function that ``wrapper`` writes after the candidate,
    ``writer`` writes arguments, and ``likeness`` is what the language cannot tell apart. What matches
    ``functions`` is the name of a function or class: some languages have names that are none elsewhere."""

    def parts(call: str) -> tuple[str, bool, str]:
        owner, is_new, name = call.rpartition("().")
        is_named = functions and all(map(functions.fullmatch, filter(None, (owner, name))))
        return (owner, bool(is_new), name) if is_named else call_names.named(call)

    def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
        targets, wrappers, owners = dict[str, CallTarget](), list[str](), list[str]()
        for number, call in enumerate(calls):
            owner, is_new, name = parts(call)
            owners.append(owner or name)
            targets[call] = CallTarget(f"crosstune_call_{number}" if owner else name)
            if owner:
                wrappers.append(wrapper(targets[call].function, owner, is_new, name))
        points = program.entry_points or owners
        names = (each.function for each in targets.values())
        return CallPlan(
            targets=targets,
            entry_points=tuple(dict.fromkeys((*(each for each in points if "." not in each), *names))),
            declaration=program.declaration,
            candidate="\n".join((program.candidate, *wrappers)),
            write=writer.value,
            likeness=likeness,
        )

    return plan
