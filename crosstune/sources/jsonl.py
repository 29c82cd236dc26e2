"""Any file of rows: JSON lines, a JSON list or Parquet, with a mapping of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import InputPath
from crosstune.sources._mapping import RowMapping, mapped_examples
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._rows import file_requirement, rows
from crosstune.sources._source import Source


class JsonlSettings(RowMapping):
    path: InputPath
    """The file: .jsonl, .ndjson or .json, each also with .gz, or .parquet."""


def _examples(settings: JsonlSettings, work: Path, progress: Progress) -> Iterator[Example]:
    # Blocks depend on positions: leaving out a row would shift all rows after it.
    quarantine = None if settings.blocks else Quarantine(work)
    return mapped_examples(rows(settings.path, quarantine), settings, SOURCE.name, progress, quarantine)


def _requirements(settings: JsonlSettings) -> Sequence[Requirement]:
    return [file_requirement("the file", settings.path, "put the file there, or correct `path`")]


SOURCE = Source(
    name="jsonl", version=3, settings=JsonlSettings, examples=_examples, requirements=_requirements
)
