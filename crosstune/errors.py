"""Every exception a user can meet.

CrosstuneError                  an expected failure: one message, no traceback
├── UsageError                  exit 2: the command or a file it was given is wrong
│   ├── SettingsError           a settings file: names the file, the line and the field
│   ├── UnknownName             a language, benchmark, source … that nobody provides
│   └── DataError               a data file: missing, unreadable, or of the wrong form
├── EnvironmentFault            exit 3: this machine lacks something
│   ├── MissingTool             a compiler or interpreter
│   ├── MissingExtra            a Python package of an optional extra
│   ├── SandboxUnavailable      isolation does not work here
│   └── ServiceFault            a server or hub did not answer as it should
├── Incomplete                  exit 4: some of the work could not be done; it can be resumed
│   └── CorruptArtifact         a stored result does not match its digest
└── GateFailed                  exit 5: a check that was asked for did not hold
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class CrosstuneError(Exception):
    """An expected failure. ``exit_status`` is what the command ends with."""

    exit_status = 1

    def __reduce__(self) -> tuple[Any, ...]:
        # Some of these take other arguments than their message; they still cross process borders.
        return _rebuild, (type(self), self.args, self.__dict__)


class UsageError(CrosstuneError):
    exit_status = 2


class SettingsError(UsageError):
    pass


class UnknownName(UsageError):
    """A name that no plug-in provides; the message lists what is known and the nearest."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.what, self.name, self.known = what, name, tuple(sorted(known))
        super().__init__(f"unknown {what} {name!r}; {suggestion(name, self.known)}")


class DataError(UsageError):
    pass


class EnvironmentFault(CrosstuneError):
    exit_status = 3


class MissingTool(EnvironmentFault):
    """A program that is not installed, and the command that installs it."""

    def __init__(self, tool: str, needed_for: str, install: str) -> None:
        self.tool, self.needed_for, self.install = tool, needed_for, install
        super().__init__(f"{tool} was not found; it is needed for {needed_for}. Get it: {install}")


class MissingExtra(EnvironmentFault):
    """A Python package of an extra that is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"the Python package {package!r} is not installed. Get it: pip install 'crosstune[{extra}]'"
        )


class SandboxUnavailable(EnvironmentFault):
    pass


class ServiceFault(EnvironmentFault):
    pass


class Incomplete(CrosstuneError):
    exit_status = 4


class CorruptArtifact(Incomplete):
    pass


class GateFailed(CrosstuneError):
    exit_status = 5


def _rebuild(kind: type[CrosstuneError], args: tuple[Any, ...], state: dict[str, Any]) -> CrosstuneError:
    fault = kind.__new__(kind, *args)
    fault.args = args
    fault.__dict__.update(state)
    return fault


def suggestion(name: str, known: Iterable[str]) -> str:
    """``known: a, b; did you mean 'a'?`` for a message about an unknown name."""
    names = sorted(known)
    near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"known: {', '.join(names) or 'none'}{hint}"
