"""Read seed instructions from rows like CodeAlpaca's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.files import text_digest
from crosstune.sources._alpaca import is_about_python, join_input
from crosstune.sources._columns import column_text, json_object
from crosstune.sources._rows import rows


@dataclass(frozen=True, slots=True)
class Seed:
    """An instruction to evolve. ``id`` depends on its text only, not on its position in the file."""

    id: str
    text: str


def read_seeds(path: Path, *, python_only: bool) -> list[Seed]:
    """The distinct instructions of a file of rows with ``instruction``, ``input`` and ``output``.

    Raises:
        DataError: the file cannot be read, a row has another format, or no row qualifies.
    """
    seeds = {seed.id: seed for seed, row in _read(path) if not python_only or is_about_python(row)}
    if not seeds:
        raise DataError(f"{path}: contains no{' Python-related' if python_only else ''} instruction")
    return list(seeds.values())


def _read(path: Path) -> Iterator[tuple[Seed, dict[str, Any]]]:
    for location, value in rows(path):
        row = json_object(location, value)
        instruction = column_text(location, row, "instruction").strip()
        given = column_text(location, row, "input").strip() if row.get("input") else ""
        if text := join_input(instruction, given, "\n\n"):
            yield Seed(text_digest(text)[:16], text), row
