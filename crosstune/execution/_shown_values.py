"""Values as short texts, for those who read verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crosstune.execution._answers import Fields, Items, Malformed, Pairs, Reader, TooLarge
from crosstune.execution._standard_values import Argument, Failure, Unlike
from crosstune.languages import Likeness

_MOST_CHARACTERS = 200
_MOST_PARTS = 100
_MOST_BITS = 1000


def shown(value: Any) -> str:
    """A value that a case expects, or that a candidate returned, with at most about 200 characters."""
    text = ""
    for part in _parts(value):
        text += part
        if len(text) > _MOST_CHARACTERS:
            return f"{text[:_MOST_CHARACTERS]}…"
    return text


def shown_large(frame: bytes, at: int, likeness: Likeness) -> str:
    """The beginning of a value of a frame that is too large to be read as a whole."""
    reader = Reader(frame, likeness, _MOST_PARTS)
    reader.at = at
    tag = frame[at : at + 1]
    kind = {b"l": "a list of", b"t": "a tuple of", b"S": "a set of", b"m": "a map of"}.get(tag)
    try:
        if kind is None:
            return shown(reader.value())
        reader.take(1)
        count = reader.number()
        entries = 2 if tag == b"m" else 1
        first = list[str]()
        while len(first) < 3 * entries:
            first.append(shown(reader.value()))
        return f"{kind} {count} that begins with {', '.join(first)}"[:_MOST_CHARACTERS]
    except (Malformed, TooLarge, UnicodeDecodeError):
        return "a larger value" if kind is None else f"{kind} many"


def _parts(value: Any) -> Iterator[str]:
    if isinstance(value, list | tuple | set | frozenset | Items):
        yield from _collection(value)
    elif isinstance(value, dict | Pairs | Fields):
        yield from _map(value)
    elif isinstance(value, str | bytes):
        yield repr(value[: _MOST_CHARACTERS + 1])
    elif isinstance(value, int) and value.bit_length() > _MOST_BITS:
        yield f"an integer of {value.bit_length()} bits"
    elif isinstance(value, Unlike):
        yield value.what
    elif isinstance(value, Failure):
        yield "Err("
        yield from _parts(value.value)
        yield ")"
    elif isinstance(value, Argument):
        yield f"argument {value.position + 1}"
    else:
        yield repr(value)[: _MOST_CHARACTERS + 1]


def _collection(value: Any) -> Iterator[str]:
    brackets = "[]" if isinstance(value, list) else "()" if isinstance(value, tuple) else "{}"
    items = value.items if isinstance(value, Items) else value
    yield brackets[0]
    for at, each in enumerate(items):
        yield ", " if at else ""
        yield from _parts(each)
    yield ",)" if brackets == "()" and len(items) == 1 else brackets[1]


def _map(value: Any) -> Iterator[str]:
    if isinstance(value, Fields):
        yield value.name[:60]
        pairs = list(value.values.items())
    else:
        pairs = value.pairs if isinstance(value, Pairs) else list(value.items())
    yield "{"
    for at, (key, each) in enumerate(pairs):
        yield ", " if at else ""
        yield from _parts(key)
        yield ": "
        yield from _parts(each)
    yield "}"
