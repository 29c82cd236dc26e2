"""Store every result as one JSON line: the run after a killed one repeats no answered request."""

from __future__ import annotations

import contextlib
import json
import os
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from crosstune.errors import CorruptArtifact, Incomplete
from crosstune.files import locked
from crosstune.llm._records import FailedRequest, Response, Result, Usage
from crosstune.records import from_row, to_json

SYNC_EVERY = 16
"""Lines between two fsyncs. Each line is written at once, so a killed process loses none and a power cut at
most this many."""

_KINDS: dict[str, type[Result]] = {
    "response": Response,
    "failed_request": FailedRequest,
    # The names in version 0.1.
    "answer": Response,
    "fault": FailedRequest,
}


class Journal:
    """The results in a folder of append-only files, ``answers-1.jsonl`` and so on.

    Several processes may share the folder: each reads all files when it starts, and writes to its own file.
    ``settled`` maps keys to the results that need no further request; ``used`` counts all tokens recorded in
    the folder. A kill or a full disk may leave an incomplete last line: it is ignored, counted in ``torn``,
    and removed from this process's own file.
    """

    def __init__(self, folder: Path) -> None:
        """
        Raises:
            CorruptArtifact: a complete line is not a result; the message names the file and the line.
        """
        self.folder = folder
        self.settled: dict[str, Result] = {}
        self.used = Usage()
        self.torn = 0
        self._unsynced = 0
        with contextlib.ExitStack() as opened:
            self.path = _reserve_file(folder, opened)
            self._file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
            opened.callback(os.close, self._file)
            for path in sorted(folder.glob("answers-*.jsonl")):
                self._read(path)
            self._opened = opened.pop_all()

    def _read(self, path: Path) -> None:
        complete = 0
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.endswith(b"\n"):
                    self.torn += 1
                    if path == self.path:
                        os.ftruncate(self._file, complete)
                    return
                self._count(_parse(line, path, number))
                complete += len(line)

    def _count(self, result: Result) -> None:
        self.used += result.wasted
        if isinstance(result, Response):
            self.used += result.usage
        if isinstance(result, Response) or result.final:
            self.settled[result.key] = result

    def add(self, result: Result) -> None:
        """Store ``result``.

        Raises:
            Incomplete: the line could not be written completely, for example on a full disk.
        """
        kind = "response" if isinstance(result, Response) else "failed_request"
        line = json.dumps({"is": kind, **json.loads(to_json(result))}, ensure_ascii=False).encode() + b"\n"
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise Incomplete(f"{self.path}: a response could not be stored: {error.strerror}") from None
        if written != len(line):
            raise Incomplete(
                f"{self.path}: only {written} of {len(line)} bytes were stored: is the disk full?"
            )
        self._count(result)
        self._unsynced += 1
        if self._unsynced >= SYNC_EVERY:
            self.sync()

    def sync(self) -> None:
        os.fsync(self._file)
        self._unsynced = 0

    def close(self) -> None:
        self.sync()
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _reserve_file(folder: Path, opened: contextlib.ExitStack) -> Path:
    """The first file to which no other process writes, locked until ``opened`` is closed."""
    for number in count(1):
        with contextlib.suppress(BlockingIOError):
            opened.enter_context(locked(folder / f"answers-{number}.lock"))
            return folder / f"answers-{number}.jsonl"
    raise AssertionError("count() has no end")


def _parse(line: bytes, path: Path, number: int) -> Result:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("not an object")
        kind = _KINDS[row.pop("is")]
        if kind is Response and "finish" in row:  # its name in version 0.1
            row["finish_reason"] = row.pop("finish")
        return from_row(kind, row)
    except (ValueError, KeyError) as error:
        raise CorruptArtifact(
            f"{path}:{number}: not a line of this journal ({error}). Delete the line to have its request "
            "sent again, or the file to have all of its requests sent again"
        ) from None
