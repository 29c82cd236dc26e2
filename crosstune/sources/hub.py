"""Any data set of the Hugging Face hub, with a mapping of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.records import Example, Progress, Requirement
from crosstune.sources._columns import Mapping, examples
from crosstune.sources._hub import DataSet, file_rows, requirement, split_rows
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._rows import Row
from crosstune.sources._source import Source


class HubSettings(Mapping):
    dataset: DataSet
    """Its name on the hub, or a folder."""
    config: str | None = None
    """Which of its configurations (subsets)."""
    split: str = "train"
    revision: str | None = None
    """A commit of it: without one, what it gives may change."""
    files: tuple[str, ...] = ()
    """Read these files of it (.jsonl, .json, .parquet) in place of a configuration and split: for a data
    set that comes with a loading script, which is no longer run."""


def _rows(settings: HubSettings, quarantine: Quarantine | None) -> Iterator[Row]:
    if not settings.files:
        yield from split_rows(settings.dataset, settings.config, settings.split, settings.revision)
    for file in settings.files:
        yield from file_rows(settings.dataset, file, settings.revision, quarantine)


def _examples(settings: HubSettings, work: Path, progress: Progress) -> Iterator[Example]:
    # Blocks go by position: a row that is put aside must not move the others.
    quarantine = None if settings.blocks else Quarantine(work)
    return examples(_rows(settings, quarantine), settings, SOURCE.name, progress, quarantine)


def _requirements(settings: HubSettings) -> Sequence[Requirement]:
    return [requirement(settings.dataset, settings.files, settings.revision)]


SOURCE = Source(
    name="hub",
    version=2,
    settings=HubSettings,
    examples=_examples,
    requirements=_requirements,
)
