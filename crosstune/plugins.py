"""The one plug-in mechanism: a shelf is a room whose public modules each hold one named thing.

A module ``crosstune/languages/python.py`` with an object ``LANGUAGE`` is the language ``python``
(an underscore in the module's name is a hyphen in the thing's name). Packages elsewhere add theirs
with an entry point in the group ``crosstune.languages`` that points to such an object.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import pkgutil
from dataclasses import dataclass
from typing import Generic, TypeVar

from crosstune.errors import UnknownName

T = TypeVar("T")


@dataclass(frozen=True)
class Registry(Generic[T]):
    """All things of one kind: ``package`` holds them, each under ``attribute`` in its module."""

    package: str
    attribute: str
    what: str
    kind: type[T]

    def names(self) -> tuple[str, ...]:
        """Sorted; nothing is imported but the room itself."""
        return tuple(sorted({*_modules(self.package), *_entry_points(self.package)}))

    def load(self, name: str) -> T:
        """
        Raises:
            UnknownName: no module and no entry point of that name.
            TypeError: what stands there is not a ``kind``: a fault in the plug-in.
        """
        if name in _modules(self.package):
            module = importlib.import_module(f"{self.package}.{name.replace('-', '_')}")
            found = getattr(module, self.attribute)
        elif name in (entries := _entry_points(self.package)):
            found = entries[name].load()
        else:
            raise UnknownName(self.what, name, self.names())
        if not isinstance(found, self.kind):
            raise TypeError(f"{self.what} {name!r} is a {type(found).__name__}, not a {self.kind.__name__}")
        return found

    def all(self) -> dict[str, T]:
        return {name: self.load(name) for name in self.names()}


@functools.cache
def _modules(package: str) -> tuple[str, ...]:
    room = importlib.import_module(package)
    return tuple(
        found.name.replace("_", "-")
        for found in pkgutil.iter_modules(room.__path__)
        if not found.name.startswith("_")
    )


@functools.cache
def _entry_points(package: str) -> dict[str, importlib.metadata.EntryPoint]:
    return {entry.name: entry for entry in importlib.metadata.entry_points(group=package)}
