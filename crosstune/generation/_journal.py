"""Answers as they come, on disk, so that a run that was killed asks nothing twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from crosstune.generation._back_end import Answer, Request
from crosstune.settings import digest


class Journal:
    """The answers to one list of requests, by position; appended to, one JSON line each.

    A last line that was torn by a kill is cut off. A journal of other requests, or drawn otherwise, is
    begun anew. Answers with an error are not kept: what failed is asked again.
    """

    def __init__(self, path: Path, requests: Sequence[Request], drawn: Any) -> None:
        """``drawn`` is whatever else an answer depends on, as settings that have a digest."""
        self._path = path
        self._total = len(requests)
        self._of = digest([drawn, [asdict(request) for request in requests]])
        self.answers: dict[int, Answer] = {}
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        whole = self._read()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("r+b" if whole else "wb")
        self._file.truncate(whole)
        self._file.seek(whole)
        if not whole:
            self._write({"requests": self._of})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def keep(self, position: int, answer: Answer) -> None:
        self.answers[position] = answer
        if answer.finish_reason != "error":
            self._write({"position": position, "answer": asdict(answer)})

    def _write(self, row: Any) -> None:
        assert self._file is not None, "a journal is written to inside its with statement"
        self._file.write(json.dumps(row, ensure_ascii=False).encode(errors="surrogatepass") + b"\n")
        self._file.flush()

    def _read(self) -> int:
        """Take in what stands there; how many of its bytes are of use."""
        if not self._path.exists():
            return 0
        with self._path.open("rb") as file:
            if _row(file.readline()) != {"requests": self._of}:
                return 0
            whole = file.tell()
            while (row := _row(file.readline())) is not None:
                if not self._take(row):
                    break
                whole = file.tell()
        return whole

    def _take(self, row: Any) -> bool:
        match row:
            case {"position": int(position), "answer": dict(answer)} if 0 <= position < self._total:
                try:
                    self.answers[position] = _answer(answer)
                except (TypeError, ValueError):
                    return False
                return True
        return False


def _answer(row: dict[str, Any]) -> Answer:
    """
    Raises:
        TypeError: a field is unknown, missing or of another type.
        ValueError: not one of the ways in which an answer ends.
    """
    answer = Answer(**row)
    blank = asdict(Answer(text="", finish_reason="stop"))
    if wrong := [name for name, value in blank.items() if type(row.get(name, value)) is not type(value)]:
        raise TypeError(f"{wrong[0]} is of another type")
    if answer.finish_reason not in ("stop", "length"):
        raise ValueError(f"finish is {answer.finish_reason!r}")
    return answer


def _row(line: bytes) -> Any:
    """The line's value; None where it is torn (or past the end)."""
    if not line.endswith(b"\n"):
        return None
    try:
        return json.loads(line.decode(errors="surrogatepass"))
    except ValueError:
        return None
