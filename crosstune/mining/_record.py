"""Save the decisions on a repository in a file, and load them in the next run.

The file has one line of JSON, the ids of all commits as bytes, then a line of JSON for each candidate and for
each kept commit. It is written atomically.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from crosstune.files import atomic_write
from crosstune.mining._decisions import Decisions
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change
from crosstune.records import Commit, from_json, to_json

VERSION = 1
"""The version of the file format; a file with another version is not read."""


@dataclass(frozen=True, slots=True)
class MiningRecord:
    """The decisions that the ``rules`` made on all commits reachable from ``tips``."""

    rules: str
    repository: str
    tips: tuple[str, ...]
    shallow: frozenset[str]
    decisions: Decisions

    @classmethod
    def of(cls, repository: Repository, rules: str, decisions: Decisions) -> MiningRecord:
        return cls(rules, repository.name, repository.tips, repository.shallow, decisions)


def save(file: Path, record: MiningRecord) -> None:
    decisions = record.decisions
    ids = bytes.fromhex(b"".join(sorted(decisions.commits)).decode())
    head = {
        "version": VERSION,
        "rules": record.rules,
        "repository": record.repository,
        "tips": record.tips,
        "shallow": sorted(record.shallow),
        "dropped": dict(sorted(decisions.dropped.items())),
        "refused": decisions.refused,
        "commits": [len(decisions.commits), len(ids)],
        "placed": len(decisions.candidates),
        "samples": len(decisions.kept),
    }
    with atomic_write(file) as temporary, temporary.open("wb") as stream:
        stream.write(json.dumps(head).encode() + b"\n" + ids)
        for each in decisions.candidates:
            row = [each.commit, each.time, each.path, each.old_blob, each.new_blob]
            stream.write(json.dumps(row).encode() + b"\n")
        stream.writelines(to_json(commit).encode() + b"\n" for commit in decisions.kept.values())


def load(file: Path, rules: str) -> MiningRecord | None:
    """The record; None if it is missing or damaged, or was made by other rules or in another format."""
    try:
        with file.open("rb") as stream:
            head: dict[str, Any] = json.loads(stream.readline())
            if (head["version"], head["rules"]) != (VERSION, rules):
                return None
            return _read(head, stream)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(head: dict[str, Any], stream: Any) -> MiningRecord:
    count, size = head["commits"]
    ids = stream.read(size).hex().encode()
    width = len(ids) // count if count else 1
    decisions = Decisions(
        commits={ids[start : start + width] for start in range(0, len(ids), width)},
        dropped=Counter(head["dropped"]),
        candidates=[_change(json.loads(line)) for line in islice(stream, head["placed"])],
        refused=head["refused"],
        kept={each.commit: each for each in (from_json(Commit, line) for line in stream)},
    )
    counts = (len(decisions.commits), len(decisions.candidates), len(decisions.kept))
    if counts != (count, head["placed"], head["samples"]):
        raise ValueError("the file is cut off")
    return MiningRecord(
        rules=head["rules"],
        repository=head["repository"],
        tips=tuple(head["tips"]),
        shallow=frozenset(head["shallow"]),
        decisions=decisions,
    )


def _change(row: list[Any]) -> Change:
    commit, time, path, old, new = row
    return Change(commit, time, (), "", "", "", path, old, new)
