"""What a text means in a language whose values are all texts, where a value of a type is expected."""

from __future__ import annotations

from typing import Any

from crosstune.execution._answers import Items, Pairs
from crosstune.languages import TextValues


def meant(expected: Any, given: str, texts: TextValues) -> Any:
    """What the text ``given`` is as a value of the type of ``expected``; the text itself if it is none."""
    if isinstance(expected, list | tuple | set | frozenset | dict):
        words = texts.words(given)
        return given if words is None else _container(expected, given, words, texts)
    if expected is None:
        return given or None
    if isinstance(expected, bytes):
        return given.encode("latin-1") if all(each < "\u0100" for each in given) else given
    if isinstance(expected, bool):
        return _or(given, texts.truth(given))
    return _or(given, texts.number(given)) if isinstance(expected, int | float) else given


def _container(expected: Any, given: str, words: list[str], texts: TextValues) -> Any:
    if isinstance(expected, dict):
        return given if len(words) % 2 else Pairs(list(zip(words[::2], words[1::2], strict=True)))
    return Items(_members(expected, words, texts)) if isinstance(expected, set | frozenset) else words


def _or(given: str, found: Any) -> Any:
    return given if found is None else found


def _members(expected: set[Any] | frozenset[Any], words: list[str], texts: TextValues) -> list[Any]:
    """The members of a set, as values of the type that those have which are expected."""
    example = next(iter(expected), "")
    return [meant(example, each, texts) for each in words]
