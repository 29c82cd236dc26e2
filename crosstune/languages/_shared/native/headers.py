"""What a program begins with, compiled beforehand: the known preamble, or a block of includes seen before.

A precompiled header says the same as the lines that it stands for, no more: only lines that a program really
begins with are replaced, and blank ones take their place.
"""

from __future__ import annotations

import collections
import re
import threading
from pathlib import Path

from crosstune.languages._shared.native import precompiled
from crosstune.languages._shared.native.precompiled import Recipe

# A block of includes is compiled when it has come as often as this: that takes as long as some programs.
_OFTEN = 4
# Each takes 3 MB in C, up to 40 MB in C++.
_MOST = 24

# This one is another here, and needs nothing of the others.
_OURS = frozenset({"assert.h", "cassert"})

_seen: collections.Counter[str] = collections.Counter()
_lock = threading.Lock()
_LINE = re.compile(
    r"[ \t]*#[ \t]*include[ \t]*<([\w./]+)>[ \t]*|[ \t]*using[ \t]+namespace[ \t]+std;[ \t]*|[ \t]*"
)


def split(recipe: Recipe, headers: frozenset[str], code: str) -> tuple[Path | None, str]:
    """The header to include for the beginning of ``code``, if one is prepared, and ``code`` without it.

    ``headers`` are those that a block may include.
    """
    known = recipe.preamble.strip("\n")
    text = code.lstrip("\n")
    rest = text.removeprefix(known)
    if known and text.startswith(known) and rest[:1] in ("", "\n"):
        return precompiled.folder(recipe), rest
    block, rest = _block(text, headers)
    place = _of_block(recipe, block)
    return place, rest if place else code


def _block(text: str, headers: frozenset[str]) -> tuple[str, str]:
    """The lines to compile, and ``text`` with blank ones in their place."""
    lines = text.splitlines(keepends=True)
    block = []
    for number, line in enumerate(lines):
        found = _LINE.fullmatch(line.rstrip("\r\n"))
        if not found or not line.endswith("\n") or not (not found[1] or found[1] in headers | _OURS):
            break
        if found[1] not in _OURS:
            block.append(" ".join(line.split()))
            lines[number] = "\n"
    return "".join(f"{line}\n" for line in block if line), "".join(lines)


def _of_block(recipe: Recipe, block: str) -> Path | None:
    if "#" not in block:
        return None
    with _lock:
        _seen[block] += 1
        if _seen[block] < _OFTEN:
            return None
        home = precompiled.folder(recipe).parent
        mine = recipe.beginning_with(block)
        if not precompiled.is_made(mine) and len(list(home.glob("*/*.gch"))) >= _MOST:
            return None
        place = precompiled.folder(mine)
        # Programs see the folders beside the recipe's own alone.
        return place if place.parent == home else None
