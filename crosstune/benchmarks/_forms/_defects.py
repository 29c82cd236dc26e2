"""Known defects of a benchmark's data: a list of reasons, each with its rows by language."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from crosstune.settings import Document, Settings

Part = Literal["row", "solution"]


class _Defect(Settings):
    reason: str
    of: Part = "row"
    """A row: right answers fail, or wrong ones pass. A solution: only the row's own is wrong."""
    rows: dict[str, tuple[str, ...]]
    """By language; under ``any``, rows that are the same in all languages."""


class _Defects(Settings):
    defects: tuple[_Defect, ...]


def known_defects(file: Path, of: Part) -> dict[str, str]:
    """The reason of each row, by ``LANGUAGE/ID`` or ``ID``; nothing if there is no such file.

    Raises:
        SettingsError: it is malformed.
    """
    if not file.is_file():
        return {}
    return {
        row if language == "any" else f"{language}/{row}": defect.reason
        for defect in Document(file).parse(_Defects).defects
        if defect.of == of
        for language, rows in defect.rows.items()
        for row in rows
    }
