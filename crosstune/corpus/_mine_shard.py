"""Mine a shard of the repositories, and make one corpus of what all shards have mined.

Duplicates are found between repositories, so a shard keeps the commits of each repository as they were mined.
The corpus that is made of all shards is the one that a single process would have made.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gzip
import json
import resource
from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.corpus import _folder, _mine
from crosstune.errors import CorruptArtifact, Incomplete, UsageError
from crosstune.files import atomic_write, full_disk_is_incomplete
from crosstune.mining import (
    Fetched,
    Funnel,
    Mined,
    MinedName,
    MinedRepository,
    Profile,
    QuarantinedCommit,
    join_streamed,
    mine_fetched,
    without_password,
)
from crosstune.records import Commit, Progress, from_json, from_row, to_json

_OTHER_FILES = 512
"""The output has one open file for each language, and this process some others."""
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


def merge_mined(folders: Sequence[Path], out: Path) -> _mine.Mining:
    """Make the corpus ``out`` of what the shards in ``folders`` (in order) have mined; their commits need not
    fit into memory.

    Raises:
        UsageError: ``out`` has other contents.
        CorruptArtifact: a shard's file is damaged.
        DataError: no repository can be read.
        Incomplete: the disk is full, this process may not open so many files, or another one writes ``out``.
    """
    _allow_open_files(len(folders))
    with contextlib.ExitStack() as opened:
        profile = _Shard(folders[0], opened).profile
    return _mine.write_mined(join_streamed(lambda: _interleaved(folders), profile), out, plot=True)


def _allow_open_files(shards: int) -> None:
    """All shards are read at the same time, and the usual limit is 1,024 files."""
    needed, (soft, hard) = shards + _OTHER_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise Incomplete(
            f"{shards} shards need {needed} open files, and {hard} are allowed: raise ulimit -Hn"
        )
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _interleaved(folders: Sequence[Path]) -> Iterator[tuple[MinedName, Iterator[Commit]]]:
    """The repositories in the order in which all shards were given them: each took every so manyth."""
    with contextlib.ExitStack() as opened:
        shards = [_Shard(folder, opened) for folder in folders]
        while shards:
            found = [(shard, entry) for shard in shards if (entry := shard.next()) is not None]
            yield from ((entry, shard.commits()) for shard, entry in found)
            shards = [shard for shard, _ in found]


class _Shard:
    """A shard's file, read from its beginning to its end."""

    def __init__(self, folder: Path, opened: contextlib.ExitStack) -> None:
        """
        Raises:
            CorruptArtifact: it is not what `mine_shard` writes.
        """
        self._path = folder / MINED
        self._left = 0
        with self._checked():
            file = gzip.open(self._path, "rb")  # noqa: SIM115  (the caller's, as it reads several)
            self._file = opened.enter_context(file)
            self.profile = Profile.model_validate(json.loads(self._file.readline()))

    def next(self) -> MinedName | None:
        """The next repository, without its commits; None at the end."""
        for _ in self.commits():  # what nobody has read of the one before
            pass
        with self._checked():
            return self._entry(line) if (line := self._file.readline()) else None

    def commits(self) -> Iterator[Commit]:
        """The commits of this repository."""
        while self._left:
            self._left -= 1
            with self._checked():
                commit = from_json(Commit, self._file.readline())
            yield commit

    def _entry(self, line: bytes) -> MinedName:
        head = json.loads(line)
        self._left = head["commits"]
        mined = MinedRepository(
            repository=head["repository"],
            commits=[],
            funnel=Funnel(**head["funnel"]),
            quarantined=[from_row(QuarantinedCommit, each) for each in head["quarantined"]],
            state=head["state"],
            summary=head["summary"],
        )
        return MinedName(head["name"], mined, head["fetched"], head["stale"])

    @contextlib.contextmanager
    def _checked(self) -> Iterator[None]:
        try:
            yield
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise CorruptArtifact(f"{self._path}: damaged ({error}); run its shard again") from None
