"""Hold the results of Kotlin candidates to the declared types, also where the tests pass a function on."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace

from crosstune.errors import DataError
from crosstune.languages._shared import curly
from crosstune.languages._shared.declared_code import separated
from crosstune.languages._shared.given_results import Hold, held, held_references, qualified
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
    holds, references, functions = dict[str, Hold](), dict[str, Hold](), list[str]()
    for call in program.entry_points:
        try:
            function = _calls.declared(program.declaration, call)
        except DataError:
            continue
        if kind := qualified(function.result, _NAMES):
            name = f"held{secrets.token_hex(8)}"
            holds[function.name] = Hold(f"{name}(", ")", is_method=bool(function.path))
            functions.append(f"fun {name}(result: {kind}): {kind} = result")
            if whole := _type(function.parameters, kind):
                references[function.name] = Hold(f"{name}(", ")", is_method=True)
                functions.append(f"fun {name}(function: {whole}): {whole} = function")
    if not holds:
        return program
    tests = held(program.tests.removeprefix("\ufeff"), "kotlin", holds)
    head, body = _assembly.parted(held_references(tests, "kotlin", references))
    return replace(program, tests="\n".join((head, *functions, body)))


def _type(parameters: str, result: str) -> str:
    """The type of a function; empty if a part of it is not the language's own."""
    texts = [each.replace("→", "->") for each in separated(parameters.replace("->", "→"))]
    kinds = [qualified(each.partition(":")[2].partition("=")[0].strip(), _NAMES) for each in texts]
    return "" if "vararg" in parameters or not all(kinds) else f"({', '.join(kinds)}) -> {result}"
