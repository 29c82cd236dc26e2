"""Hold the results of Kotlin candidates to the declared types."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace

from crosstune.errors import DataError
from crosstune.languages._shared import curly
from crosstune.languages._shared.given_results import Hold, held, qualified
from crosstune.languages.kotlin import _assembly, _calls
from crosstune.languages.kotlin._assembly import LEXIS
from crosstune.records import Program

_PACKAGES = {
    "kotlin": """
        Any Array Boolean BooleanArray Byte ByteArray Char CharArray CharSequence Comparable Double
        DoubleArray Float FloatArray Int IntArray Long LongArray Number Pair Short ShortArray String Triple
        UByte UInt ULong UShort
    """,
    "kotlin.collections": """
        ArrayList Collection HashMap HashSet Iterable Iterator LinkedHashMap LinkedHashSet List Map
        MutableCollection MutableList MutableMap MutableSet Set
    """,
    "kotlin.sequences": "Sequence",
}
_NAMES = {name: f"{package}.{name}" for package, names in _PACKAGES.items() for name in names.split()}
_TYPE = re.compile(r"\b(?:class|interface|object|typealias)\b")


def with_held_results(program: Program) -> Program:
    """The program, whose tests hold the results of the functions that are asked for."""
    if not _TYPE.search(curly.masked(program.candidate, LEXIS)):
        return program  # also a type that is asked for may have operators that nobody asked for
    holds, functions = dict[str, Hold](), list[str]()
    for call in program.entry_points:
        try:
            function = _calls.declared(program.declaration, call)
        except DataError:
            continue
        if kind := qualified(function.result, _NAMES):
            name = f"held{secrets.token_hex(8)}"
            holds[function.name] = Hold(f"{name}(", ")", is_method=bool(function.path))
            functions.append(f"fun {name}(result: {kind}): {kind} = result")
    if not holds:
        return program
    head, body = _assembly.parted(held(program.tests.removeprefix("\ufeff"), "kotlin", holds))
    return replace(program, tests="\n".join((head, *functions, body)))
