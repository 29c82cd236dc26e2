"""What a repository's last mining found out, in a file: the next one goes on from there.

A line of JSON, the ids of all commits as bytes, then a line of JSON for each placed change and each sample.
It is written aside and renamed, so what stands there is whole.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from crosstune.mining._findings import Findings
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change
from crosstune.records import Commit, from_json, to_json

VERSION = 1
"""Of the file: one of another version is not read."""


@dataclass(frozen=True, slots=True)
class Record:
    """``tips`` led to all the commits of ``findings``, none of which the rules ``rules`` have yet to see."""

    rules: str
    repository: str
    tips: tuple[str, ...]
    shallow: frozenset[str]
    findings: Findings

    @classmethod
    def of(cls, repository: Repository, rules: str, findings: Findings) -> Record:
        return cls(rules, repository.name, repository.tips, repository.shallow, findings)


def save(file: Path, record: Record) -> None:
    findings = record.findings
    ids = bytes.fromhex(b"".join(sorted(findings.commits)).decode())
    head = {
        "version": VERSION,
        "rules": record.rules,
        "repository": record.repository,
        "tips": record.tips,
        "shallow": sorted(record.shallow),
        "dropped": dict(sorted(findings.dropped.items())),
        "refused": findings.refused,
        "commits": [len(findings.commits), len(ids)],
        "placed": len(findings.placed),
        "samples": len(findings.samples),
    }
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            stream.write(json.dumps(head).encode() + b"\n" + ids)
            for each in findings.placed:
                row = [each.commit, each.time, each.path, each.old_blob, each.new_blob]
                stream.write(json.dumps(row).encode() + b"\n")
            stream.writelines(to_json(commit).encode() + b"\n" for commit in findings.samples.values())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def load(file: Path, rules: str) -> Record | None:
    """The record, if it is one of these rules; None where there is none, or it is damaged."""
    try:
        with file.open("rb") as stream:
            head: dict[str, Any] = json.loads(stream.readline())
            if (head["version"], head["rules"]) != (VERSION, rules):
                return None
            return _record(head, stream)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _record(head: dict[str, Any], stream: Any) -> Record:
    count, size = head["commits"]
    ids = stream.read(size).hex().encode()
    width = len(ids) // count if count else 1
    findings = Findings(
        commits={ids[at : at + width] for at in range(0, len(ids), width)},
        dropped=Counter(head["dropped"]),
        placed=[_change(json.loads(line)) for line in islice(stream, head["placed"])],
        refused=head["refused"],
        samples={each.commit: each for each in (from_json(Commit, line) for line in stream)},
    )
    found = (len(findings.commits), len(findings.placed), len(findings.samples))
    if found != (count, head["placed"], head["samples"]):
        raise ValueError("cut off")
    return Record(
        rules=head["rules"],
        repository=head["repository"],
        tips=tuple(head["tips"]),
        shallow=frozenset(head["shallow"]),
        findings=findings,
    )


def _change(row: list[Any]) -> Change:
    commit, time, path, old, new = row
    return Change(commit, time, (), "", "", "", path, old, new)
