"""Whether Go's tests foresee numbers that are none, as `not_a_number` says of C's and C++'s."""

from __future__ import annotations

import re

from crosstune.languages.go import _imports

# By a function, text or comparison of interfaces, or by a comparison that is negated.
_FORESEEING = re.compile(
    r"(?i:nan)|\bIs(?:Inf|NaN)\b|Float(?:32|64)bits|\bIn(?:Delta|Epsilon)|\bDeepEqual\b|\bassert\b|\brequire\b"
    r"|\b(?:Sprint|Format)\w*|!\s*\("
)
_ITSELF = re.compile(r"\b([\w.]+(?:\[\w+\])?)\s*[!=]=\s*\1(?![\w.\[(])")


def is_foreseen(tests: str) -> bool:
    code = _imports.blanked(tests)
    return bool(_FORESEEING.search(code) or _ITSELF.search(code))
