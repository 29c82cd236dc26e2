"""The code part of xP3x (arXiv 2211.01786, 2308.07124): known data sets put into words by templates.

OctoPack drew 5,000 rows, a fixed number from each of 95 files. Some of these come from the test split of
MBPP and APPS: a model tuned on them cannot be asked those benchmarks.
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
from crosstune.sources._chosen import chosen
from crosstune.sources._columns import column_text
from crosstune.sources._hub import DataSet, file_rows, requirement
from crosstune.sources._quarantine import BadRow, Quarantine
from crosstune.sources._rows import kind
from crosstune.sources._source import Source

REWORDED = {
    "Here is a solution in Python:": "Write a solution in Python.",
    "This can be solved in Python with the following code:": "How to solve it in Python?",
}
"""In MBPP's rows, so that they ask for something, as OctoPack did."""
SPELT = {"Csharp": "c#", "Javascript": "javascript"}


@functools.cache
def published() -> dict[str, int]:
    """OctoPack's 95 files and how many rows it drew of each."""
    found: dict[str, int] = yaml.safe_load(
        (resources.files("crosstune.sources") / "data" / "xp3x-octopack.yaml").read_text("utf-8")
    )
    return found


class XP3xSettings(Settings):
    dataset: DataSet = "Muennighoff/xP3x"
    """The data set, or a folder with its files, at any depth."""
    folder: str = "data/python"
    """Where the files stand in the data set on the hub."""
    revision: str | None = None
    """A commit of the data set; without one, what it gives may change."""
    files: dict[str, pydantic.PositiveInt] = pydantic.Field(default_factory=published)
    """Files and how many rows of each are drawn; by default the 95 files of OctoPack, 5,000 rows."""
    seed: int = 42
    """Which ones."""

    def at(self, name: str) -> str:
        """The path of a file in the data set."""
        if not isinstance(self.dataset, Path):
            return f"{self.folder}/{name}"
        found = sorted(self.dataset.rglob(name))
        return str(found[0].relative_to(self.dataset)) if found else name


def _examples(settings: XP3xSettings, work: Path, progress: Progress) -> Iterator[Example]:
    quarantine = Quarantine(work)
    done, total = 0, sum(settings.files.values())
    for name, count in settings.files.items():
        every = _of_file(settings, name, quarantine)
        yield from chosen(every, count, settings.seed, f"{name}: {count} rows")
        done += count
        progress(done, total)
    quarantine.close(done)


def _of_file(settings: XP3xSettings, name: str, quarantine: Quarantine) -> Iterator[Example]:
    language = _language(name)
    found = file_rows(settings.dataset, settings.at(name), settings.revision, quarantine)
    for number, (place, row) in enumerate(found):
        try:
            if not isinstance(row, dict):
                raise BadRow("wrong type", f"{place}: expected an object with columns, found {kind(row)}")
            yield _example(place, row, name, number, language)
        except BadRow as error:
            quarantine.put(place, error, row)


def _example(place: str, row: dict[str, Any], name: str, number: int, language: str) -> Example:
    prompt, completion = column_text(place, row, "inputs"), column_text(place, row, "targets")
    if not completion:
        raise BadRow("empty", f"{place}: column 'targets' is empty: there is nothing to learn")
    if "mbpp" in name:
        for old, new in REWORDED.items():
            prompt = prompt.replace(old, new)
    return Example(
        id=f"xp3x:{name.removesuffix('.jsonl')}:{number}",
        prompt=prompt,
        completion=completion,
        language=language,
        task="instruct",
        source="xp3x",
        provenance={"place": f"{Path(place).name}", "licence": "apache-2.0"},
    )


def _language(name: str) -> str:
    """XLCoST's files name their language; the others hold Python."""
    _, sign, rest = name.partition("xlcost_text_to_code_")
    spelt = rest.partition("_")[0] if sign else "Python"
    return language_name(SPELT.get(spelt, spelt))


def _requirements(settings: XP3xSettings) -> Sequence[Requirement]:
    files = tuple(settings.at(name) for name in settings.files)
    return [requirement(settings.dataset, files, settings.revision)]


SOURCE = Source(
    name="xp3x",
    version=1,
    settings=XP3xSettings,
    examples=_examples,
    requirements=_requirements,
)
