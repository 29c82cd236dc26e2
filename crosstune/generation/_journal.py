"""Store answers on disk as they arrive, so a resumed run asks only for the missing ones."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from crosstune import checked_lines
from crosstune.files import set_aside
from crosstune.generation._back_end import GeneratedAnswer, Request
from crosstune.settings import digest

_log = logging.getLogger(__name__)


class Journal:
    """The answers to one list of requests, by position; each is appended as a JSON line with the key of its
    request.

    Lines of other requests, or of answers generated with other settings, stay in the file: a longer list
    asks only for what is new. An incomplete last line, left by a kill, is removed. Other damaged lines are
    reported and moved to a file beside it, and their requests are repeated. Answers with an error are not
    stored, so their requests are repeated.
    """

    def __init__(self, path: Path, requests: Sequence[Request], determined_by: Any) -> None:
        """``determined_by`` has everything else that an answer depends on, as plain values."""
        self._path = path
        settings = digest(determined_by)
        self._keys = [digest([settings, asdict(request)]) for request in requests]
        self.answers: dict[int, GeneratedAnswer] = {}
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        size = self._read()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("r+b" if size else "wb")
        self._file.truncate(size)
        self._file.seek(size)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def append(self, position: int, answer: GeneratedAnswer) -> None:
        self.answers[position] = answer
        if answer.finish_reason != "error":
            self._write({"key": self._keys[position], "answer": asdict(answer)})

    def _write(self, row: Any) -> None:
        assert self._file is not None, "a journal is written inside its with statement"
        self._file.write(checked_lines.encode(row))
        self._file.flush()

    def _read(self) -> int:
        """Load the file; return the size of its valid part in bytes."""
        if not self._path.exists():
            return 0
        size, damaged, found = 0, dict[int, bytes](), dict[str, GeneratedAnswer]()
        with self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    break
                row = checked_lines.decode(line)
                if number == 1 and row and set(row) == {"requests"}:
                    return 0  # version 0.1, which stored answers by their positions
                if entry := _entry(row):
                    found.update([entry])
                    size += len(line)
                else:
                    damaged[number] = line
        for position, key in enumerate(self._keys):
            if key in found:
                self.answers[position] = found[key]
        if damaged:
            self._set_aside(damaged)
        return size

    def _set_aside(self, damaged: dict[int, bytes]) -> None:
        aside = set_aside(self._path, damaged)
        for number in damaged:
            _log.warning(
                "%s, line %d: damaged; moved to %s, and its request is repeated", self._path, number, aside
            )


def _entry(row: dict[str, Any] | None) -> tuple[str, GeneratedAnswer] | None:
    """The key and the answer in a line; None if it is damaged."""
    match row:
        case {"key": str(key), "answer": dict(answer), **others} if not others:
            try:
                return key, _answer(answer)
            except (TypeError, ValueError):
                return None
    return None


def _answer(row: dict[str, Any]) -> GeneratedAnswer:
    """The answer in a journal's line.

    Raises:
        TypeError: a field is unknown, missing or of the wrong type.
        ValueError: it has no finish reason, or that of an error.
    """
    answer = GeneratedAnswer(**row)
    blank = GeneratedAnswer(text="", finish_reason="stop")
    for field in fields(answer):
        if type(getattr(answer, field.name)) is not type(getattr(blank, field.name)):
            raise TypeError(f"{field.name} has the wrong type")
    if answer.finish_reason in ("", "error"):
        raise ValueError(f"finish_reason is {answer.finish_reason!r}")
    return answer
