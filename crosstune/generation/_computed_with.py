"""What answers were computed with: device, precision, batches, threads."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from crosstune import files
from crosstune.generation._back_end import BackEnd, Session

OnSession = Callable[[Mapping[str, Any]], None]
"""Receives the description of a session when it is open."""
_REASON = "_reason"
_PLAIN = frozenset({"device", "threads", "dtype", "batches"})
"""Values that need no name before them."""


class ComputedWith:
    """The descriptions of all sessions that answered, in a file: a resumed run knows those of earlier runs,
    which may have been on another machine."""

    def __init__(self, path: Path, on_session: OnSession) -> None:
        self._path, self._on_session = path, on_session
        self.descriptions: list[dict[str, Any]] = _read(path)

    def add(self, back_end: BackEnd, session: Session) -> None:
        if back_end.describe is None:
            return
        description = dict(back_end.describe(session))
        self._on_session(description)
        if description not in self.descriptions:
            self.descriptions.append(description)
            files.write_json(self._path, self.descriptions)


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):  # ValueError: cut by a kill; only a description is lost
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def computed_with_text(description: Mapping[str, Any]) -> str:
    """One line: ``cpu, 2 threads, bfloat16 (this CPU computes in it), continuous batches of up to 64``."""
    known = dict(description)
    known["threads"] = _threads(known.get("threads"))
    known["batches"] = _batches(known.get("batches"), known.pop("batch_size", None))
    first = dict.fromkeys(("device", "threads", "dtype", "batches", *known))
    parts = [(name, known.get(name)) for name in first if not name.endswith(_REASON)]
    return ", ".join(
        f"{value if name in _PLAIN else f'{name} {value}'}{_because(known.get(name + _REASON))}"
        for name, value in parts
        if value
    )


def _threads(count: int | None) -> str:
    return "" if not count else "1 thread" if count == 1 else f"{count} threads"


def _batches(kind: str | None, size: int | None) -> str:
    return f"{kind} batches of up to {size}" if kind and size else kind or ""


def _because(reason: str | None) -> str:
    return f" ({reason})" if reason else ""
