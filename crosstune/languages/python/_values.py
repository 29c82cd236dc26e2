"""Values as bytes, on both sides of the pipes between tests and candidate: see docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any

MOST_BYTES = 16 << 20
_DEEPEST = 200
_MOST_ITEMS = 100_000

_U32 = struct.Struct(">I")
_I64 = struct.Struct(">q")
_F64 = struct.Struct(">d")


class Malformed(Exception):
    """Bytes that are no value."""


class TooLong(Exception):
    """A frame that is longer than allowed."""


def encode_text(text: str) -> bytes:
    data = str.encode(text, "utf-8", "surrogatepass")
    return _U32.pack(len(data)) + data


class Opaque:
    """An object of the candidate's own; it equals nothing, not even itself."""

    __slots__ = ("kind",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<an object of type {self.kind}>"
