"""Rows that cannot be used: put aside with a reason, so that one of them does not stop the others."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from crosstune.errors import DataError

FILE = "quarantine.jsonl"
REPORT = "report.json"
LONGEST = 8 * 1024 * 1024
"""Bytes of a line, or characters of a text: what is longer is no sample but a dump."""
SHOWN = 300
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Controls that make code read otherwise than it is compiled (Trojan Source, CVE-2021-42574)."""


class BadRow(DataError):
    """A row that cannot be used. ``reason`` is its kind, the message names the place and what is wrong."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Quarantine:
    """Counts the rows put aside by reason, and writes each as a line of ``quarantine.jsonl``: place,
    reason, what is wrong, and how the row begins. The file is made with the first of them.

    Without a folder it only counts.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.reasons: Counter[str] = Counter()
        self.first = ""

    def put(self, place: str, error: BadRow, row: Any) -> None:
        self.first = self.first or str(error)
        self.reasons[error.reason] += 1
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        mode = "w" if self.reasons.total() == 1 else "a"
        what = str(error).removeprefix(f"{place}: ")
        told = {"place": place, "reason": error.reason, "what": what, "row": _shown(row)}
        with (self._folder / FILE).open(mode, encoding="ascii") as file:
            file.write(json.dumps(told) + "\n")

    def close(self, used: int) -> None:
        """Where rows were put aside, says how many in ``report.json`` beside them.

        Raises:
            DataError: rows were put aside and none was ``used``: then it is not the rows.
        """
        if not self.reasons:
            return
        if not used:
            raise DataError(f"no row can be used; the first: {self.first}")
        if self._folder is not None:
            report = json.dumps({"quarantined": dict(sorted(self.reasons.items()))})
            (self._folder / REPORT).write_text(report, "utf-8")


def checked_text(place: str, name: str, text: str) -> str:
    """``text``, if it can stand in a corpus.

    Raises:
        BadRow: half a surrogate pair, a NUL, a control of writing direction, or too long.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRow("lone surrogate", f"{place}: {name}: not text: {error.reason}") from None
    if len(text) > LONGEST:
        raise BadRow("too long", f"{place}: {name}: {len(text):,} characters; {LONGEST:,} are the most")
    if "\0" in text:
        raise BadRow("NUL", f"{place}: {name}: holds a NUL, so it is no text")
    if found := BIDI.search(text):
        sign = f"U+{ord(found[0]):04X}"
        raise BadRow("bidi control", f"{place}: {name}: holds {sign}, which hides what the code says")
    return text


def _shown(row: Any) -> str:
    text = row if isinstance(row, str) else repr(row[:SHOWN]) if isinstance(row, bytes) else repr(row)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
