"""Values that contain themselves, or nest deep: which parts of them are written apart, each under a number.

`_values` loads this file by its path.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_HIGHEST = 50
"""So many objects may be within each other in one part; a standard type can take four levels of a value."""

_NESTING = (list, dict, tuple, set, frozenset, collections.deque, collections.UserList, collections.UserDict)
_HELD_AS_DATA = (collections.UserList, collections.UserDict)
# What the number of an object may mean before its parts are known. A tuple cannot be made without them.
_MARKABLE = (list, dict, collections.deque, *_HELD_AS_DATA)


class _Open:
    """An object whose parts are being looked into."""

    def __init__(self, value: Any, parts: Iterable[Any]) -> None:
        self.value, self.parts, self.height = value, iter(parts), 0


def numbered(value: Any, fields_of: Callable[[Any], dict[str, Any] | None]) -> list[Any]:
    """The objects in ``value`` that get a number, such that the rest has no cycle and is not deep; each after
    those of its parts that do not contain it. ``fields_of`` returns a record's; None for any other object."""
    found: dict[int, Any] = {}
    marked: set[int] = set()
    heights: dict[int, int] = {}
    path: dict[int, _Open] = {id(value): _Open(value, _parts(value, fields_of) or ())}
    while path:
        last = path[next(reversed(path))]
        inner = next(last.parts, path)
        if inner is path:
            place = id(path.popitem()[1].value)
            if place in marked or last.height >= _HIGHEST:
                found[place] = last.value
            heights[place] = 0 if place in found else last.height + 1
            if path:
                above = path[next(reversed(path))]
                above.height = max(above.height, heights[place])
        elif id(inner) in path:
            _mark(path, id(inner), marked, fields_of)
        elif id(inner) in heights:
            last.height = max(last.height, heights[id(inner)])
        elif (parts := _parts(inner, fields_of)) is not None:
            path[id(inner)] = _Open(inner, parts)
    return list(found.values())


def _parts(value: Any, fields_of: Callable[[Any], dict[str, Any] | None]) -> Iterable[Any] | None:
    if isinstance(value, _HELD_AS_DATA):
        value = value.data
    if isinstance(value, dict):
        return [*dict.keys(value), *dict.values(value)]
    for kind in _NESTING:
        if isinstance(value, kind):
            items: Iterator[Any] = kind.__iter__(value)  # type: ignore[arg-type]
            return list(items)
    fields = fields_of(value)
    return None if fields is None else list(fields.values())


def _mark(path: dict[int, _Open], begin: int, marked: set[int], fields_of: Callable[[Any], Any]) -> None:
    """Mark the first object of a cycle that can have a number before its parts are known."""
    places = list(path)
    for place in places[places.index(begin) :]:
        value = path[place].value
        if isinstance(value, _MARKABLE) or (not isinstance(value, _NESTING) and fields_of(value) is not None):
            marked.add(place)
            return


def shell(kind: str) -> Any:
    """An object of a standard type whose parts come later; None for one that cannot be made without them."""
    make = _SHELLS.get(kind)
    return make() if make else None


_SHELLS: dict[str, Callable[[], Any]] = {
    "l": list,
    "m": dict,
    **{
        kind.__name__: kind
        for kind in (
            collections.deque,
            collections.OrderedDict,
            collections.defaultdict,
            collections.Counter,
            collections.UserList,
            collections.UserDict,
        )
    },
}


def filled(made: Any, value: Any) -> Any:
    """``made``, a shell or an object of a record's class, with the parts of ``value``."""
    if isinstance(made, list):
        made.extend(value)
    elif isinstance(made, collections.deque):
        collections.deque.__init__(made, value, value.maxlen)  # nothing else sets the length
    elif isinstance(made, dict):
        made.update(value)
        if isinstance(made, collections.defaultdict):
            made.default_factory = value.default_factory
    elif isinstance(made, _HELD_AS_DATA):
        made.data = value.data
    else:
        for name in type(value).__dataclass_fields__:
            object.__setattr__(made, name, getattr(value, name, None))
    return made
