"""Write examples as JSON lines in one of the formats of `crosstune.corpus.formats`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from crosstune.corpus.formats import load_format
from crosstune.files import atomic_write, full_disk_is_incomplete
from crosstune.records import Example


def convert(examples: Iterable[Example], path: Path, format_name: str) -> tuple[int, int]:
    """Write the examples to ``path``; return how many were written, and how many the format cannot express.

    Raises:
        UnknownName: no such format.
        Incomplete: the disk is full. ``path`` is then unchanged.
    """
    row = load_format(format_name).row
    written = skipped = 0
    with (
        full_disk_is_incomplete(path),
        atomic_write(path) as temporary,
        temporary.open("w", encoding="utf-8") as file,
    ):
        for value in map(row, examples):
            if value is None:
                skipped += 1
            else:
                written += 1
                file.write(json.dumps(value, ensure_ascii=False) + "\n")
    return written, skipped
