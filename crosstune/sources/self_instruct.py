"""Self-Instruct by StarCoder (codeparrot/self-instruct-starcoder): 5,003 instructions about Python.

OctoPack (arXiv 2308.07124) compared its corpora with all 5,003, the split `raw`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings
from crosstune.sources._columns import Columns, Mapping, examples
from crosstune.sources._hub import DataSet, requirement, split_rows
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._source import Source

MAPPING = Mapping(
    columns=Columns(prompt="instruction", completion="output"),
    language="python",
    task="synthesize",
    label="self-instruct",
    licence="bigscience-openrail-m",
)


class SelfInstructSettings(Settings):
    dataset: DataSet = "codeparrot/self-instruct-starcoder"
    """The data set, or a folder laid out like it."""
    split: str = "raw"
    """`raw` (5,003 rows), `compile` (3,549), `curated` (771) or `unique` (308)."""
    revision: str | None = None
    """A commit of the data set; without one, what it gives may change."""


def _examples(settings: SelfInstructSettings, work: Path, progress: Progress) -> Iterator[Example]:
    found = split_rows(settings.dataset, None, settings.split, settings.revision)
    return examples(found, MAPPING, SOURCE.name, progress, Quarantine(work))


def _requirements(settings: SelfInstructSettings) -> Sequence[Requirement]:
    return [requirement(settings.dataset, (), settings.revision)]


SOURCE = Source(
    name="self-instruct",
    version=1,
    settings=SelfInstructSettings,
    examples=_examples,
    requirements=_requirements,
)
