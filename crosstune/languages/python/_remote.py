"""Objects of the candidate's process, as the tests have them; `_stub` loads this file by its path."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator
from typing import Any

# How far an object is as good as one that the tests have made: not, as what contains values, or wholly.
NOT_MADE, CONTAINS, MADE = range(3)

_FIRST_ITEMS = 16
"""So many items of an iterator are asked for one by one, as the tests ask for them."""
_MOST_ITEMS = 1024


class Method:
    """A method of an object in the candidate's process. ``place``: the number of the object, and the name."""

    def __init__(self, candidate: Any, place: tuple[int, str], made: int) -> None:
        self._candidate, self.place, self._made = candidate, place, made

    def __call__(self, *positional: Any, **named: Any) -> Any:
        return self._candidate.call_method(self.place, self._made, positional, named)


class RemoteIterator:
    """An iterator in the candidate's process.

    The first items are asked for one by one. Later ones are read ahead, at most as many as before. One that
    yields an object which it has yielded before, or changes it, changes that of the tests, too.
    """

    def __init__(self, candidate: Any, number: int, made: int, update: Callable[[Any, Any], None]) -> None:
        self._candidate, self._number, self._made, self._update = candidate, number, made, update
        self._items = collections.deque[Any]()
        self._kept: list[Any] = []
        self._asked = 0
        self._end: BaseException | None = None

    def __iter__(self) -> RemoteIterator:
        return self

    def __next__(self) -> Any:
        if not self._items and self._end is None:
            self._read()
        if self._items:
            return self._items.popleft()
        end, self._end = self._end, None
        if end is not None:
            self._candidate.throw(end)
        raise StopIteration

    def __getattr__(self, name: str) -> Any:
        """A method of a generator, such as ``send``."""
        if name.startswith("_"):
            raise AttributeError(name)
        self.give_back()
        return self._candidate.attribute(self._number, name)

    def _read(self) -> None:
        count = 1 if self._asked < _FIRST_ITEMS else min(self._asked, _MOST_ITEMS)
        items, self._end, changes = self._candidate.items(self._number, count, self._made)
        for at, value in changes:
            self._update(self._kept[at], value)
        self._items.extend(self._known(at, value) for at, value in items)
        self._asked += len(items)

    def _known(self, at: int, value: Any) -> Any:
        """The object that the tests have, where the candidate yields one again."""
        if at < 0:
            return value
        if at == len(self._kept):
            self._kept.append(value)
        self._update(self._kept[at], value)
        return self._kept[at]

    def give_back(self) -> int:
        """Let the candidate go on where the tests are; return the number by which it knows the iterator."""
        if self._items:
            self._candidate.method(self._number, "__unread__")(len(self._items))
            self._items.clear()
        return self._number


