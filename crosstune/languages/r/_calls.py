"""How the judge itself calls functions of candidates in R (serve.R, decode.R, encode.R)."""

from __future__ import annotations

import re
import struct

from crosstune.languages._arguments import DoesNotFit, Likeness
from crosstune.languages._shared.scripts.calls import planner
from crosstune.languages._shared.scripts.characters import CharacterWriter

_NAME = re.compile(r"(?!_|\d)[\w.]+", re.ASCII)
_DOUBLE_BITS = 1024


def _number(value: int) -> bytes:
    """An integer as the double that equals it, which is what R's literals are."""
    if value.bit_length() >= _DOUBLE_BITS or int(float(value)) != value:
        raise DoesNotFit(f"{str(value)[:40]} is no number of R: no double equals it")
    return b"d" + struct.pack(">d", float(value))


def _wrapper(name: str, owner: str, is_new: bool, method: str) -> str:
    return f"{name} <- function(...) {owner}{'$new()' if is_new else ''}${method}(...)"


CALLS = planner(
    _wrapper,
    CharacterWriter(number=_number, zeros=False),
    Likeness(
        empty_is_none=True,
        text_keys=True,
        first_key=1,
        single=True,
        error_bases={
            "simpleError": "error",
            "expressionStackOverflowError": "error",
            "CStackOverflowError": "error",
        },
    ),
    functions=_NAME,
)
