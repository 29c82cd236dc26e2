"""Verdicts by what was judged: one SQLite file, shared by any number of threads and processes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from dataclasses import asdict, replace
from pathlib import Path

from crosstune.errors import CorruptArtifact
from crosstune.records import Label, Limits, Program, Verdict, from_json, to_json

_ENGINE = 1
"""Raised when the same outcome would get another verdict."""


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


class Cache:
    """A journal written ahead makes it whole after any stop; ``path`` None: for this process only,
    in a temporary file that SQLite removes."""

    def __init__(self, path: Path | None) -> None:
        """
        Raises:
            CorruptArtifact: the file is no cache of ours.
        """
        self._lock = threading.Lock()
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._open = sqlite3.connect(
            str(path or ""), timeout=120, isolation_level=None, check_same_thread=False
        )
        try:
            self._open.execute("PRAGMA journal_mode=WAL")
            self._open.execute("PRAGMA synchronous=NORMAL")
            self._open.execute(
                "CREATE TABLE IF NOT EXISTS verdicts (key BLOB PRIMARY KEY, verdict TEXT) WITHOUT ROWID"
            )
        except sqlite3.DatabaseError as fault:
            self._open.close()
            raise CorruptArtifact(f"{path}: not a verdict cache ({fault}); remove it to start anew") from None

    def get(self, digest: bytes, name: str) -> Verdict | None:
        """The verdict kept under ``digest``, as that of the program ``name``."""
        with self._lock:
            found = self._open.execute("SELECT verdict FROM verdicts WHERE key = ?", (digest,)).fetchone()
        return replace(from_json(Verdict, found[0]), id=name) if found else None

    def put(self, digest: bytes, verdict: Verdict) -> None:
        """Keep a verdict; one that tells of our own failure is not."""
        if verdict.label is Label.HARNESS_ERROR:
            return
        text = to_json(replace(verdict, id=""))
        with self._lock:
            self._open.execute("INSERT OR IGNORE INTO verdicts VALUES (?, ?)", (digest, text))

    def close(self) -> None:
        self._open.close()
