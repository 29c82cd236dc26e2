"""Mine a shard of the repositories, and make one corpus of what all shards have mined.

Duplicates are found between repositories, so a shard keeps the commits of each repository as they were mined.
The corpus that is made of all shards is the one that a single process would have made.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune.corpus import _folder, _mine
from crosstune.errors import CorruptArtifact, UsageError
from crosstune.files import atomic_write, full_disk_is_incomplete
from crosstune.mining import (
    Fetched,
    Funnel,
    Mined,
    MinedName,
    MinedRepository,
    Profile,
    QuarantinedCommit,
    join_named,
    mine_fetched,
    without_password,
)
from crosstune.records import Commit, Progress, from_json, from_row, to_json

MINED = "mined.jsonl.gz"
"""In a shard's folder: a line of JSON for each repository, followed by one for each of its commits."""


def mine_shard(
    names: Sequence[str],
    fetched: Fetched,
    folder: Path,
    *,
    profile: Profile,
    workers: int,
    progress: Progress,
) -> Path:
    """Mine the repositories ``names``, which are ``fetched``, into ``folder``; return the file of commits.

    Raises: see `mine`.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; give another folder for the corpus")
    work = folder / _mine.WORK
    with full_disk_is_incomplete(folder), _folder.single_writer(folder, work / _mine.LOCK):
        mined = mine_fetched(fetched, profile, work=work, workers=workers, progress=progress)
        with atomic_write(folder / MINED, sync=True) as temporary:
            _write(temporary, profile, _entries(names, fetched, mined))
    return folder / MINED


def _entries(names: Sequence[str], fetched: Fetched, mined: Mined) -> Iterator[MinedName]:
    """The repositories in the order of ``names``; `mine_fetched` puts those that failed last."""
    shown = [without_password(name) for name in names]
    here = iter(mined.repositories[: len(fetched.paths)])
    failed = iter(mined.repositories[len(fetched.paths) :])
    for name in shown:
        gone = name in fetched.failed
        yield MinedName(name, next(failed if gone else here), not gone, fetched.stale.get(name, ""))


def _write(path: Path, profile: Profile, entries: Iterator[MinedName]) -> None:
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as file:
        file.write(json.dumps(profile.model_dump(mode="json")).encode() + b"\n")
        for entry in entries:
            head = {
                "name": entry.name,
                "fetched": entry.fetched,
                "stale": entry.stale,
                "repository": entry.mined.repository,
                "state": entry.mined.state,
                "summary": entry.mined.summary,
                "funnel": dataclasses.asdict(entry.mined.funnel),
                "quarantined": [dataclasses.asdict(each) for each in entry.mined.quarantined],
                "commits": len(entry.mined.commits),
            }
            file.write(json.dumps(head).encode() + b"\n")
            file.writelines(to_json(commit).encode() + b"\n" for commit in entry.mined.commits)


def _read(folder: Path) -> tuple[Mapping[str, Any], list[MinedName]]:
    """
    Raises:
        CorruptArtifact: it is not what `mine_shard` writes.
    """
    path = folder / MINED
    try:
        with gzip.open(path, "rb") as file:
            return json.loads(file.readline()), list(_read_entries(file))
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise CorruptArtifact(f"{path}: damaged ({error}); run its shard again") from None


def _read_entries(file: Any) -> Iterator[MinedName]:
    while line := file.readline():
        head = json.loads(line)
        mined = MinedRepository(
            repository=head["repository"],
            commits=[from_json(Commit, file.readline()) for _ in range(head["commits"])],
            funnel=Funnel(**head["funnel"]),
            quarantined=[from_row(QuarantinedCommit, each) for each in head["quarantined"]],
            state=head["state"],
            summary=head["summary"],
        )
        yield MinedName(head["name"], mined, head["fetched"], head["stale"])


def merge_mined(folders: Sequence[Path], out: Path) -> _mine.Mining:
    """Make the corpus ``out`` of what the shards in ``folders`` (in order) have mined.

    Raises:
        UsageError: ``out`` has other contents.
        CorruptArtifact: a shard's file is damaged.
        DataError: no repository can be read.
        Incomplete: the disk is full, or another process writes ``out``.
    """
    shards = [_read(folder) for folder in folders]
    profile = Profile.model_validate(shards[0][0])
    entries = list(_interleaved([each for _, each in shards]))
    return _mine.write_mined(join_named(entries, profile), out, plot=True)


def _interleaved(shards: Sequence[Sequence[MinedName]]) -> Iterator[MinedName]:
    for position in range(max(map(len, shards))):
        for entries in shards:
            if position < len(entries):
                yield entries[position]
