"""Verdicts by what was judged: one SQLite file, shared by any number of threads and processes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from crosstune.errors import CorruptArtifact, Incomplete, UsageError
from crosstune.records import Limits, Program, Status, Verdict, from_json, to_json

_ENGINE = 1
"""Raised when the same outcome would get another verdict."""

_PATIENCE_SECONDS = 120.0
"""How long others may hold the file."""

_UNUSABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_PASSING = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
)


def key(program: Program, limits: Limits, judging_version: int, toolchain: str, sandbox: str) -> bytes:
    """The digest of all that a verdict depends on; the program's id is not part of it."""
    parts = [
        _ENGINE,
        judging_version,
        toolchain,
        sandbox,
        asdict(limits),
        program.language,
        program.setup,
        program.candidate,
        program.tests,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "surrogatepass")).digest()


def text_key(program: Program, limits: Limits) -> bytes:
    """The digest of the program and its limits alone, which can be told without its tools."""
    parts = [asdict(limits), program.language, program.setup, program.candidate, program.tests]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "surrogatepass")).digest()


class Cache:
    """A journal written ahead makes it whole after any stop; ``path`` None: for this process only,
    in a temporary file that SQLite removes."""

    def __init__(self, path: Path | None) -> None:
        """
        Raises:
            UsageError: there can be no such file.
            CorruptArtifact: the file is no cache of ours.
            Incomplete: the disk is full, or others hold the file.
        """
        self._lock = threading.Lock()
        self._path = path
        with contextlib.ExitStack() as opened:
            opened.enter_context(_told(path))
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._open = sqlite3.connect(
                str(path or ""), timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
            opened.callback(self._open.close)
            self._open.execute("PRAGMA journal_mode=WAL")
            self._open.execute("PRAGMA synchronous=NORMAL")
            self._open.execute(
                "CREATE TABLE IF NOT EXISTS verdicts (key BLOB PRIMARY KEY, verdict TEXT) WITHOUT ROWID"
            )
            opened.pop_all()

    def get(self, digest: bytes, name: str) -> Verdict | None:
        """The verdict kept under ``digest``, as that of the program ``name``.

        Raises: as `put`, where it cannot be read.
        """
        with self._lock, _told(self._path):
            found = self._open.execute("SELECT verdict FROM verdicts WHERE key = ?", (digest,)).fetchone()
        return replace(from_json(Verdict, found[0]), id=name) if found else None

    def put(self, digest: bytes, verdict: Verdict) -> None:
        """Keep a verdict; one that tells of our own failure is not.

        Raises:
            UsageError: the file may not be written.
            CorruptArtifact: it is damaged.
            Incomplete: the disk is full, or others hold the file.
        """
        if verdict.status is Status.HARNESS_ERROR:
            return
        text = to_json(replace(verdict, id=""))
        with self._lock, _told(self._path):
            self._open.execute("INSERT OR IGNORE INTO verdicts VALUES (?, ?)", (digest, text))

    def close(self) -> None:
        with _told(self._path):
            self._open.close()


@contextlib.contextmanager
def _told(path: Path | None) -> Iterator[None]:
    """What SQLite and the system say, as errors of ours."""
    name = str(path) if path else "the temporary file of this run's verdicts (SQLITE_TMPDIR moves it)"
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Incomplete(
                f"{name}: the verdict cache cannot be made ({error}); run again to go on"
            ) from None
        raise UsageError(f"{name}: the folder of the verdict cache cannot be made ({error})") from None
    except sqlite3.Error as error:
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if kind in _UNUSABLE:
            raise UsageError(f"{name}: cannot be the verdict cache ({error}); name another file") from None
        if kind in _PASSING:
            raise Incomplete(
                f"{name}: the verdict cache cannot be used ({error}); run again to go on"
            ) from None
        raise CorruptArtifact(f"{name}: not a verdict cache ({error}); remove it to start anew") from None
