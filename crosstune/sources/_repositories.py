"""Several repositories: each mined once, in processes, and joined into one corpus."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import as_completed
from pathlib import Path
from typing import Any

from crosstune.records import Commit, Progress, from_json, to_json
from crosstune.settings import digest
from crosstune.sources._funnel import Funnel
from crosstune.sources._git import Unreadable, opened
from crosstune.sources._mining import Aside, Mined, Spread, fingerprint, in_one, mine_repository
from crosstune.sources._processes import pool, spreading
from crosstune.sources._profile import Profile
from crosstune.sources._stages import SAME_CONTENTS, reasons
from crosstune.sources._tokens import counted, described

ELSEWHERE = "duplicate: in another repository"
OPTED_OUT = "owner opted out"


def mine_each(
    paths: Sequence[Path], profile: Profile, work: Path, workers: int, progress: Progress
) -> list[Mined]:
    """Each repository's samples, in the order of ``paths``.

    What was mined from the same tips by the same rules is taken from ``work``, where every repository's
    result is kept as soon as it is whole. Of fewer repositories than ``workers`` each is spread over all.

    Raises:
        Incomplete: a process was killed; the repositories finished until then are kept.
        MissingTool, MissingExtra, DataError, ServiceFault: as `mine_repository`.
    """
    counted(profile.contents.counter)  # a tokenizer that is not to be had is said before any work
    work.mkdir(parents=True, exist_ok=True)
    if workers > 1 and len(paths) >= workers:
        return _side_by_side(paths, profile, work, workers, progress)
    found = []
    with contextlib.ExitStack() as stack:
        spread = stack.enter_context(spreading(workers)) if workers > 1 else in_one
        for done, path in enumerate(paths):
            progress(done, len(paths))
            found.append(mine_once(path, profile, work, spread))
    progress(len(paths), len(paths))
    return found


def _side_by_side(
    paths: Sequence[Path], profile: Profile, work: Path, workers: int, progress: Progress
) -> list[Mined]:
    with pool(workers) as processes:
        futures = [processes.submit(mine_once, path, profile, work) for path in paths]
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()
            progress(done, len(paths))
        return [future.result() for future in futures]


def unfetched(name: str, reason: str, profile: Profile) -> Mined:
    """What a repository gave that was never here."""
    funnel = Funnel(profile.name, described(profile.contents.counter), repositories=1)
    return Mined(name, [], dataclasses.replace(funnel, unreadable={name: reason}))


def references(path: Path) -> str:
    """A hash of what a repository's references point to; of its path if it is unreadable."""
    try:
        with opened(path) as repository:
            what = [repository.name, list(repository.tips), sorted(repository.shallow), repository.head]
    except Unreadable as fault:
        what = [str(path), str(fault)]
    return digest(what)[:16]


def state(path: Path, profile: Profile) -> str:
    """A hash of all that decides what is mined: the rules and what the references point to."""
    return digest([fingerprint(profile), references(path)])[:16]


def mine_once(path: Path, profile: Profile, work: Path, spread: Spread = in_one) -> Mined:
    """`mine_repository`, or what it gave before."""
    file = work / f"{state(path, profile)}.jsonl"
    if file.is_file():
        return _load(file)
    mined = mine_repository(path, profile, spread)
    if not mined.funnel.unreadable:
        _save(file, mined)
    return mined


def _save(file: Path, mined: Mined) -> None:
    aside = file.with_name(f".{file.name}.{os.getpid()}.part")
    head: dict[str, Any] = {"repository": mined.repository, "funnel": dataclasses.asdict(mined.funnel)}
    head["aside"] = [dataclasses.asdict(each) for each in mined.aside]
    try:
        with aside.open("w", encoding="utf-8") as stream:
            stream.write(json.dumps(head) + "\n")
            stream.writelines(to_json(commit) + "\n" for commit in mined.commits)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def _load(file: Path) -> Mined:
    with file.open(encoding="utf-8", newline="\n") as stream:
        head = json.loads(next(stream))
        commits = [from_json(Commit, line) for line in stream]
    aside = [Aside(**each) for each in head["aside"]]
    return Mined(head["repository"], commits, Funnel(**head["funnel"]), aside)


def join(mined: Sequence[Mined], profile: Profile) -> tuple[list[Commit], Funnel]:
    """The samples of all, each once: one that stands in several repositories names them all."""
    kept: dict[bytes, Commit] = {}
    homes: dict[bytes, list[str]] = {}
    total = _sum([each.funnel for each in mined], profile)
    for commit in (commit for each in mined for commit in each.commits):
        content = _content(commit)
        if content in kept:
            total.drop(SAME_CONTENTS if commit.repository in homes[content] else ELSEWHERE)
        else:
            kept[content] = commit
        homes.setdefault(content, []).append(commit.repository)
    found = [
        dataclasses.replace(commit, repository=", ".join(sorted(set(homes[content]))))
        for content, commit in kept.items()
        if not _opted_out(homes[content], profile, total.drop)
    ]
    total.kept, total.additions = len(found), sum(not commit.old_blob for commit in found)
    total.dropped = total.ordered([*reasons(profile), ELSEWHERE, OPTED_OUT])
    return found, total


def _content(commit: Commit) -> bytes:
    """Of the text, not of the blob ids: those of a SHA-256 repository differ, and pieces have none."""
    return hashlib.blake2b(f"{commit.old}\0{commit.new}".encode(), digest_size=20).digest()


def _opted_out(homes: Iterable[str], profile: Profile, drop: Callable[[str], None]) -> bool:
    owners = {home.split("/")[-2] if "/" in home else "" for home in homes}
    out = owners <= set(profile.owners.opted_out)
    if out:
        drop(OPTED_OUT)
    return out


def _sum(funnels: Sequence[Funnel], profile: Profile) -> Funnel:
    total = Funnel(profile.name, funnels[0].tokens if funnels else "")
    for funnel in funnels:
        total.repositories += funnel.repositories
        total.commits += funnel.commits
        total.unreadable |= funnel.unreadable
        for reason, count in funnel.dropped.items():
            total.drop(reason, count)
    return total
