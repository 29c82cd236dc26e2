"""How the judge itself calls procedures of candidates in Tcl (serve.tcl), and reads what they return."""

from __future__ import annotations

import re

from crosstune.languages._arguments import FREE, Likeness
from crosstune.languages._shared.scripts.calls import planner
from crosstune.languages.tcl import _words

_NAME = re.compile(r"(?!\d)(?:[\w.?!*+-]|::)+")


def _wrapper(name: str, owner: str, is_new: bool, method: str) -> str:
    held = f"[{owner} new]" if is_new else owner
    return f"proc {name} {{args}} {{ return [{held} {method} {{*}}$args] }}"


CALLS = planner(
    _wrapper,
    FREE,
    Likeness(text_keys=True, texts=_words),
    functions=_NAME,
)
