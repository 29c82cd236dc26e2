"""StarCoder's Self-Instruct data (codeparrot/self-instruct-starcoder): 5,003 instructions for Python.

OctoPack (arXiv 2308.07124) compared its corpora with all 5,003 rows, the split `raw`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings
from crosstune.sources._columns import Columns
from crosstune.sources._hub import Dataset, dataset_requirement, split_rows
from crosstune.sources._mapping import RowMapping, mapped_examples
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._source import Source

MAPPING = RowMapping(
    columns=Columns(prompt="instruction", completion="output"),
    language="python",
    task="synthesize",
    label="self-instruct",
    licence="bigscience-openrail-m",
)


class SelfInstructSettings(Settings):
    dataset: Dataset = "codeparrot/self-instruct-starcoder"
    """The dataset, or a folder with the same layout."""
    split: str = "raw"
    """`raw` (5,003 rows), `compile` (3,549), `curated` (771) or `unique` (308)."""
    revision: str | None = None
    """A commit of the dataset; without one, its contents may change."""


def _examples(settings: SelfInstructSettings, work: Path, progress: Progress) -> Iterator[Example]:
    rows = split_rows(settings.dataset, None, settings.split, settings.revision)
    return mapped_examples(rows, MAPPING, SOURCE.name, progress, Quarantine(work))


def _requirements(settings: SelfInstructSettings) -> Sequence[Requirement]:
    return [dataset_requirement(settings.dataset, (), settings.revision)]


SOURCE = Source(
    name="self-instruct",
    version=1,
    settings=SelfInstructSettings,
    examples=_examples,
    requirements=_requirements,
)
