"""Iterators of a candidate that tests read; `_server` loads this file by its path."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

_LONGEST_READING = 0.002
"""Seconds for which items are read ahead."""
_MOST_KEPT = 10_000


class Iterating:
    """An iterator that the tests read. It may yield one object again and again, or change what it has
    yielded: the tests then get the same object, and how it has changed."""

    def __init__(self, iterator: Iterator[Any]) -> None:
        self._iterator = iterator
        self._kept: list[tuple[Any, bytes]] = []
        self._places: dict[int, int] = {}
        self.read_last: list[Any] = []

    def read(self, count: int, encoded: Callable[[Any], bytes]) -> Any:
        """Up to so many items, each with its place among those that can change; the error that ended them;
        and what has changed."""
        last, self.read_last = len(self.read_last), []
        error: BaseException | None = None
        until = time.monotonic() + _LONGEST_READING
        try:
            while len(self.read_last) < count and (not self.read_last or time.monotonic() < until):
                self.read_last.append(next(self._iterator))
        except MemoryError:
            raise
        except Exception as found:  # noqa: BLE001 - the tests get it after the items
            error = found
        changed = self._changed(len(self._kept) if error else last, encoded)
        items = [(self._place(each, encoded), each) for each in self.read_last]
        return items, error, changed

    def _place(self, item: Any, encoded: Callable[[Any], bytes]) -> int:
        if id(item) in self._places:
            return self._places[id(item)]
        content = encoded(item) if len(self._kept) < _MOST_KEPT else b""
        if not content:
            return -1
        self._places[id(item)] = len(self._kept)
        self._kept.append((item, content))
        return len(self._kept) - 1

    def _changed(self, last: int, encoded: Callable[[Any], bytes]) -> list[tuple[int, Any]]:
        found = []
        for at in range(max(0, len(self._kept) - last), len(self._kept)):
            item, old = self._kept[at]
            if (new := encoded(item)) != old:
                self._kept[at] = item, new
                found.append((at, item))
        return found
