"""A cache of verdicts in one SQLite file, which any number of threads and processes can share."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from crosstune.checked_lines import checksum
from crosstune.errors import CorruptArtifact, Incomplete, UsageError
from crosstune.records import CallCase, Limits, Program, Status, Verdict, from_row, to_json

_log = logging.getLogger(__name__)

_ENGINE = 2
"""The version of these rules. Raise it when the same outcome would get another verdict."""

_CASES = 2
"""The same for programs with cases alone."""

_PATIENCE_SECONDS = 120.0
"""How long to wait while another process has locked the file."""

_UNUSABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_TEMPORARY = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
)


def key(program: Program, limits: Limits, judging_version: int, toolchain: str, sandbox: str) -> bytes:
    """The digest of everything that a verdict depends on; the program's id is not part of it."""
    return _digest([_ENGINE, judging_version, toolchain, sandbox, *_parts(program, limits)])


def text_key(program: Program, limits: Limits | None = None) -> bytes:
    """The digest of the program and its limits alone, which is known without its tools."""
    return _digest(_parts(program, limits))


def tests_key(tests: Program, version: int, toolchain: str) -> bytes:
    """The digest of tests and all that decides how they are built for a process of their own."""
    parts = [tests.declaration, list(tests.entry_points), tests.standard, tests.setup, tests.tests]
    return _digest([_ENGINE, version, toolchain, tests.language, *parts])


def _parts(program: Program, limits: Limits | None) -> list[object]:
    parts: list[object] = [
        limits and asdict(limits),
        program.language,
        program.setup,
        program.candidate,
        program.tests,
    ]
    if program.standard:
        parts.append([program.standard])
    if program.entry_points:
        parts.append([program.declaration, list(program.entry_points)])
    if program.instruction:
        parts.append({"instruction": program.instruction})
    if not program.cases:
        return parts
    cases = [case.encoded() if isinstance(case, CallCase) else asdict(case) for case in program.cases]
    comparison = asdict(program.comparison)
    if not comparison.pop("ignore_case"):
        return [*parts, _CASES, cases, comparison, program.stop_at_first_failure]
    return [*parts, _CASES, cases, {**comparison, "ignore_case": True}, program.stop_at_first_failure]


def _digest(parts: list[object]) -> bytes:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "surrogatepass")).digest()


class Cache:
    """Verdicts in a file that a write-ahead journal keeps intact when a process is stopped.

    ``path`` None: for this process only, in a temporary file that SQLite removes.
    """

    def __init__(self, path: Path | None) -> None:
        """
        Raises:
            UsageError: the file cannot be created.
            CorruptArtifact: the file is not a verdict cache.
            Incomplete: the disk is full, or another process has locked the file.
        """
        self._lock = threading.Lock()
        self._path = path
        with contextlib.ExitStack() as opened:
            opened.enter_context(_errors_translated(path))
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                str(path or ""), timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
            opened.callback(self._connection.close)
            self._connection.text_factory = bytes  # a damaged text may not be Unicode
            _write_ahead(self._connection)
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS verdicts (key BLOB PRIMARY KEY, verdict TEXT) WITHOUT ROWID"
            )
            opened.pop_all()

    def get(self, digest: bytes, name: str) -> Verdict | None:
        """The verdict stored under ``digest``, with the id ``name``; None if there is none.

        Raises: see `put`.
        """
        with self._lock, _errors_translated(self._path):
            row = self._connection.execute("SELECT verdict FROM verdicts WHERE key = ?", (digest,)).fetchone()
            if row is None:
                return None
            if (verdict := _read(row[0])) is None:
                _log.warning("%s: a stored verdict is damaged; its program is judged again", self._path)
                self._connection.execute("DELETE FROM verdicts WHERE key = ?", (digest,))
                return None
        return replace(verdict, id=name)

    def put(self, digest: bytes, verdict: Verdict) -> None:
        """Store a verdict, unless its status is `Status.HARNESS_ERROR`.

        Raises:
            UsageError: the file is read-only.
            CorruptArtifact: it is damaged.
            Incomplete: the disk is full, or another process has locked the file.
        """
        if verdict.status is Status.HARNESS_ERROR:
            return
        text = to_json(replace(verdict, id=""))
        text = f"{text}\n{checksum(text.encode())}"
        with self._lock, _errors_translated(self._path):
            self._connection.execute("INSERT OR IGNORE INTO verdicts VALUES (?, ?)", (digest, text))

    def close(self) -> None:
        with _errors_translated(self._path):
            self._connection.close()


def _read(stored: bytes) -> Verdict | None:
    """A verdict as this version or an earlier one wrote it (without a checksum); None if it is damaged."""
    text, _, check = stored.partition(b"\n")
    if check and check != checksum(text).encode():
        return None
    try:
        row = json.loads(text)
        if "label" in row:
            row["status"] = row.pop("label")
        return from_row(Verdict, row)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead journal. Two processes that do this at once are refused without SQLite's own
    waiting, as each would wait for the other."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


@contextlib.contextmanager
def _errors_translated(path: Path | None) -> Iterator[None]:
    """Translate the errors of SQLite and of the operating system."""
    name = str(path) if path else "the temporary file of this run's verdicts (set SQLITE_TMPDIR to move it)"
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Incomplete(
                f"{name}: the verdict cache cannot be created ({error}); run again to continue"
            ) from None
        raise UsageError(f"{name}: the folder of the verdict cache cannot be created ({error})") from None
    except sqlite3.Error as error:
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if kind in _UNUSABLE:
            raise UsageError(
                f"{name}: cannot be used as verdict cache ({error}); name another file"
            ) from None
        if kind in _TEMPORARY:
            raise Incomplete(
                f"{name}: the verdict cache cannot be used ({error}); run again to continue"
            ) from None
        raise CorruptArtifact(f"{name}: not a verdict cache ({error}); remove it to start over") from None
