"""CommitPackFT (OctoPack, arXiv 2308.07124): commits whose messages read like instructions.

Its files, one a language, hold one commit a line, each with its licence and repositories.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pydantic

from crosstune.languages import language_name
from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings
from crosstune.sources._chosen import chosen
from crosstune.sources._columns import column_text
from crosstune.sources._hub import DataSet, file_rows, requirement
from crosstune.sources._quarantine import BadRow, Quarantine
from crosstune.sources._rows import BATCH, kind
from crosstune.sources._source import Source

LANGUAGES = ("python", "javascript", "java", "go", "c++", "rust")
REVISION = "fc56fe33c030c6daa414c2b112c932b8eed085e6"


class CommitPackFTSettings(Settings):
    dataset: DataSet = "bigcode/commitpackft"
    """The data set, or a folder, with ``data/python/data.jsonl`` and so on."""
    languages: tuple[str, ...] = pydantic.Field(default=LANGUAGES, min_length=1)
    """The names of its folders, as `c++` or `objective-c`."""
    revision: str | None = REVISION
    """A commit of the data set."""
    count: int | None = pydantic.Field(default=None, ge=1)
    """How many commits are drawn over all languages; without it all are taken."""
    seed: int = 0
    """Which ones."""

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(f"data/{language}/data.jsonl" for language in self.languages)


def commits(settings: CommitPackFTSettings, quarantine: Quarantine, progress: Progress) -> Iterator[Example]:
    """Every commit of the languages, in OctoPack's form: subject, newline, old file; the new file.

    Raises:
        DataError, ServiceError: the files are not to be had.
    """
    ids: set[str] = set()
    for file in settings.files:
        for place, row in file_rows(settings.dataset, file, settings.revision, quarantine):
            try:
                example = _example(place, row)
                if example.id in ids:
                    raise BadRow("duplicate id", f"{place}: the id {example.id!r} stood here before")
            except BadRow as error:
                quarantine.put(place, error, row)
                continue
            ids.add(example.id)
            yield example
            if len(ids) % BATCH == 0:
                progress(len(ids), 0)
    quarantine.close(len(ids))
    progress(len(ids), len(ids))


def _example(place: str, row: Any) -> Example:
    if not isinstance(row, dict):
        raise BadRow("wrong type", f"{place}: expected an object with columns, found {kind(row)}")
    old, new = column_text(place, row, "old_contents"), column_text(place, row, "new_contents")
    if not new:
        raise BadRow("empty", f"{place}: column 'new_contents' is empty: there is nothing to learn")
    optional = {"repository": "repos", "licence": "license", "path": "new_file", "message": "message"}
    return Example(
        id=f"commitpackft:{column_text(place, row, 'commit')}",
        prompt=f"{column_text(place, row, 'subject')}\n{old}",
        completion=new,
        language=language_name(column_text(place, row, "lang")),
        task="commit",
        source="commitpackft",
        provenance={
            "commit": column_text(place, row, "commit"),
            "subject": column_text(place, row, "subject"),
            "old_blob": _blob(old),
            "new_blob": _blob(new),
            **{name: column_text(place, row, column) for name, column in optional.items() if column in row},
        },
    )


def _blob(contents: str) -> str:
    """The name that git gives these contents; empty for a file that was not there."""
    data = contents.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() if data else ""


def _examples(settings: CommitPackFTSettings, work: Path, progress: Progress) -> Iterator[Example]:
    every = commits(settings, Quarantine(work), progress)
    if settings.count is None:
        return every
    return iter(chosen(every, settings.count, settings.seed, f"{settings.dataset}: {settings.count} commits"))


def _requirements(settings: CommitPackFTSettings) -> Sequence[Requirement]:
    return [requirement(settings.dataset, settings.files, settings.revision)]


SOURCE = Source(
    name="commitpackft",
    version=1,
    settings=CommitPackFTSettings,
    examples=_examples,
    requirements=_requirements,
)
