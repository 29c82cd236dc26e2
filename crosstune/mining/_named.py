"""Fetch and mine a repository by its name; join what several processes have mined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.mining._mine import Mined, failed_repositories
from crosstune.mining._one_repository import MinedRepository, mine_repository
from crosstune.mining._profile import Profile
from crosstune.mining._repositories import join
from crosstune.mining.repository._remotes import fetch, without_password


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
    mined = [each.mined for each in entries if each.fetched]
    mined += [each.mined for each in entries if not each.fetched]
    commits, funnel = join(mined, profile)
    funnel.stale = {each.name: each.stale for each in entries if each.fetched and each.stale}
    return Mined(profile, commits, funnel, mined)
