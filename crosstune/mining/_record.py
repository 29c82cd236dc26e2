"""Save the decisions on a repository in a file, and load them in the next run.

The file has one line of JSON, the ids of all commits as bytes, a line of JSON for each candidate and for each
kept commit, and the SHA-256 of all that. It is written atomically.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from crosstune.files import atomic_write
from crosstune.mining._decisions import Decisions
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change
from crosstune.records import Commit, from_json, to_json

VERSION = 2
"""The version of the file format; a file with another version is not read."""
_DIGITS = 64
"""The hex digits of the SHA-256 at the end of the file."""


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
        whole = hashlib.sha256()
        for part in _parts(head, ids, decisions):
            whole.update(part)
            stream.write(part)
        stream.write(whole.hexdigest().encode())


def _parts(head: dict[str, Any], ids: bytes, decisions: Decisions) -> Iterator[bytes]:
    yield json.dumps(head).encode() + b"\n" + ids
    for each in decisions.candidates:
        row = [each.commit, each.time, each.path, each.old_blob, each.new_blob]
        yield json.dumps(row).encode() + b"\n"
    for commit in decisions.kept.values():
        yield to_json(commit).encode() + b"\n"


def load(file: Path, rules: str) -> MiningRecord | None:
    """The record; None if it is missing or damaged, or was made by other rules or in another format."""
    try:
        with file.open("rb") as stream:
            head: dict[str, Any] = json.loads(stream.readline())
            if (head["version"], head["rules"]) != (VERSION, rules) or not _is_whole(stream):
                return None
            return _read(head, stream)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_whole(stream: BinaryIO) -> bool:
    """Whether the file is what was written: a damaged byte could otherwise become part of a corpus."""
    start = stream.tell()
    left = stream.seek(-_DIGITS, os.SEEK_END)
    written = stream.read()
    stream.seek(0)
    whole = hashlib.sha256()
    while left and (chunk := stream.read(min(left, 1 << 20))):
        whole.update(chunk)
        left -= len(chunk)
    stream.seek(start)
    return whole.hexdigest().encode() == written


def _read(head: dict[str, Any], stream: Any) -> MiningRecord:
    count, size = head["commits"]
    ids = stream.read(size).hex().encode()
    width = len(ids) // count if count else 1
    decisions = Decisions(
        commits={ids[start : start + width] for start in range(0, len(ids), width)},
        dropped=Counter(head["dropped"]),
        candidates=[_change(json.loads(line)) for line in islice(stream, head["placed"])],
        refused=head["refused"],
        kept={
            each.commit: each
            for each in (from_json(Commit, line) for line in islice(stream, head["samples"]))
        },
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
