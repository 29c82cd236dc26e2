"""CommitPackFT (OctoPack, arXiv 2308.07124): commits with messages that read like instructions.

It has one file per language and one commit per line, each with its licence and repositories.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pydantic

from crosstune.languages import language_name
from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings
from crosstune.sources._columns import column_text, json_object, nonempty_text
from crosstune.sources._conversion import convert, with_unique_ids
from crosstune.sources._hub import Dataset, dataset_requirement, file_rows
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._sample import sample
from crosstune.sources._source import Source

LANGUAGES = ("python", "javascript", "java", "go", "c++", "rust")
REVISION = "fc56fe33c030c6daa414c2b112c932b8eed085e6"
OPTIONAL = {"repository": "repos", "licence": "license", "path": "new_file", "message": "message"}
"""Fields of the provenance and the columns, if present, from which they are read."""


class CommitPackFTSettings(Settings):
    dataset: Dataset = "bigcode/commitpackft"
    """The dataset, or a folder, with ``data/python/data.jsonl`` and so on."""
    languages: tuple[str, ...] = pydantic.Field(default=LANGUAGES, min_length=1)
    """The names of its folders, such as `c++` or `objective-c`."""
    revision: str | None = REVISION
    """A commit of the dataset."""
    count: int | None = pydantic.Field(default=None, ge=1)
    """How many commits to sample from all languages together; default: all commits."""
    seed: int = 0
    """Seed of the sample."""

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(f"data/{language}/data.jsonl" for language in self.languages)


def commits(settings: CommitPackFTSettings, quarantine: Quarantine, progress: Progress) -> Iterator[Example]:
    """Yield every commit of the languages. The prompt is OctoPack's: subject, newline, old file.

    Raises:
        DataError, ServiceError: a file is not available.
    """
    rows = chain.from_iterable(
        file_rows(settings.dataset, file, settings.revision, quarantine) for file in settings.files
    )
    return convert(rows, with_unique_ids(_example), quarantine, progress)


def _example(location: str, row: Any, _index: int) -> Example:
    row = json_object(location, row)
    old, new = column_text(location, row, "old_contents"), nonempty_text(location, row, "new_contents")
    commit, subject = column_text(location, row, "commit"), column_text(location, row, "subject")
    return Example(
        id=f"commitpackft:{commit}",
        prompt=f"{subject}\n{old}",
        completion=new,
        language=language_name(column_text(location, row, "lang")),
        task="commit",
        source="commitpackft",
        provenance={
            "commit": commit,
            "subject": subject,
            "old_blob": _blob_name(old),
            "new_blob": _blob_name(new),
            **{
                name: column_text(location, row, column) for name, column in OPTIONAL.items() if column in row
            },
        },
    )


def _blob_name(contents: str) -> str:
    """Git's blob id of these contents; empty for a file that did not exist."""
    data = contents.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() if data else ""


def _examples(settings: CommitPackFTSettings, work: Path, progress: Progress) -> Iterator[Example]:
    every = commits(settings, Quarantine(work), progress)
    if settings.count is None:
        return every
    return iter(sample(every, settings.count, settings.seed, f"{settings.dataset}: {settings.count} commits"))


def _requirements(settings: CommitPackFTSettings) -> Sequence[Requirement]:
    return [dataset_requirement(settings.dataset, settings.files, settings.revision)]


SOURCE = Source(
    name="commitpackft",
    version=2,
    settings=CommitPackFTSettings,
    examples=_examples,
    requirements=_requirements,
)
