"""Store every result as one JSON line: the run after a killed one repeats no answered request."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from crosstune import checked_lines
from crosstune.errors import Incomplete
from crosstune.files import locked, set_aside
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


_ANSWERS = ("empty content", "not Unicode", "finish_reason ")
"""Failures in version 0.1 that are answers now, so their requests are sent again."""

_log = logging.getLogger(__name__)


class Journal:
    """The results in a folder of append-only files, ``answers-1.jsonl`` and so on.

    Several processes may share the folder: each reads all files when it starts, and writes to its own file.
    ``settled`` maps keys to the results that need no further request; ``used`` counts all tokens recorded in
    the folder; ``has_answers``: there is a response. A kill or a full disk may leave an incomplete last line:
    it is ignored, counted in ``torn``, and removed from this process's own file. Any other damaged line is
    reported and its request sent again; in this process's own file, the line is moved to a file beside it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settled: dict[str, Result] = {}
        self.used = Usage()
        self.has_answers = False
        self.torn = 0
        self._unsynced = 0
        with contextlib.ExitStack() as opened:
            self.path = _reserve_file(folder, opened)
            _repair(self.path)
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
                complete += len(line)
                if (result := _parse(line)) is not None:
                    self._count(result)
                else:
                    _log.warning("%s, line %d: damaged; its request is sent again", path, number)

    def _count(self, result: Result) -> None:
        self.used += result.wasted
        if isinstance(result, Response):
            self.used += result.usage
            self.has_answers = True
        if isinstance(result, Response) or (result.final and not result.kind.startswith(_ANSWERS)):
            self.settled[result.key] = result

    def add(self, result: Result) -> None:
        """Store ``result``.

        Raises:
            Incomplete: the line could not be written completely, for example on a full disk.
        """
        kind = "response" if isinstance(result, Response) else "failed_request"
        line = checked_lines.encode({"is": kind, **json.loads(to_json(result))})
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


def _repair(path: Path) -> None:
    """Move damaged lines of a file that this process has reserved to a file beside it."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        damaged = {n: line for n, line in enumerate(lines, 1) if line.endswith(b"\n") and not _parse(line)}
    if damaged:
        aside = set_aside(path, damaged)
        for number in damaged:
            _log.warning(
                "%s, line %d: damaged; moved to %s, and its request is sent again", path, number, aside
            )


def _parse(line: bytes) -> Result | None:
    """The result in a line; None if it is damaged."""
    if (row := checked_lines.decode(line)) is None:
        return None
    try:
        kind = _KINDS[row.pop("is")]
        if kind is Response and "finish" in row:  # its name in version 0.1
            row["finish_reason"] = row.pop("finish")
        return from_row(kind, row)
    except (ValueError, KeyError, TypeError):
        return None
