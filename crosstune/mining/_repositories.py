"""Several repositories: each mined once, in processes, and joined into one corpus."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from crosstune.mining._findings import Spread, in_one
from crosstune.mining._funnel import Funnel
from crosstune.mining._mining import Mined, mine_repository
from crosstune.mining._processes import crew
from crosstune.mining._profile import Profile
from crosstune.mining._stages import SAME_CONTENTS, reasons
from crosstune.mining._tokens import counted
from crosstune.mining.repository._git import weight
from crosstune.records import Commit, Progress

ELSEWHERE = "duplicate: in another repository"
OPTED_OUT = "owner opted out"


def mine_each(
    paths: Sequence[Path], profile: Profile, work: Path, workers: int, progress: Progress
) -> list[Mined]:
    """Each repository's samples, in the order of ``paths``.

    In ``work`` each repository's findings are kept as soon as they are whole, and only what is new since then
    is read. The largest is begun first; of the one that this process has, others take shares when there is
    no whole one left.

    Raises:
        Incomplete: a process was killed; the repositories finished until then are kept.
        MissingTool, MissingExtra, DataError, ServiceError: as `mine_repository`.
    """
    counted(profile.contents.counter)  # a tokenizer that is not to be had is said before any work
    work.mkdir(parents=True, exist_ok=True)
    progress(0, len(paths))
    told = _counting(len(paths), progress)
    if workers == 1:
        return [_told(mine_once(path, profile, work), told) for path in paths]
    order = sorted(range(len(paths)), key=lambda place: -weight(paths[place]))
    with crew(workers) as people:
        found = people.run(
            mine_once,
            [(paths[place], profile, work) for place in order],
            functools.partial(mine_once, spread=people.spread),
            told,
        )
    return [mined for _, mined in sorted(zip(order, found, strict=True), key=lambda pair: pair[0])]


def _counting(total: int, progress: Progress) -> Callable[[], None]:
    """Tells of one more that is done; in any thread."""
    lock, done = threading.Lock(), 0

    def another() -> None:
        nonlocal done
        with lock:
            done += 1
            progress(done, total)

    return another


def _told(mined: Mined, told: Callable[[], None]) -> Mined:
    told()
    return mined


def mine_once(path: Path, profile: Profile, work: Path, spread: Spread = in_one) -> Mined:
    """`mine_repository` with a record in ``work``."""
    return mine_repository(path, profile, spread, work / record_name(path))


def record_name(path: Path) -> str:
    """The file of what was found out about the repository at ``path``."""
    place = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    name = re.sub(r"[^\w.-]+", "-", path.name)
    return f"{name}-{place[:12]}.record"


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
