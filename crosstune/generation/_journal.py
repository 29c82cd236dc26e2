"""Store answers on disk as they arrive, so a resumed run asks only for the missing ones."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from crosstune.files import set_aside
from crosstune.generation._back_end import GeneratedAnswer, Request
from crosstune.settings import digest

_log = logging.getLogger(__name__)


class Journal:
    """The answers to one list of requests, by position; each is appended as a JSON line.

    An incomplete last line, left by a kill, is removed. Other damaged lines are reported and moved to a file
    beside it, and their requests are repeated. A journal of other requests, or of answers generated with
    other settings, is overwritten. Answers with an error are not stored, so their requests are repeated.
    """

    def __init__(self, path: Path, requests: Sequence[Request], determined_by: Any) -> None:
        """``determined_by`` has everything else that an answer depends on, as plain values."""
        self._path = path
        self._total = len(requests)
        self._digest = digest([determined_by, [asdict(request) for request in requests]])
        self.answers: dict[int, GeneratedAnswer] = {}
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        size = self._read()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("r+b" if size else "wb")
        self._file.truncate(size)
        self._file.seek(size)
        if not size:
            self._write({"requests": self._digest})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def append(self, position: int, answer: GeneratedAnswer) -> None:
        self.answers[position] = answer
        if answer.finish_reason != "error":
            self._write({"position": position, "answer": asdict(answer)})

    def _write(self, row: Any) -> None:
        assert self._file is not None, "a journal is written inside its with statement"
        self._file.write(json.dumps(row, ensure_ascii=False).encode(errors="surrogatepass") + b"\n")
        self._file.flush()

    def _read(self) -> int:
        """Load the file; return the size of its valid part in bytes."""
        if not self._path.exists():
            return 0
        size, damaged = 0, dict[int, bytes]()
        with self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    break
                row = _row(line)
                if number == 1 and row != {"requests": self._digest}:
                    return self._start_over(row)
                if number > 1 and not self._load(row):
                    damaged[number] = line
                else:
                    size += len(line)
        if damaged:
            aside = set_aside(self._path, damaged)
            for number in damaged:
                _log.warning(
                    "%s, line %d: damaged; moved to %s, and its request is repeated",
                    self._path,
                    number,
                    aside,
                )
        return size

    def _start_over(self, head: Any) -> int:
        """A journal of other requests is of no use; one whose first line is damaged might be of these."""
        if not isinstance(head, dict) or set(head) != {"requests"}:
            aside = self._path.with_name(f"{self._path.name}.damaged")
            self._path.replace(aside)
            _log.warning(
                "%s: its first line is damaged; moved to %s, and all requests are repeated", self._path, aside
            )
        return 0

    def _load(self, row: Any) -> bool:
        match row:
            case {"position": int(position), "answer": dict(answer)} if 0 <= position < self._total:
                try:
                    self.answers[position] = _answer(answer)
                except (TypeError, ValueError):
                    return False
                return True
        return False


def _answer(row: dict[str, Any]) -> GeneratedAnswer:
    """The answer in a journal's line.

    Raises:
        TypeError: a field is unknown, missing or of the wrong type.
        ValueError: an unknown finish reason.
    """
    answer = GeneratedAnswer(**row)
    blank = asdict(GeneratedAnswer(text="", finish_reason="stop"))
    if wrong := [name for name, value in blank.items() if type(row.get(name, value)) is not type(value)]:
        raise TypeError(f"{wrong[0]} has the wrong type")
    if answer.finish_reason not in ("stop", "length"):
        raise ValueError(f"finish_reason is {answer.finish_reason!r}")
    return answer


def _row(line: bytes) -> Any:
    """The line's value; None if it is damaged."""
    try:
        return json.loads(line.decode(errors="surrogatepass"))
    except (ValueError, RecursionError):
        return None
