"""What is wrong in HumanEvalPack's own data, by row.

Mended where they are read, in `humanevalpack`: Go/10, 32, 38 and 50 keep a function that their tests or
solutions call in the prompt alone, and CPP/38's declaration goes on into the body.

A row that stands here is judged and counted like any other, as in published rates; beside a rate stands how
many there are and the rate without them. The gate takes neither a canonical solution of it that fails nor a
buggy one that passes for a fault of the judge.
"""

from __future__ import annotations

_COMMA = "the test writes a tuple as (a, b), which is the comma operator: a right answer fails"

DEFECTS = {
    "JavaScript/87": _COMMA,
    "JavaScript/107": _COMMA,
    "JavaScript/136": _COMMA,
    "JavaScript/155": _COMMA,
    "Go/27": "the canonical solution imports a package in vain: it compiles only because imports are merged",
    "Go/95": "the canonical solution depends on a map's order, which Go picks anew: one run in eight fails",
    "CPP/23": "the function is named strlen: the test picks the C library's, so all that compiles passes",
    "Rust/32": "the test is a randomised Newton iteration that often does not end",
}
