"""Any dataset of the Hugging Face Hub, with a mapping of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.records import Example, Progress, Requirement
from crosstune.sources._hub import Dataset, dataset_requirement, file_rows, split_rows
from crosstune.sources._mapping import RowMapping, mapped_examples
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._rows import Row
from crosstune.sources._source import Source


class HubSettings(RowMapping):
    dataset: Dataset
    """The dataset's name on the Hub, or a folder."""
    config: str | None = None
    """The configuration (subset)."""
    split: str = "train"
    revision: str | None = None
    """A commit of the dataset; without one, its contents may change."""
    files: tuple[str, ...] = ()
    """Read these files (.jsonl, .json, .parquet) instead of a configuration and split. Needed for a
    dataset with a loading script, since such scripts are no longer run."""


def _rows(settings: HubSettings, quarantine: Quarantine | None) -> Iterator[Row]:
    if not settings.files:
        yield from split_rows(settings.dataset, settings.config, settings.split, settings.revision)
    for file in settings.files:
        yield from file_rows(settings.dataset, file, settings.revision, quarantine)


def _examples(settings: HubSettings, work: Path, progress: Progress) -> Iterator[Example]:
    # Blocks depend on positions: leaving out a row would shift all rows after it.
    quarantine = None if settings.blocks else Quarantine(work)
    return mapped_examples(_rows(settings, quarantine), settings, SOURCE.name, progress, quarantine)


def _requirements(settings: HubSettings) -> Sequence[Requirement]:
    return [dataset_requirement(settings.dataset, settings.files, settings.revision)]


SOURCE = Source(name="hub", version=3, settings=HubSettings, examples=_examples, requirements=_requirements)
