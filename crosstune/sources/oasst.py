"""OpenAssistant conversations (OASST1, Apache-2.0) with OctoPack's filter.

Rows have one of three formats: `text` with ``### Human:`` and ``### Assistant:`` before the turns (as in
openassistant-guanaco), `messages` with `content`, or `conversations` with `text` (as in oasst-octopack).
A conversation is dropped if any of its turns contains an unwanted phrase. Of each remaining conversation, the
first question and its answer are used, as in OctoPack, which used the first two turns.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from crosstune.records import Example, Progress, Requirement, Turn
from crosstune.settings import Settings
from crosstune.sources._columns import json_object
from crosstune.sources._conversations import message_list, turns
from crosstune.sources._conversion import convert
from crosstune.sources._hub import Dataset, dataset_requirement, file_rows
from crosstune.sources._quarantine import BadRow, Quarantine
from crosstune.sources._source import Source

TURN = re.compile(r"###\s*(Human|Assistant):")


class OASSTSettings(Settings):
    dataset: Dataset = "timdettmers/openassistant-guanaco"
    """The dataset, or a folder."""
    file: str = "openassistant_best_replies_train.jsonl"
    """The file to read."""
    revision: str | None = None
    """A commit of the dataset; without one, its contents may change."""
    filtered: bool = True
    """Drop conversations in which the assistant refuses, moralises or calls itself a model (OctoPack's
    list)."""


def conversations(settings: OASSTSettings, quarantine: Quarantine, progress: Progress) -> Iterator[Example]:
    """Yield an example for each conversation that passes the filter.

    Raises:
        DataError, ServiceError: the file is not available, or contains no usable conversation.
    """

    def to_example(location: str, row: Any, index: int) -> Example | None:
        messages = _turns(location, row)
        if settings.filtered and unwanted(" ".join(each.content for each in messages)):
            return None
        question, answer = _first_exchange(location, messages)
        return Example(
            id=f"oasst:{index}",
            prompt=question,
            completion=answer,
            language="",
            task="instruct",
            source="oasst",
            provenance={"place": Path(location).name, "licence": "apache-2.0"},
        )

    rows = file_rows(settings.dataset, settings.file, settings.revision, quarantine)
    return convert(rows, to_example, quarantine, progress)


def unwanted(text: str) -> str:
    """The first unwanted phrase that ``text`` contains, ignoring case; empty if it contains none."""
    lowered = text.lower()
    return next((phrase for phrase in _phrases() if phrase in lowered), "")


@functools.cache
def _phrases() -> tuple[str, ...]:
    lines = (resources.files("crosstune.sources") / "data" / "oasst-unwanted.txt").read_text("utf-8")
    return tuple(line for line in lines.splitlines() if line and not line.startswith("#"))


def _turns(location: str, row: Any) -> list[Turn]:
    row = json_object(location, row)
    for column in ("messages", "conversations"):
        if isinstance(row.get(column), list):
            return turns(location, message_list(location, column, row[column]), ("role", "content"))
    if not isinstance(row.get("text"), str):
        raise BadRow("missing column", f"{location}: no column 'text', 'messages' or 'conversations'")
    spoken = TURN.split(row["text"])[1:]
    messages = [
        {"role": role, "content": text.strip()} for role, text in zip(spoken[::2], spoken[1::2], strict=True)
    ]
    return turns(location, messages, ("role", "content"))


def _first_exchange(location: str, messages: Sequence[Turn]) -> tuple[str, str]:
    for question, answer in itertools.pairwise(messages):
        if (question.role, answer.role) == ("user", "assistant") and answer.content.strip():
            return question.content, answer.content
    raise BadRow("no answer", f"{location}: expected a question and its answer")


def _examples(settings: OASSTSettings, work: Path, progress: Progress) -> Iterator[Example]:
    return conversations(settings, Quarantine(work), progress)


def _requirements(settings: OASSTSettings) -> Sequence[Requirement]:
    return [dataset_requirement(settings.dataset, (settings.file,), settings.revision)]


SOURCE = Source(
    name="oasst", version=2, settings=OASSTSettings, examples=_examples, requirements=_requirements
)
