"""Hold the results of Java candidates to the declared types, where tests share their process."""

from __future__ import annotations

import re
from dataclasses import replace

from crosstune.languages import _call_names as call_names
from crosstune.languages._shared.given_results import Hold, held, qualified
from crosstune.records import Program

_PRIMITIVES = "boolean byte short int long float double char"
_PACKAGES = {
    "java.lang": "Boolean Byte CharSequence Character Double Float Integer Long Number Object Short String",
    "java.math": "BigDecimal BigInteger",
    "java.util": """
        ArrayDeque ArrayList Collection Deque HashMap HashSet Iterator LinkedHashMap LinkedHashSet LinkedList
        List Map Optional PriorityQueue Queue Set SortedMap SortedSet Stack TreeMap TreeSet
    """,
}
_NAMES = {
    **{name: name for name in _PRIMITIVES.split()},
    **{name: f"{package}.{name}" for package, names in _PACKAGES.items() for name in names.split()},
}
_MODIFIERS = r"(?:public|protected|private|static|final|synchronized|strictfp)\s+"


def with_held_results(program: Program) -> Program:
    """The program, whose tests hold the results of the methods that are asked for."""
    holds = dict[str, Hold]()
    for call in program.entry_points:
        name = call_names.named(call)[2]
        if kind := qualified(_declared(program.declaration, name), _NAMES):
            # A conversion is no statement.
            holds[name] = Hold(f"(({kind}) ", ")", is_method=True, is_value=True)
    return replace(program, tests=held(program.tests, "java", holds))


def _declared(declaration: str, name: str) -> str:
    """The declared type of a method's result; empty if it is not found."""
    head = re.compile(rf"(?:{_MODIFIERS})+([\w.<>\[\], ?]+?)\s+{re.escape(name)}\s*\(")
    found = head.findall(declaration)
    return found[-1].strip() if found else ""
