"""Precompile the includes with which programs begin: a known preamble, or a block that has occurred before.

A precompiled header has exactly the content of the lines that it replaces. These lines, at the beginning of
the program, become blank.
"""

from __future__ import annotations

import collections
import re
import threading

from crosstune.languages._shared.native import precompiled
from crosstune.languages._shared.native.precompiled import CompilerSettings

# A block of includes is precompiled at this occurrence, because that takes as long as several programs.
_OCCURRENCES = 4
# Each takes 3 MB for C and up to 60 MB for C++; the usual standard needs two for each block.
_MOST_HEADERS = 48

# The judge has its own version of this header, which does not depend on the others.
_REPLACED = frozenset({"assert.h", "cassert"})

_seen: collections.Counter[str] = collections.Counter()
_lock = threading.Lock()
_LINE = re.compile(
    r"[ \t]*#[ \t]*include[ \t]*<([\w./+]+)>[ \t]*|[ \t]*using[ \t]+namespace[ \t]+std;[ \t]*|[ \t]*"
)


def split(
    settings: CompilerSettings, headers: frozenset[str], code: str
) -> tuple[CompilerSettings | None, str]:
    """The settings of a header that is precompiled for the beginning of ``code``, if any, and ``code``
    without that beginning.

    ``headers`` are those that a block may include.
    """
    known = settings.preamble.strip("\n")
    text = code.lstrip("\n")
    rest = text.removeprefix(known)
    if known and text.startswith(known) and rest[:1] in ("", "\n"):
        return settings, rest
    block, rest = _block(text, headers)
    found = _of_block(settings, block)
    return found, rest if found else code


def _block(text: str, headers: frozenset[str]) -> tuple[str, str]:
    """The lines to precompile, and ``text`` with blank lines in their place."""
    lines = text.splitlines(keepends=True)
    block = []
    for number, line in enumerate(lines):
        match = _LINE.fullmatch(line.rstrip("\r\n"))
        if not match or not line.endswith("\n") or not (not match[1] or match[1] in headers | _REPLACED):
            break
        if match[1] not in _REPLACED:
            block.append(" ".join(line.split()))
            lines[number] = "\n"
    return "".join(f"{line}\n" for line in block if line), "".join(lines)


def _of_block(settings: CompilerSettings, block: str) -> CompilerSettings | None:
    if "#" not in block:
        return None
    with _lock:
        _seen[block] += 1
        if _seen[block] < _OCCURRENCES:
            return None
        home = precompiled.folder(settings).parent
        mine = settings.beginning_with(block)
        if not precompiled.is_made(mine) and len(list(home.glob("*/*.gch"))) >= _MOST_HEADERS:
            return None
        folder = precompiled.folder(mine)
        # Programs only see the folders next to that of ``settings``.
        return mine if folder.parent == home else None
