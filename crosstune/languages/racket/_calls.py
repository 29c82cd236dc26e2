"""How the judge itself calls functions of candidates in Racket and Scheme (server.rkt)."""

from __future__ import annotations

import re

from crosstune.languages._arguments import Likeness
from crosstune.languages._shared.scripts.calls import planner
from crosstune.languages._shared.scripts.characters import CharacterWriter

_IDENTIFIER = re.compile(r"(?!\d)[^\s()\[\]{}\",'`;#|\\]+")
_ERROR_BASES = {
    "exn:break": "exn",
    "exn:fail": "exn",
    "exn:fail:contract": "exn:fail",
    "exn:fail:contract:arity": "exn:fail:contract",
    "exn:fail:contract:divide-by-zero": "exn:fail:contract",
    "exn:fail:contract:non-fixnum-result": "exn:fail:contract",
    "exn:fail:contract:continuation": "exn:fail:contract",
    "exn:fail:contract:variable": "exn:fail:contract",
    "exn:fail:filesystem": "exn:fail",
    "exn:fail:out-of-memory": "exn:fail",
    "exn:fail:read": "exn:fail",
    "exn:fail:syntax": "exn:fail",
    "exn:fail:unsupported": "exn:fail",
    "exn:fail:user": "exn:fail",
}


def _wrapper(name: str, owner: str, is_new: bool, method: str) -> str:
    held = f"(new {owner})" if is_new else owner
    required = "(require (only-in racket/class new send/apply))"
    return f"{required}\n(define ({name} . values) (send/apply {held} {method} values))"


CALLS = planner(
    _wrapper,
    CharacterWriter(),
    Likeness(false_is_none=True, error_bases=_ERROR_BASES),
    functions=_IDENTIFIER,
)
