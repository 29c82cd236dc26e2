"""What the tests lend to the candidate: functions, iterators and objects that stay in their process.

`_server` loads this file by its path.
"""

from __future__ import annotations

import importlib
import itertools
import operator
from collections.abc import Callable, Generator, Iterator
from typing import Any

Ask = Callable[..., Any]
"""Calls a method of something that the tests have lent, by its number; a function's own is ``__call__``."""


class Lent:
    """What has been lent by now; each is one object here."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}

    def object(self, parts: Any) -> Any:
        """The object here, from its number, kind and name, and what else it has."""
        number, kind, name, more = parts
        if number not in self._objects:
            made = _MAKERS[kind](self._ask, number, name, more)
            self._objects[number], self._numbers[id(made)] = made, number
        return self._objects[number]

    def number_of(self, value: Any) -> int | None:
        return self._numbers.get(id(value))


def _function(ask: Ask, number: int, name: str, doc: str | None) -> Callable[..., Any]:
    def lent(*positional: Any, **named: Any) -> Any:
        return ask(number, "__call__", positional, named)

    lent.__name__ = lent.__qualname__ = name
    lent.__module__, lent.__doc__ = "__main__", doc
    return lent


def _iterator(ask: Ask, number: int, *_: object) -> Generator[Any, None, Any]:
    while True:
        try:
            item = ask(number, "__next__", (), {})
        except StopIteration as end:
            return end.value
        yield item


class _Object:
    """An object of the tests."""

    def __init__(self, ask: Ask, number: int) -> None:
        self.__dict__.update(_lent=(ask, number))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        ask, number = self.__dict__["_lent"]
        return ask(number, "__getattribute__", (name,), {})

    def __setattr__(self, name: str, value: Any) -> None:
        ask, number = self._lent
        ask(number, "__setattr__", (name, value), {})


def _special(name: str) -> Callable[..., Any]:
    def method(self: Any, *positional: Any, **named: Any) -> Any:
        ask, number = self._lent
        return ask(number, name, positional, named)

    method.__name__ = name
    return method


_OPERATORS = "add sub mul truediv floordiv mod pow and or xor lshift rshift matmul".split()  # noqa: SIM905
_SPECIAL = [
    *(f"__{name}__" for name in _OPERATORS),
    *(f"__r{name}__" for name in _OPERATORS),
    *"__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __len__ __iter__ __next__ __getitem__".split(),  # noqa: SIM905
    *"__setitem__ __delitem__ __contains__ __bool__ __str__ __repr__ __int__ __float__ __index__".split(),  # noqa: SIM905
    *"__abs__ __neg__ __call__ __enter__ __exit__".split(),  # noqa: SIM905
]


def _of_class(ask: Ask, number: int, name: str, special: str) -> Any:
    """An object whose class has the special methods that the tests' has."""
    body = {each: _special(each) for each in set(special.split()).intersection(_SPECIAL)}
    return type(name, (_Object,), body)(ask, number)


_MAKERS: dict[str, Callable[..., Any]] = {"function": _function, "iterator": _iterator, "object": _of_class}


def named(parts: Any) -> Any:
    """A function of the standard library, from its module and its name there."""
    module, path = parts
    return operator.attrgetter(path)(importlib.import_module(module))


def unread(items: list[Any], iterator: Iterator[Any]) -> Iterator[Any]:
    """The iterator as it was before these items."""
    return itertools.chain(items, iterator)
