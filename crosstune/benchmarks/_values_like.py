"""Values of JSON with the Python types of an example: JSON has lists for tuples and sets, and texts for
complex numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_SEQUENCES = (tuple, list, set, frozenset)


def arguments_like(calls: Sequence[Sequence[Any]], given: Sequence[Any]) -> list[Any]:
    """The arguments ``given``, each with the types of those at its position in the example ``calls``."""
    return [
        like([call[position] for call in calls if position < len(call)], value)
        for position, value in enumerate(given)
    ]


def like(examples: Sequence[Any], value: Any) -> Any:
    """``value`` with the types that ``examples`` have at the same place; the items of a sequence, and the
    values of a dictionary, have those of all items of the examples. What no example shows stays as it is."""
    if isinstance(value, list):
        return _sequence(examples, value)
    if isinstance(value, dict):
        inner = [item for each in examples if isinstance(each, dict) for item in each.values()]
        return {key: like(inner, item) for key, item in value.items()}
    if isinstance(value, str) and any(isinstance(each, int | float | complex) for each in examples):
        return _number(value)
    return value


def _sequence(examples: Sequence[Any], value: list[Any]) -> Any:
    known = [each for each in examples if isinstance(each, _SEQUENCES)]
    if not known and any(isinstance(each, dict) for each in examples):
        return set(value) if value else {}  # a dictionary without items is an empty list in JSON, as is a set
    if known and all(map(_nests, known)):
        return _tuples(value)
    inner = [item for each in known for item in each]
    items = [like(inner, each) for each in value]
    kinds = {type(each) for each in known}
    return kinds.pop()(items) if len(kinds) == 1 else items


def _nests(example: Any) -> bool:
    """Whether it is a tuple of values and of tuples, whose inner ones may have tuples in turn."""
    inner = [each for each in example if isinstance(each, _SEQUENCES)]
    return (
        isinstance(example, tuple)
        and 0 < len(inner) < len(example)
        and all(isinstance(each, tuple) for each in inner)
    )


def _tuples(value: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuples(each) if isinstance(each, list) else each for each in value)


def _number(text: str) -> Any:
    """The number in ``text``; ``text`` itself if it is none."""
    for kind in (float, complex):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
