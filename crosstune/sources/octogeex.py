"""The 1,178 rows of OctoGeeX's training data: OASST, then hand-picked CommitPackFT commits by language.

The published file (OctoPack's repository, Apache-2.0 and MIT) has no language column; its rows form blocks in
this order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import InputPath, Settings
from crosstune.sources._mapping import Block, RowMapping, mapped_examples
from crosstune.sources._rows import file_requirement, rows
from crosstune.sources._source import Source

COMMITS = {"Python": 89, "JavaScript": 61, "Java": 86, "Go": 72, "C++": 70, "Rust": 75}
MAPPING = RowMapping(
    blocks=(
        Block(rows=725, label="oasst", licence="apache-2.0"),
        *(
            Block(rows=count, language=language, task="commit", label="commitpackft")
            for language, count in COMMITS.items()
        ),
    )
)


class OctoGeeXSettings(Settings):
    path: InputPath
    """The file `oasst-commitpackft-manual.jsonl.gz`, compressed or not."""


def _examples(settings: OctoGeeXSettings, work: Path, progress: Progress) -> Iterator[Example]:  # noqa: ARG001 (the protocol's)
    return mapped_examples(rows(settings.path), MAPPING, SOURCE.name, progress)


def _requirements(settings: OctoGeeXSettings) -> Sequence[Requirement]:
    name, advice = "OctoGeeX's instruction data", "put the file there, or correct `path`"
    return [file_requirement(name, settings.path, advice)]


SOURCE = Source(
    name="octogeex", version=3, settings=OctoGeeXSettings, examples=_examples, requirements=_requirements
)
