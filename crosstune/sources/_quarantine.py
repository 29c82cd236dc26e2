"""Quarantine unusable rows with a reason, instead of stopping at the first."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.files import write_json

FILE = "quarantine.jsonl"
REPORT = "report.json"
MAX_LENGTH = 8 * 1024 * 1024
"""The most bytes of a line, or characters of a text. A longer text is a data dump rather than a sample."""
EXCERPT = 300
"""The most characters of a row that are written to the quarantine file."""
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Control characters that make code look different from what is compiled (Trojan Source, CVE-2021-42574)."""


class BadRow(DataError):
    """An unusable row. ``reason`` is its category; the message gives the location and the details."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Quarantine:
    """Counts unusable rows by reason and writes each as a line of ``quarantine.jsonl``: its location, the
    reason, the details, and the beginning of the row. Without such rows the file is not created.

    Without a folder it only counts.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.reasons: Counter[str] = Counter()
        self.first_error = ""

    def put(self, location: str, error: BadRow, row: Any) -> None:
        self.first_error = self.first_error or str(error)
        self.reasons[error.reason] += 1
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        mode = "w" if self.reasons.total() == 1 else "a"
        details = str(error).removeprefix(f"{location}: ")
        line = {"place": location, "reason": error.reason, "what": details, "row": _excerpt(row)}
        with (self._folder / FILE).open(mode, encoding="ascii") as file:
            file.write(json.dumps(line) + "\n")

    def close(self, usable: int) -> None:
        """If there were unusable rows, write their counts to ``report.json``.

        Raises:
            DataError: ``usable`` is 0, probably because of wrong settings; the message has the first error.
        """
        if not self.reasons:
            return
        if not usable:
            raise DataError(f"no row is usable; the first error: {self.first_error}")
        if self._folder is not None:
            write_json(self._folder / REPORT, {"quarantined": dict(sorted(self.reasons.items()))})


def checked_text(location: str, name: str, text: str) -> str:
    """Return ``text`` if a corpus may contain it.

    Raises:
        BadRow: it has a lone surrogate, a NUL or a bidirectional control, or is too long.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRow("lone surrogate", f"{location}: {name}: not text: {error.reason}") from None
    if len(text) > MAX_LENGTH:
        length = f"{len(text):,} characters; at most {MAX_LENGTH:,} are allowed"
        raise BadRow("too long", f"{location}: {name}: {length}")
    if "\0" in text:
        raise BadRow("NUL", f"{location}: {name}: contains a NUL character")
    if match := BIDI.search(text):
        control = f"U+{ord(match[0]):04X}"
        raise BadRow("bidi control", f"{location}: {name}: contains {control}, which can disguise code")
    return text


def _excerpt(row: Any) -> str:
    text = row if isinstance(row, str) else repr(row[:EXCERPT]) if isinstance(row, bytes) else repr(row)
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"
