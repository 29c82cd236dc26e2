"""Hold the results of D candidates to the declared types."""

from __future__ import annotations

import re
import secrets

from crosstune.languages._shared.given_results import Hold, held, qualified
from crosstune.records import Program

_KEYWORDS = """
bool byte ubyte short ushort int uint long ulong float double real char wchar dchar const immutable
"""
_NAMES = {
    **{name: name for name in _KEYWORDS.split()},
    # A candidate may take these names.
    "string": "immutable(char)[]",
    "wstring": "immutable(wchar)[]",
    "dstring": "immutable(dchar)[]",
    "size_t": "typeof(int.sizeof)",
}
_OWN_TYPE = re.compile(r"\b(?:struct|class|union|interface|alias|enum|template|mixin)\b")


def with_held_results(program: Program) -> tuple[str, tuple[str, ...]]:
    """The tests, which hold the results of the functions that are asked for, and what they call for that."""
    holds, functions = dict[str, Hold](), list[str]()
    for name in program.entry_points if _OWN_TYPE.search(program.candidate) else ():
        kind = qualified(_declared(program.declaration, name), _NAMES)
        if kind:
            own = f"held{secrets.token_hex(8)}"
            holds[name] = Hold(f"{own}(", ")", is_method=True)
            functions.append(f"auto {own}()({kind} result) {{ return result; }}")
    return held(program.tests, "d", holds), tuple(functions)


def _declared(declaration: str, name: str) -> str:
    """The declared type of a function's result; empty if it is not found."""
    heads = re.findall(rf"^[ \t]*([\w()\[\], ]*[\w)\]])\s+{re.escape(name)}\s*\(", declaration, re.MULTILINE)
    return heads[-1] if heads else ""
