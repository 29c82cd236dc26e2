"""Known defects in HumanEvalPack's own data, by row.

`humanevalpack` repairs further defects when it reads the rows: Go/10, 32, 38 and 50 define a function that
their tests or solutions call in the prompt only, and CPP/38's declaration extends into the body.

A row listed here is judged and counted like any other, as in published rates; reports also give the number
of such rows and the rate without them. The gate does not count a failing canonical solution, or a passing
buggy solution, of such a row as an error of the judge.
"""

from __future__ import annotations

_COMMA = "the test writes a tuple as (a, b), which is the comma operator: a correct answer fails"

DEFECTS = {
    "JavaScript/87": _COMMA,
    "JavaScript/107": _COMMA,
    "JavaScript/136": _COMMA,
    "JavaScript/155": _COMMA,
    "Go/27": "the canonical solution imports an unused package: it compiles only because imports are merged",
    "Go/95": "the canonical solution depends on a map's order, which is random in Go: one run in eight fails",
    "CPP/23": "the function is named strlen: the test calls the C library's, so all that compiles passes",
    "Rust/32": "the test is a randomised Newton iteration that often does not terminate",
}
