"""What was answered, one JSON line each, so that a killed run asks nothing twice."""

from __future__ import annotations

import fcntl
import json
import os
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from crosstune.errors import CorruptArtifact, Incomplete
from crosstune.llm._exchange import FailedRequest, Response, Usage
from crosstune.records import from_row, to_json

SYNC_EVERY = 16
"""Lines between two fsyncs. Each line is written at once: a killed process loses none, a machine
that loses power at most this many."""


class Journal:
    """Answers and faults in a folder of append-only files, ``answers-1.jsonl`` and on.

    Several processes may share the folder: each reads all files when it starts and writes to one that
    no other holds. ``settled`` holds what is not asked again, ``used`` every token that the folder
    knows of. A last line without its end was torn by a kill or a full disk: it is left out, cut off
    where the file is ours, and counted in ``torn``.
    """

    def __init__(self, folder: Path) -> None:
        """
        Raises:
            CorruptArtifact: a whole line that is not a record of ours; names file and line.
        """
        self.folder = folder
        self.settled: dict[str, Response | FailedRequest] = {}
        self.used = Usage()
        self.torn = 0
        self._unsynced = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.path, self._file = _claim(folder)
        try:
            for path in sorted(folder.glob("answers-*.jsonl")):
                self._read(path)
        except CorruptArtifact:
            os.close(self._file)
            raise

    def _read(self, path: Path) -> None:
        whole = 0
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.endswith(b"\n"):
                    self.torn += 1
                    if path == self.path:
                        os.ftruncate(self._file, whole)
                    return
                self._keep(_record(line, path, number))
                whole += len(line)

    def _keep(self, record: Response | FailedRequest) -> None:
        self.used += record.wasted
        if isinstance(record, Response):
            self.used += record.usage
        if isinstance(record, Response) or record.final:
            self.settled[record.key] = record

    def add(self, record: Response | FailedRequest) -> None:
        """
        Raises:
            Incomplete: the line could not be written whole (a full disk, for one).
        """
        kind = "answer" if isinstance(record, Response) else "fault"
        line = json.dumps({"is": kind, **json.loads(to_json(record))}, ensure_ascii=False).encode() + b"\n"
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise Incomplete(f"{self.path}: an answer could not be kept: {error.strerror}") from None
        if written != len(line):
            raise Incomplete(f"{self.path}: {written} of {len(line)} bytes were kept: is the disk full?")
        self._keep(record)
        self._unsynced += 1
        if self._unsynced >= SYNC_EVERY:
            self.sync()

    def sync(self) -> None:
        os.fsync(self._file)
        self._unsynced = 0

    def close(self) -> None:
        self.sync()
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _claim(folder: Path) -> tuple[Path, int]:
    """The first file that no other process writes to, open for appending and locked."""
    for number in count(1):
        path = folder / f"answers-{number}.jsonl"
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            continue
        return path, handle
    raise AssertionError("count() has no end")


def _record(line: bytes, path: Path, number: int) -> Response | FailedRequest:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("not an object")
        kind: type[Response | FailedRequest] = {"answer": Response, "fault": FailedRequest}[row.pop("is")]
        return from_row(kind, row)
    except (ValueError, KeyError) as error:
        raise CorruptArtifact(
            f"{path}:{number}: not a line of this journal ({error}). Delete the line to have its "
            "question asked again, or the file to have all of its questions asked again"
        ) from None
