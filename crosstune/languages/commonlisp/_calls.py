"""How the judge itself calls functions of Common Lisp candidates (server.lisp)."""

from __future__ import annotations

import re

from crosstune.languages._arguments import FREE, Likeness
from crosstune.languages._shared.scripts.calls import planner

_SYMBOL = re.compile(r"(?!\d)[^\s()\"',;`|#:.]+")
_ERRORS = (
    *("arithmetic-error", "type-error", "control-error", "program-error", "cell-error", "file-error"),
    *("package-error", "parse-error", "print-not-readable", "stream-error", "simple-error"),
)
_ERROR_BASES = {
    **dict.fromkeys(("division-by-zero", "floating-point-overflow"), "arithmetic-error"),
    **dict.fromkeys(("floating-point-underflow", "floating-point-inexact"), "arithmetic-error"),
    "floating-point-invalid-operation": "arithmetic-error",
    **dict.fromkeys(("unbound-variable", "undefined-function", "unbound-slot"), "cell-error"),
    "simple-type-error": "type-error",
    **dict.fromkeys(("end-of-file", "reader-error"), "stream-error"),
    **dict.fromkeys(_ERRORS, "error"),
    **dict.fromkeys(("error", "storage-condition"), "serious-condition"),
    "serious-condition": "condition",
}
CALLS = planner(
    lambda name, owner, _is_new, method: f"(defun {name} (&rest values) (apply #'{owner}::{method} values))",
    FREE,
    Likeness(empty_is_none=True, none_is_false=True, error_bases=_ERROR_BASES),
    functions=_SYMBOL,
)
