"""What OctoCoder was tuned on: 5,000 random CommitPackFT commits of six languages, and all of OASST.

OctoPack, arXiv 2308.07124: 5,000 samples over Python, JavaScript, Java, Go, C++ and Rust, and 8,587
filtered conversations, of which the first two messages are kept. Which 5,000 was not published; here the
seed decides.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator, Sequence
from pathlib import Path

import pydantic

from crosstune.errors import DataError
from crosstune.records import Example, Need, Progress
from crosstune.settings import Settings
from crosstune.sources._columns import Columns, Mapping, examples
from crosstune.sources._hub import DataSet, file_rows, need
from crosstune.sources._source import Source

COMMITS = Mapping(
    columns=Columns(
        prompt=("subject", "old_contents"), completion="new_contents", language="lang", id="commit"
    ),
    task="commit",
    label="commitpackft",
)
LANGUAGES = ("python", "javascript", "java", "go", "c++", "rust")
COMMIT_FILES = tuple(f"data/{language}/data.jsonl" for language in LANGUAGES)
COMMITS_REVISION = "fc56fe33c030c6daa414c2b112c932b8eed085e6"
CONVERSATIONS_FILE = "oasst_octopack.jsonl"
CONVERSATIONS_REVISION = "1f5db3451c66a64e37158fcdf8c1951db8e90b33"


class OctoCoderSettings(Settings):
    commitpackft: DataSet = "bigcode/commitpackft"
    """The data set with ``data/python/data.jsonl`` and so on."""
    oasst: DataSet = "bigcode/oasst-octopack"
    """The data set with ``oasst_octopack.jsonl``."""
    commits: int = pydantic.Field(default=5000, ge=1)
    """How many commits are drawn."""
    seed: int = 0
    """Which ones."""
    conversation: Columns = Columns(messages="conversations", content="text")
    """Where the messages of a conversation stand."""


def _examples(settings: OctoCoderSettings, work: Path, progress: Progress) -> Iterator[Example]:  # noqa: ARG001 (the protocol's)
    yield from _drawn(settings, progress)
    conversations = file_rows(settings.oasst, CONVERSATIONS_FILE, CONVERSATIONS_REVISION)
    mapping = Mapping(columns=settings.conversation, label="oasst")
    yield from examples(conversations, mapping, SOURCE.name, progress)


def _drawn(settings: OctoCoderSettings, progress: Progress) -> list[Example]:
    """The commits with the lowest hashes: a draw that needs no order, and no more memory than it gives."""
    found = (row for file in COMMIT_FILES for row in file_rows(settings.commitpackft, file, COMMITS_REVISION))

    def rank(example: Example) -> bytes:
        return hashlib.sha256(f"{settings.seed}:{example.id}".encode()).digest()

    drawn = heapq.nsmallest(settings.commits, examples(found, COMMITS, SOURCE.name, progress), key=rank)
    if len(drawn) < settings.commits:
        raise DataError(
            f"{settings.commitpackft}: {settings.commits} commits are asked for, it has {len(drawn)}"
        )
    return drawn


def _needs(settings: OctoCoderSettings) -> Sequence[Need]:
    return [
        need(settings.commitpackft, COMMIT_FILES, COMMITS_REVISION),
        need(settings.oasst, (CONVERSATIONS_FILE,), CONVERSATIONS_REVISION),
    ]


SOURCE = Source(name="octocoder", version=1, settings=OctoCoderSettings, examples=_examples, needs=_needs)
