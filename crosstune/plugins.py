"""Plug-ins: each public module or subpackage of a registry's package defines one plug-in.

``crosstune/languages/python/`` with an object ``LANGUAGE`` is the language ``python`` (an underscore in the
module's name is a hyphen in the plug-in's name). Another distribution adds a plug-in with an entry point to
such an object, in the group named like the package, here ``crosstune.languages``.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import pkgutil
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from crosstune.errors import PrerequisiteError, UnknownName

T = TypeVar("T")


@dataclass(frozen=True)
class Registry(Generic[T]):
    """All plug-ins of one kind.

    Each module of ``package`` defines its plug-in, an instance of ``kind``, as ``attribute``. ``what`` names
    the kind in messages.
    """

    package: str
    attribute: str
    what: str
    kind: type[T]

    def names(self) -> tuple[str, ...]:
        """The names of all plug-ins, sorted; imports the package but none of the plug-ins."""
        return tuple(sorted({*_modules(self.package), *_entry_points(self.package)}))

    def load(self, name: str) -> T:
        """Import one plug-in; crosstune's own takes precedence over an entry point of the same name.

        Raises:
            UnknownName: neither a module nor an entry point has this name.
            PrerequisiteError: the entry point's module or object cannot be imported.
            TypeError: the object is not a ``kind``, which is a bug in the plug-in.
        """
        if name in _modules(self.package):
            module = importlib.import_module(f"{self.package}.{name.replace('-', '_')}")
            plugin = getattr(module, self.attribute)
        elif name in (entries := _entry_points(self.package)):
            plugin = self._load_entry_point(entries[name])
        else:
            raise UnknownName(self.what, name, self.names())
        if not isinstance(plugin, self.kind):
            raise TypeError(f"{self.what} {name!r} is a {type(plugin).__name__}, not a {self.kind.__name__}")
        return plugin

    def _load_entry_point(self, entry: importlib.metadata.EntryPoint) -> Any:
        try:
            return entry.load()
        except (ImportError, AttributeError) as error:
            origin = f" of the package {entry.dist.name}" if entry.dist else ""
            raise PrerequisiteError(
                f"the {self.what} {entry.name!r}{origin} cannot be imported from {entry.value!r}: {error}"
            ) from error

    def all(self) -> dict[str, T]:
        return {name: self.load(name) for name in self.names()}


@functools.cache
def _modules(package: str) -> tuple[str, ...]:
    path = importlib.import_module(package).__path__
    names = (module.name for module in pkgutil.iter_modules(path))
    return tuple(name.replace("_", "-") for name in names if not name.startswith("_"))


@functools.cache
def _entry_points(package: str) -> dict[str, importlib.metadata.EntryPoint]:
    return {entry.name: entry for entry in importlib.metadata.entry_points(group=package)}
