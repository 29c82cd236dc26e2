"""OpenAssistant's conversations (OASST1, Apache-2.0) with the filter that OctoPack laid over them.

Rows are one of three: `text` with ``### Human:`` and ``### Assistant:`` before the turns (as in
openassistant-guanaco), `messages` with `content`, or `conversations` with `text` (as in oasst-octopack).
A conversation goes when any of its turns holds an unwanted phrase; of the others the first two turns
are kept.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from crosstune.records import Example, Progress, Requirement
from crosstune.settings import Settings
from crosstune.sources._hub import DataSet, file_rows, requirement
from crosstune.sources._quarantine import BadRow, Quarantine, checked_text
from crosstune.sources._rows import BATCH, kind
from crosstune.sources._source import Source

TURN = re.compile(r"###\s*(Human|Assistant):")


class OASSTSettings(Settings):
    dataset: DataSet = "timdettmers/openassistant-guanaco"
    """The data set, or a folder."""
    file: str = "openassistant_best_replies_train.jsonl"
    """The file of it that is read."""
    revision: str | None = None
    """A commit of the data set; without one, what it gives may change."""
    filtered: bool = True
    """Leave out conversations with refusals, moralising and talk about being a model (OctoPack's list)."""


def conversations(settings: OASSTSettings, quarantine: Quarantine, progress: Progress) -> Iterator[Example]:
    """One example for each conversation that stays.

    Raises:
        DataError, ServiceError: the file is not to be had, or holds no conversation that can be used.
    """
    used = number = 0
    for place, row in file_rows(settings.dataset, settings.file, settings.revision, quarantine):
        number += 1
        if number % BATCH == 0:
            progress(number, 0)
        try:
            turns = _turns(place, row)
        except BadRow as error:
            quarantine.put(place, error, row)
            continue
        used += 1
        if settings.filtered and unwanted(" ".join(turns)):
            continue
        yield Example(
            id=f"oasst:{number - 1}",
            prompt=turns[0],
            completion=turns[1],
            language="",
            task="instruct",
            source="oasst",
            provenance={"place": Path(place).name, "licence": "apache-2.0"},
        )
    quarantine.close(used)
    progress(number, number)


def unwanted(text: str) -> str:
    """The first phrase of the list that ``text`` holds, in any letters; empty if none."""
    lowered = text.lower()
    return next((phrase for phrase in _phrases() if phrase in lowered), "")


@functools.cache
def _phrases() -> tuple[str, ...]:
    lines = (resources.files("crosstune.sources") / "data" / "oasst-unwanted.txt").read_text("utf-8")
    return tuple(line for line in lines.splitlines() if line and not line.startswith("#"))


def _turns(place: str, row: Any) -> list[str]:
    """The texts of all turns, two at least."""
    if not isinstance(row, dict):
        raise BadRow("wrong type", f"{place}: expected an object with columns, found {kind(row)}")
    for column, key in (("messages", "content"), ("conversations", "text")):
        if isinstance(found := row.get(column), list):
            turns = [each.get(key) if isinstance(each, dict) else None for each in found]
            break
    else:
        if not isinstance(row.get("text"), str):
            raise BadRow("missing column", f"{place}: no column 'text', 'messages' or 'conversations'")
        turns = [turn.strip() for turn in TURN.split(row["text"])[2::2]]
    if len(turns) < 2 or not all(isinstance(turn, str) for turn in turns[:2]) or not turns[1]:
        raise BadRow("wrong type", f"{place}: expected two turns with text")
    return [checked_text(place, "a turn", turn) for turn in turns if isinstance(turn, str)]


def _examples(settings: OASSTSettings, work: Path, progress: Progress) -> Iterator[Example]:
    return conversations(settings, Quarantine(work), progress)


def _requirements(settings: OASSTSettings) -> Sequence[Requirement]:
    return [requirement(settings.dataset, (settings.file,), settings.revision)]


SOURCE = Source(
    name="oasst",
    version=1,
    settings=OASSTSettings,
    examples=_examples,
    requirements=_requirements,
)
