"""Mine repositories by a profile's rules: commits, examples and a funnel of what was dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.mining._example import to_examples
from crosstune.mining._funnel import Funnel
from crosstune.mining._join import join
from crosstune.mining._one_repository import MinedRepository, unreadable_repository
from crosstune.mining._profile import Profile, load_profile
from crosstune.mining._repositories import mine_each
from crosstune.mining.repository._remotes import Fetched, expand_lists, fetch
from crosstune.records import Commit, Example, Progress


@dataclass(frozen=True, slots=True)
class Mined:
    """The commits of all repositories without duplicates, and what was dropped. ``commits`` can be read any
    number of times; `mine` gives a list."""

    profile: Profile
    commits: Iterable[Commit]
    funnel: Funnel
    repositories: Sequence[MinedRepository]

    def examples(self) -> Iterator[Example]:
        """Yield each commit as an instruction example."""
        return to_examples(self.commits, self.profile)


def _no_progress(_done: int, _total: int) -> None:
    pass


def mine(
    repositories: Sequence[str | Path],
    profile: Profile | str = "commitpackft",
    *,
    work: Path | None = None,
    cache: Path | None = None,
    workers: int = 1,
    progress: Progress = _no_progress,
) -> Mined:
    """Mine the history of git repositories for commits that read like instructions.

    Args:
        repositories: paths of local clones, URLs, or ``@FILE`` with one of these on each line.
        profile: the rules; the name of a profile, or a path that ends in ``.yaml``.
        work: a folder for the decisions on each repository; later runs then read only new commits.
        cache: the folder for clones of URLs; by default ``crosstune/repositories`` in the user's cache.
        workers: the number of processes.
        progress: called with the number of repositories done and their total.

    Repositories that cannot be read or fetched are listed in ``funnel.unreadable``; the rest are still mined.

    Raises:
        UnknownName, SettingsError: no such profile, or it is malformed.
        MissingTool, MissingExtra, DataError, ServiceError: git, or a tool that the profile needs, is not
            available.
        Incomplete: a process was killed.
    """
    rules = load_profile(profile) if isinstance(profile, str) else profile
    fetched = fetch(expand_lists([str(each) for each in repositories]), cache)
    return mine_fetched(fetched, rules, work=work, workers=workers, progress=progress)


def mine_fetched(
    fetched: Fetched, profile: Profile, *, work: Path | None, workers: int, progress: Progress
) -> Mined:
    """`mine` for repositories that have been fetched already."""
    mined = mine_each(fetched.paths, profile, work, workers, progress)
    mined += failed_repositories(fetched.failed, profile)
    commits, funnel = join(mined, profile)
    funnel.stale = dict(fetched.stale)
    return Mined(profile, commits, funnel, mined)


def failed_repositories(failed: Mapping[str, str], profile: Profile) -> list[MinedRepository]:
    """The results for repositories that could not be fetched: they count as unreadable."""
    return [unreadable_repository(name, name, why, profile) for name, why in failed.items()]
