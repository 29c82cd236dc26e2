"""The code part of xP3x (arXiv 2211.01786, 2308.07124): known datasets phrased by templates.

OctoPack sampled 5,000 rows, a fixed number from each of 95 files. Some of these come from the test splits
of MBPP and APPS: a model trained on them must not be evaluated on those benchmarks.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pydantic
import yaml

from crosstune.languages import language_name
from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings
from crosstune.sources._columns import column_text, json_object, nonempty_text
from crosstune.sources._conversion import convert_part
from crosstune.sources._hub import Dataset, dataset_requirement, file_rows
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._sample import sample
from crosstune.sources._source import Source

REWORDED = {
    "Here is a solution in Python:": "Write a solution in Python.",
    "This can be solved in Python with the following code:": "How to solve it in Python?",
}
"""Phrases in MBPP's rows, and OctoPack's replacements, which turn the prompts into requests."""


@functools.cache
def published_counts() -> dict[str, int]:
    """OctoPack's 95 files and the number of rows it sampled from each."""
    counts: dict[str, int] = yaml.safe_load(
        (resources.files("crosstune.sources") / "data" / "xp3x-octopack.yaml").read_text("utf-8")
    )
    return counts


class XP3xSettings(Settings):
    dataset: Dataset = "Muennighoff/xP3x"
    """The dataset, or a folder with its files, at any depth."""
    folder: str = "data/python"
    """The folder of the files in the dataset on the Hub."""
    revision: str | None = None
    """A commit of the dataset; without one, its contents may change."""
    files: dict[str, pydantic.PositiveInt] = pydantic.Field(default_factory=published_counts)
    """Files and the number of rows to sample from each; default: OctoPack's 95 files, 5,000 rows in all."""
    seed: int = 42
    """Seed of the sample."""

    def path_of(self, name: str) -> str:
        """The path of a file within the dataset."""
        if not isinstance(self.dataset, Path):
            return f"{self.folder}/{name}"
        paths = sorted(self.dataset.rglob(name))
        return str(paths[0].relative_to(self.dataset)) if paths else name


def _examples(settings: XP3xSettings, work: Path, progress: Progress) -> Iterator[Example]:
    quarantine = Quarantine(work)
    done, total = 0, sum(settings.files.values())
    for name, count in settings.files.items():
        every = _file_examples(settings, name, quarantine)
        yield from sample(every, count, settings.seed, f"{name}: {count} rows")
        done += count
        progress(done, total)
    quarantine.close(done)


def _file_examples(settings: XP3xSettings, name: str, quarantine: Quarantine) -> Iterator[Example]:
    rows = file_rows(settings.dataset, settings.path_of(name), settings.revision, quarantine)
    return convert_part(rows, functools.partial(_example, name, _language(name)), quarantine)


def _example(file: str, language: str, location: str, row: Any, index: int) -> Example:
    row = json_object(location, row)
    prompt, completion = column_text(location, row, "inputs"), nonempty_text(location, row, "targets")
    if "mbpp" in file:
        for old, new in REWORDED.items():
            prompt = prompt.replace(old, new)
    return Example(
        id=f"xp3x:{file.removesuffix('.jsonl')}:{index}",
        prompt=prompt,
        completion=completion,
        language=language,
        task="instruct",
        source="xp3x",
        provenance={"place": Path(location).name, "licence": "apache-2.0"},
    )


def _language(file: str) -> str:
    """A file's language: XLCoST's file names contain it; all other files are in Python."""
    _, is_xlcost, rest = file.partition("xlcost_text_to_code_")
    return language_name(rest.partition("_")[0] if is_xlcost else "Python")


def _requirements(settings: XP3xSettings) -> Sequence[Requirement]:
    files = tuple(settings.path_of(name) for name in settings.files)
    return [dataset_requirement(settings.dataset, files, settings.revision)]


SOURCE = Source(name="xp3x", version=2, settings=XP3xSettings, examples=_examples, requirements=_requirements)
