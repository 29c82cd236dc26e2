"""Every exception that a user can see.

CrosstuneError                  an expected failure: one message, no traceback
├── UsageError                  exit 2: the command or a file it was given is wrong
│   ├── SettingsError           a settings file: names the file, the line and the field
│   ├── UnknownName             no plug-in of this name: a language, a benchmark, a source …
│   └── DataError               a data file is missing, unreadable or malformed
├── PrerequisiteError           exit 3: this machine lacks something
│   ├── MissingTool             a compiler or an interpreter
│   ├── MissingExtra            a Python package of an optional extra
│   ├── SandboxUnavailable      isolation does not work here
│   └── ServiceError            a server or the Hub did not answer as expected
├── Incomplete                  exit 4: part of the work could not be done; run it again to resume
│   └── CorruptArtifact         a stored result does not match its digest
└── GateFailed                  exit 5: a requested check failed
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class CrosstuneError(Exception):
    """An expected failure. ``exit_status`` is the exit status of the command that it ends."""

    exit_status = 1

    def __reduce__(self) -> tuple[Any, ...]:
        # Some subclasses take arguments other than the message, and must still be picklable.
        return _rebuild, (type(self), self.args, self.__dict__)


class UsageError(CrosstuneError):
    exit_status = 2


class SettingsError(UsageError):
    pass


class UnknownName(UsageError):
    """No plug-in has this name; the message lists the known names and suggests the nearest."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.what, self.name, self.known = what, name, tuple(sorted(known))
        super().__init__(f"unknown {what} {name!r}; {suggestion(name, self.known)}")


class DataError(UsageError):
    pass


class PrerequisiteError(CrosstuneError):
    exit_status = 3


class MissingTool(PrerequisiteError):
    """A program is not installed; the message gives the command that installs it."""

    def __init__(self, tool: str, needed_for: str, install: str) -> None:
        self.tool, self.needed_for, self.install = tool, needed_for, install
        super().__init__(f"{tool} was not found; it is needed for {needed_for}. Get it: {install}")


class MissingExtra(PrerequisiteError):
    """A Python package of an optional extra is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"the Python package {package!r} is not installed. Get it: pip install 'crosstune[{extra}]'"
        )


class SandboxUnavailable(PrerequisiteError):
    pass


class ServiceError(PrerequisiteError):
    pass


class Incomplete(CrosstuneError):
    exit_status = 4


class CorruptArtifact(Incomplete):
    pass


class GateFailed(CrosstuneError):
    exit_status = 5


def _rebuild(kind: type[CrosstuneError], args: tuple[Any, ...], state: dict[str, Any]) -> CrosstuneError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


def suggestion(name: str, known: Iterable[str]) -> str:
    """``known: a, b; did you mean 'a'?`` for a message about an unknown name."""
    names = sorted(known)
    near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"known: {', '.join(names) or 'none'}{hint}"
