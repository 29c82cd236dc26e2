"""OctoCoder's training data: 5,000 random CommitPackFT commits in six languages, and all of OASST.

OctoPack (arXiv 2308.07124) used 5,000 samples of Python, JavaScript, Java, Go, C++ and Rust, and the first
two messages of 8,587 filtered conversations. Its sample was not published; here the seed determines it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pydantic

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings
from crosstune.sources._hub import Dataset
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._sample import sample
from crosstune.sources._source import Source
from crosstune.sources.commitpackft import SOURCE as COMMITPACKFT
from crosstune.sources.commitpackft import CommitPackFTSettings, commits
from crosstune.sources.oasst import SOURCE as OASST
from crosstune.sources.oasst import OASSTSettings, conversations

CONVERSATIONS_FILE = "oasst_octopack.jsonl"
CONVERSATIONS_REVISION = "1f5db3451c66a64e37158fcdf8c1951db8e90b33"


class OctoCoderSettings(Settings):
    commitpackft: Dataset = "bigcode/commitpackft"
    """The dataset with ``data/python/data.jsonl`` and so on."""
    oasst: Dataset = "bigcode/oasst-octopack"
    """The dataset with ``oasst_octopack.jsonl``, which is already filtered."""
    commits: int = pydantic.Field(default=5000, ge=1)
    """How many commits to sample."""
    seed: int = 0
    """Seed of the sample."""

    def commitpackft_settings(self) -> CommitPackFTSettings:
        return CommitPackFTSettings(dataset=self.commitpackft)

    def oasst_settings(self) -> OASSTSettings:
        return OASSTSettings(
            dataset=self.oasst, file=CONVERSATIONS_FILE, revision=CONVERSATIONS_REVISION, filtered=False
        )


def _examples(settings: OctoCoderSettings, work: Path, progress: Progress) -> Iterator[Example]:
    every = commits(settings.commitpackft_settings(), Quarantine(work / "commitpackft"), progress)
    wanted = f"{settings.commitpackft}: {settings.commits} commits"
    yield from sample(every, settings.commits, settings.seed, wanted)
    yield from conversations(settings.oasst_settings(), Quarantine(work / "oasst"), progress)


def _requirements(settings: OctoCoderSettings) -> Sequence[Requirement]:
    return [
        *COMMITPACKFT.requirements(settings.commitpackft_settings()),
        *OASST.requirements(settings.oasst_settings()),
    ]


SOURCE = Source(
    name="octocoder", version=3, settings=OctoCoderSettings, examples=_examples, requirements=_requirements
)
