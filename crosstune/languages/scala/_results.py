"""Hold the results of Scala candidates to the declared types."""

from __future__ import annotations

import re
from dataclasses import replace

from crosstune.errors import DataError
from crosstune.languages._shared import curly
from crosstune.languages._shared.given_results import Hold, held, qualified
from crosstune.languages.scala import _calls
from crosstune.languages.scala._assembly import LEXIS
from crosstune.records import Program

_PACKAGES = {
    "scala": """
        Any AnyRef AnyVal Array BigDecimal BigInt Boolean Byte Char Double Either Float IndexedSeq Int
        Iterable Iterator List Long Option Seq Short Traversable Vector
    """,
    "scala.collection.immutable": "Map Set",
    "java.lang": "String",
}
_NAMES = {name: f"_root_.{package}.{name}" for package, names in _PACKAGES.items() for name in names.split()}
_TYPE = re.compile(r"\b(?:class|trait|object|type)\b")


def with_held_results(program: Program) -> Program:
    """The program, whose tests hold the results of the functions that are asked for."""
    if not _TYPE.search(curly.masked(program.candidate, LEXIS)):
        return program  # also a type that is asked for may have operators that nobody asked for
    holds = dict[str, Hold]()
    for call in program.entry_points:
        try:
            name, result = _calls.result(program.declaration, call)
        except DataError:
            continue
        if kind := qualified(result, _NAMES):
            holds[name] = Hold("(", f": {kind})", is_method=True)
    return replace(program, tests=held(program.tests.removeprefix("\ufeff"), "scala", holds))
