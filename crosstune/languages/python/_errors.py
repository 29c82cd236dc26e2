"""What errors are made of, on both sides of the pipes between tests and candidate.

`_values` loads this file by its path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_LONGEST_CHAIN = 8
_ATTRIBUTES = ("filename", "filename2", "name", "path", "value", "code")
"""Those of standard errors that may not be among their arguments."""
_TAKEN = frozenset({"__notes__", "__cause__", "__context__", "__traceback__"})


def parts(error: BaseException, kind_of: Callable[[BaseException], str], depth: int = 0) -> dict[str, Any]:
    """``kind_of`` names the nearest class that the other process has as well."""
    made = {
        "kind": kind_of(error),
        "name": type(error).__name__,
        "message": message(error),
        "args": list(_arguments(error)),
        "attributes": _attributes(error),
        "notes": [str(note) for note in _notes(error)],
        "suppress": error.__suppress_context__,
    }
    for name in ("cause", "context") if depth < _LONGEST_CHAIN else ():
        other = getattr(error, f"__{name}__")
        made[name] = None if other is None else parts(other, kind_of, depth + 1)
    return made


def _arguments(error: BaseException) -> tuple[Any, ...]:
    found: Any = error.args
    return found if type(found) is tuple else ()


def _notes(error: BaseException) -> list[Any]:
    notes = getattr(error, "__notes__", None)
    return notes if type(notes) is list else []


def _attributes(error: BaseException) -> dict[str, Any]:
    found = {name: value for name, value in vars(error).items() if name not in _TAKEN}
    for name in _ATTRIBUTES:
        value = getattr(error, name, None)
        if value is not None:
            found[name] = value
    return {name: value for name, value in found.items() if not callable(value)}


def message(error: BaseException) -> str:
    try:
        return str.__str__(str(error))
    except Exception:  # noqa: BLE001 - it is the candidate's
        return ""


def remade(found: dict[str, Any], class_of: Callable[[str], type[BaseException]]) -> BaseException:
    """The error that is made of these parts; ``class_of`` finds the class of its kind."""
    kind, shown = class_of(found["kind"]), str(found["message"])
    error = _made(kind, found["args"])
    if found["name"] != kind.__name__ or message(error) != shown:
        error = _made(_own(str(found["name"]), kind), found["args"])
        error.__dict__["_crosstune_shown"] = shown
    for name, value in found["attributes"].items():
        if not name.startswith("_crosstune") and not (name.startswith("__") and name.endswith("__")):
            _set(error, str(name), value)
    for note in found["notes"]:
        error.add_note(note)
    for name in ("cause", "context"):
        if found.get(name) is not None:
            setattr(error, f"__{name}__", remade(found[name], class_of))
    error.__suppress_context__ = bool(found["suppress"])
    return error


def _made(kind: type[BaseException], arguments: list[Any]) -> BaseException:
    try:
        return kind(*arguments)
    except Exception:  # noqa: BLE001 - some need other arguments
        return kind.__new__(kind, *arguments)


def _set(error: BaseException, name: str, value: Any) -> None:
    try:
        setattr(error, name, value)
    except Exception:  # noqa: BLE001 - a standard error may not take it
        error.__dict__[name] = value


_OWN: dict[tuple[str, type], type] = {}
_MOST_OWN = 64


def _own(name: str, base: type[BaseException]) -> type[BaseException]:
    """A class of this name for errors of the candidate's own class: they show what that made them show."""
    if (name, base) not in _OWN:
        if len(_OWN) >= _MOST_OWN:
            _OWN.clear()
        body = {"__str__": lambda error: error.__dict__.get("_crosstune_shown", ""), "__module__": "__main__"}
        _OWN[name, base] = type(name[:100], (base,), body)
    return _OWN[name, base]