class Remote:
    """An object in the candidate's process.

    Its operators are the candidate's code, so tests get only those that they use on objects which they have
    made: an object where they expect a value would otherwise equal whatever its class says. One that is not
    ``made``, by the tests or where they expect an object, is never compared with a value, nor added to one.
    What it contains and shows are values, so those may be asked for.
    """

    def __init__(self, candidate: Any, number: int, made: int) -> None:
        object.__setattr__(self, "_crosstune_candidate", candidate)
        object.__setattr__(self, "_crosstune_number", number)
        object.__setattr__(self, "_crosstune_made", made)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _SEEN:
            raise AttributeError(name)
        if name in _TELLING and self._crosstune_made < MADE:
            raise TypeError(f"the candidate returned an object where the tests expect a value ({name})")
        return self._crosstune_candidate.attribute(self._crosstune_number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._crosstune_candidate.method(self._crosstune_number, "__setattr__")(name, value)

    def __delattr__(self, name: str) -> None:
        self._crosstune_candidate.method(self._crosstune_number, "__delattr__")(name)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Remote):
            if other._crosstune_number == self._crosstune_number:
                return True
        elif self._crosstune_made < MADE or "eq value" not in self._crosstune_candidate.operations:
            return False
        return self._crosstune_candidate.method(self._crosstune_number, "__eq__")(other) is True

    def __hash__(self) -> int:
        return int(self._crosstune_candidate.method(self._crosstune_number, "__hash__")())

    def __bool__(self) -> bool:
        """What it is worth to ``if``."""
        return self._crosstune_candidate.method(self._crosstune_number, "__bool__")() is True

    def __repr__(self) -> str:
        return str(self._crosstune_candidate.method(self._crosstune_number, "__repr__")())

    def __str__(self) -> str:
        return str(self._crosstune_candidate.method(self._crosstune_number, "__str__")())

    def __format__(self, how: str) -> str:
        return str(self._crosstune_candidate.method(self._crosstune_number, "__format__")(how))

    def __contains__(self, item: object) -> bool:
        made = self._crosstune_made >= CONTAINS and "contains" in self._crosstune_candidate.operations
        if made or isinstance(item, Remote):
            return self._crosstune_candidate.method(self._crosstune_number, "__contains__")(item) is True
        return any(each is item or each == item for each in self)

    def __iter__(self) -> Iterator[Any]:
        found = self._crosstune_ask("iter", ())
        if isinstance(found, (Remote, RemoteIterator)):
            return found
        return iter(found)

    def _crosstune_ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
        made = self._crosstune_made == MADE
        method = self._crosstune_candidate.method
        return method(self._crosstune_number, f"__{name}__", owner_is_made=made)(*arguments)


_TELLING = frozenset(
    """
    startswith endswith count index find rindex rfind issubset issuperset isdisjoint union intersection
    difference symmetric_difference
    """.split()  # noqa: SIM905
)
"""Methods of values to which tests pass what they expect."""
_SEEN = frozenset({"__name__", "__qualname__", "__doc__", "__wrapped__"})
"""Special attributes, of functions mostly, that tests may ask for."""
_SPECIAL = """
len getitem setitem delitem next lt le gt ge add radd sub rsub mul rmul
truediv rtruediv floordiv rfloordiv mod rmod pow rpow neg pos abs and rand or ror xor rxor invert
matmul lshift rshift enter exit int float index copy deepcopy reversed
"""
_ORDER = frozenset("lt le gt ge".split())  # noqa: SIM905
_FREE = frozenset(
    """
    len getitem setitem delitem next enter exit copy deepcopy reversed neg pos abs invert int float index
    """.split()  # noqa: SIM905
)
"""Those that do not set an object beside a value, as comparisons and arithmetic do."""


def _special(name: str) -> Callable[..., Any]:
    def method(self: Remote, *arguments: Any) -> Any:
        if not _is_allowed(self, name, arguments):
            raise TypeError(f"the candidate returned an object where the tests expect a value ({name})")
        found = self._crosstune_ask(name, () if name == "deepcopy" else arguments)
        return found and not _is_final(*arguments[:1]) if name == "exit" else found

    method.__name__ = f"__{name}__"
    return method


def _is_final(error: Any) -> bool:
    """Whether a block of the tests has ended by a failed assertion, or as their runner ends one."""
    return isinstance(error, type) and (issubclass(error, AssertionError) or not issubclass(error, Exception))


def _is_allowed(owner: Remote, name: str, arguments: tuple[Any, ...]) -> bool:
    if name in _FREE:
        return True
    alone = all(isinstance(each, Remote) for each in arguments)
    if name in _ORDER and alone:
        return True
    made = bool(owner._crosstune_made == MADE) or (alone and bool(arguments))  # noqa: SLF001
    return made and name in owner._crosstune_candidate.operations  # noqa: SLF001


def _call(self: Remote, *arguments: Any, **named: Any) -> Any:
    made = self._crosstune_made == MADE
    method = self._crosstune_candidate.method
    return method(self._crosstune_number, "__call__", owner_is_made=made)(*arguments, **named)


for _name in _SPECIAL.split():
    setattr(Remote, f"__{_name}__", _special(_name))
Remote.__call__ = _call  # type: ignore[method-assign]
Remote.__doc__ = property(lambda self: self.__getattr__("__doc__"))  # type: ignore[assignment]
