"""What OctoCoder was tuned on: 5,000 random CommitPackFT commits of six languages, and all of OASST.

OctoPack, arXiv 2308.07124: 5,000 samples over Python, JavaScript, Java, Go, C++ and Rust, and 8,587
filtered conversations, of which the first two messages are kept. Which 5,000 was not published; here the
seed decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pydantic

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings
from crosstune.sources._chosen import chosen
from crosstune.sources._hub import DataSet
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._source import Source
from crosstune.sources.commitpackft import SOURCE as COMMITPACKFT
from crosstune.sources.commitpackft import CommitPackFTSettings, commits
from crosstune.sources.oasst import SOURCE as OASST
from crosstune.sources.oasst import OASSTSettings, conversations

CONVERSATIONS_FILE = "oasst_octopack.jsonl"
CONVERSATIONS_REVISION = "1f5db3451c66a64e37158fcdf8c1951db8e90b33"


class OctoCoderSettings(Settings):
    commitpackft: DataSet = "bigcode/commitpackft"
    """The data set with ``data/python/data.jsonl`` and so on."""
    oasst: DataSet = "bigcode/oasst-octopack"
    """The data set with ``oasst_octopack.jsonl``: OASST filtered already."""
    commits: int = pydantic.Field(default=5000, ge=1)
    """How many commits are drawn."""
    seed: int = 0
    """Which ones."""

    def parts(self) -> tuple[CommitPackFTSettings, OASSTSettings]:
        oasst = OASSTSettings(
            dataset=self.oasst, file=CONVERSATIONS_FILE, revision=CONVERSATIONS_REVISION, filtered=False
        )
        return CommitPackFTSettings(dataset=self.commitpackft), oasst


def _examples(settings: OctoCoderSettings, work: Path, progress: Progress) -> Iterator[Example]:
    ours, theirs = settings.parts()
    every = commits(ours, Quarantine(work / "commitpackft"), progress)
    what = f"{settings.commitpackft}: {settings.commits} commits"
    yield from chosen(every, settings.commits, settings.seed, what)
    yield from conversations(theirs, Quarantine(work / "oasst"), progress)


def _requirements(settings: OctoCoderSettings) -> Sequence[Requirement]:
    ours, theirs = settings.parts()
    return [*COMMITPACKFT.requirements(ours), *OASST.requirements(theirs)]


SOURCE = Source(
    name="octocoder", version=2, settings=OctoCoderSettings, examples=_examples, requirements=_requirements
)
