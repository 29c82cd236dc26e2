"""How the judge itself calls functions and methods of candidates in JavaScript and TypeScript."""

from __future__ import annotations

import struct
from typing import Any

from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import CallPlan, CallTarget, FreeWriter, Likeness, text, whole
from crosstune.records import Program

_F64 = struct.Struct(">d").pack
_DOUBLE_BITS = 1024
LIKENESS = Likeness(text_keys=True)


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names neither a function nor a method.
    """
    targets, wrappers, names = dict[str, CallTarget](), list[str](), list[str]()
    typed = ": any[]" if program.language == "typescript" else ""
    for number, call in enumerate(calls):
        owner, is_new, name = call_names.named(call)
        targets[call] = CallTarget(f"crosstune_call_{number}" if owner else name)
        if owner:
            held = f"(new ({owner} as any)())" if typed else f"(new {owner}())"
            held = held if is_new else f"({owner} as any)" if typed else owner
            head = f"function crosstune_call_{number}(...values{typed}){': any' if typed else ''}"
            wrappers.append(f"{head} {{ return {held}.{name}(...values); }}")
        names.append(targets[call].function)
    points = call_names.entry_points(program.entry_points, calls)
    return CallPlan(
        targets=targets,
        entry_points=tuple(dict.fromkeys((*(each for each in points if "." not in each), *names))),
        declaration=program.declaration,
        candidate="\n".join((program.candidate, *wrappers)) if wrappers else program.candidate,
        write=WRITER.value,
        likeness=LIKENESS,
    )


def _number(value: int) -> bytes:
    """A floating-point number or, where none is equal, a BigInt."""
    exact = value.bit_length() < _DOUBLE_BITS and int(float(value)) == value
    return b"d" + _F64(float(value)) if exact else whole(value)


def _map(writer: FreeWriter, value: dict[Any, Any], depth: int) -> bytes:
    """An object or, where a key is no text and no integer, a Map."""
    if all(isinstance(key, str | int) and not isinstance(key, bool) for key in value):
        return writer.plain_map({str(key): each for key, each in value.items()}, depth)
    flat = [part for pair in value.items() for part in pair]
    return b"K" + text("Map") + writer.value([flat, 0], depth + 1)


WRITER = FreeWriter(b"l", _number, _map)
