"""Fetch and mine a repository by its name; join what several processes have mined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.mining._join import Distinct, join
from crosstune.mining._mine import Mined, failed_repositories
from crosstune.mining._one_repository import MinedRepository, mine_repository
from crosstune.mining._profile import Profile
from crosstune.mining.repository._remotes import fetch, without_password
from crosstune.records import Commit


@dataclass(frozen=True, slots=True)
class MinedName:
    """One URL or path and what was mined there.

    ``fetched`` is false if the URL could not be cloned, and ``stale`` says why its clone could not be
    updated, if so.
    """

    name: str
    mined: MinedRepository
    fetched: bool = True
    stale: str = ""


def mine_name(name: str, profile: Profile, *, cache: Path | None, record: Path | None) -> MinedName:
    """Mine the repository ``name``; ``cache`` and ``record`` as in `fetch` and `mine_repository`.

    Raises: see `mine`.
    """
    public = without_password(name)
    fetched = fetch([name], cache)
    if fetched.failed:
        (mined,) = failed_repositories(fetched.failed, profile)
        return MinedName(public, mined, fetched=False)
    mined = mine_repository(fetched.paths[0], profile, record=record)
    return MinedName(public, mined, stale=fetched.stale.get(public, ""))


def join_named(entries: Sequence[MinedName], profile: Profile) -> Mined:
    """What `mine` gives for the names of all ``entries``, in their order."""
    mined = _fetched_first(entries)
    commits, funnel = join(mined, profile)
    funnel.stale = _stale(entries)
    return Mined(profile, commits, funnel, mined)


def join_streamed(
    read: Callable[[], Iterable[tuple[MinedName, Iterable[Commit]]]], profile: Profile
) -> Mined:
    """`join_named` for more commits than memory. ``read`` gives the entries without their commits, and these,
    the same each time: now, and whenever the result's commits are read."""
    distinct, entries = Distinct(profile), []
    for entry, commits in read():
        entries.append(entry)
        for commit in commits:
            distinct.add(commit)
    mined = _fetched_first(entries)
    funnel = distinct.funnel(mined)
    funnel.stale = _stale(entries)
    return Mined(profile, _Streamed(read, distinct), funnel, mined)


@dataclass(frozen=True, slots=True)
class _Streamed:
    read: Callable[[], Iterable[tuple[MinedName, Iterable[Commit]]]]
    distinct: Distinct

    def __iter__(self) -> Iterator[Commit]:
        return self.distinct.of(commit for _, commits in self.read() for commit in commits)


def _fetched_first(entries: Sequence[MinedName]) -> list[MinedRepository]:
    mined = [each.mined for each in entries if each.fetched]
    return mined + [each.mined for each in entries if not each.fetched]


def _stale(entries: Iterable[MinedName]) -> dict[str, str]:
    return {each.name: each.stale for each in entries if each.fetched and each.stale}
