"""How the judge itself calls functions of candidates in languages for the Java machine, by declared types.

A class `CrosstuneCalls`, written in the language, is compiled with the candidate: what it calls has the types
that are declared, or it does not compile. The server (server.java) calls it with values that are already of
these types (values.java); the language's `CrosstuneValues` makes those that only it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages._arguments import (
    BOOL,
    FLOAT,
    TEXT,
    CallPlan,
    CallTarget,
    FreeWriter,
    Likeness,
    Shape,
    ShapeWriter,
    integer,
    text,
    whole,
)
from crosstune.languages._type_text import TypeText
from crosstune.records import Program

CALLS = "CrosstuneCalls"
SCALARS = {
    "Int": integer(32),
    "Long": Shape("made", (integer(64),), name="Long"),
    "Short": Shape("made", (integer(16),), name="Short"),
    "Byte": Shape("made", (integer(8),), name="Byte"),
    "Double": FLOAT,
    "Float": Shape("single"),
    "Boolean": BOOL,
    "Char": Shape("character", most=0xFFFF),
    "String": TEXT,
}
PRIMITIVES = {
    "Int": "I",
    "Long": "J",
    "Short": "S",
    "Byte": "B",
    "Double": "D",
    "Float": "F",
    "Boolean": "Z",
    "Char": "C",
}
"""Those of which arrays consist, and the names of these in the machine."""
_IO_ERRORS = ("FileNotFoundException", "EOFException", "UncheckedIOException")
ERROR_BASES = {
    "NumberFormatException": "IllegalArgumentException",
    "ArrayIndexOutOfBoundsException": "IndexOutOfBoundsException",
    "StringIndexOutOfBoundsException": "IndexOutOfBoundsException",
    "InputMismatchException": "NoSuchElementException",
    "UninitializedPropertyAccessException": "RuntimeException",
    **dict.fromkeys(_IO_ERRORS, "IOException"),
    **dict.fromkeys(
        (
            *("IllegalArgumentException", "IllegalStateException", "IndexOutOfBoundsException"),
            *("ArithmeticException", "ClassCastException", "NoSuchElementException", "MatchError"),
            *("NullPointerException", "UnsupportedOperationException", "NegativeArraySizeException"),
            *("ConcurrentModificationException", "EmptyStackException"),
        ),
        "RuntimeException",
    ),
    **dict.fromkeys(("RuntimeException", "IOException", "CloneNotSupportedException"), "Exception"),
    **dict.fromkeys(("AssertionError", "StackOverflowError", "NotImplementedError"), "Error"),
    **dict.fromkeys(("Exception", "Error"), "Throwable"),
}


@dataclass(frozen=True)
class Function:
    """``path`` is what it is called by. ``parameters`` are their types as they are written, with the shapes;
    ``result`` is empty where it has none."""

    path: str
    parameters: tuple[tuple[str, Shape], ...]
    result: str


def plan(program: Program, calls: tuple[str, ...], find: Callable[[str, str], Function]) -> CallPlan:
    """``find`` returns the function of a declaration that a call names.

    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    found = {call: find(program.declaration, call) for call in calls}
    targets = {
        call: CallTarget(call, parameters=tuple(shape for _, shape in each.parameters))
        for call, each in found.items()
    }
    return CallPlan(
        targets=targets,
        entry_points=tuple(calls),
        declaration=program.declaration,
        candidate=program.candidate,
        write=FREE.value,
        likeness=Likeness(error_bases=ERROR_BASES),
    )


def array(item: TypeText, shape: Shape, boxed: bool) -> Shape:
    """An array: its name in the machine, and its items."""
    return Shape("made", (Shape("list", (shape,)),), name=f"[{_machine_name(item, boxed)}")


def _machine_name(item: TypeText, boxed: bool) -> str:
    if item.name == "Array":
        inner = item.arguments[0]
        return f"[{_machine_name(inner, boxed)}"
    if item.name.endswith("Array") and item.name[:-5] in PRIMITIVES:
        return f"[{PRIMITIVES[item.name[:-5]]}"
    if item.name in PRIMITIVES and not boxed:
        return PRIMITIVES[item.name]
    name = {"Int": "Integer", "Char": "Character"}.get(item.name, item.name)
    if name in SCALARS or name in ("Integer", "Character"):
        return f"Ljava.lang.{name};"
    raise DataError(f"an array of the type {item.name} cannot be given")


def _number(value: int) -> bytes:
    """An Int, a Long or a large number."""
    if -(1 << 31) <= value < 1 << 31:
        return whole(value)
    if -(1 << 63) <= value < 1 << 63:
        return b"K" + text("Long") + whole(value)
    return ShapeWriter(FREE.value).value(value, Shape("large"), 0)


FREE: FreeWriter = FreeWriter(b"l", _number)
