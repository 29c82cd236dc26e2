"""One repository's commits through the rules, in one process or with its candidates spread over several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosstune.records import Commit
from crosstune.settings import digest
from crosstune.sources import _contents, _linguist, _rule, _stages
from crosstune.sources._endings import LINGUIST
from crosstune.sources._funnel import Funnel
from crosstune.sources._git import Repository, Unreadable, opened
from crosstune.sources._log import Change
from crosstune.sources._profile import Profile, languages_by_ending, verbs
from crosstune.sources._stages import Drop
from crosstune.sources._tokens import described

Stage = Callable[[Repository, Profile, Sequence[Change]], tuple[list[Any], list[Drop]]]
Spread = Callable[[Stage, Repository, Profile, Sequence[Change]], tuple[list[Any], list[Drop]]]
"""Runs a stage over the changes; what it gives is in their order."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A commit that was set aside: its contents are missing, no text, too large, or made to mislead."""

    repository: str
    commit: str
    path: str
    old_blob: str
    new_blob: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mined:
    """What one repository gave. ``commits`` is empty where ``funnel.unreadable`` names it."""

    repository: str
    commits: list[Commit]
    funnel: Funnel
    aside: list[Aside] = field(default_factory=list)


def in_one(
    stage: Stage, repository: Repository, profile: Profile, found: Sequence[Change]
) -> tuple[list[Any], list[Drop]]:
    """The stage over all at once, in this process."""
    return stage(repository, profile, found)


def mine_repository(path: Path, profile: Profile, spread: Spread = in_one) -> Mined:
    """The samples of one repository, sorted by path, then time. Nothing of a repository whose history is
    damaged is used.

    Raises:
        MissingTool: no git.
        DataError, ServiceFault, MissingExtra: the profile's tokenizer, or the grammars, cannot be had.
    """
    funnel = Funnel(profile.name, described(profile.contents.counter), repositories=1)
    try:
        with opened(path) as repository:
            commits, aside = _mine(repository, profile, funnel, spread)
            name = repository.name
    except Unreadable as fault:
        empty = Funnel(profile.name, funnel.tokens, repositories=1, unreadable={str(path): str(fault)})
        return Mined(path.name, [], empty)
    funnel.kept = len(commits)
    funnel.additions = sum(not commit.old_blob for commit in commits)
    funnel.dropped = funnel.ordered(_stages.reasons(profile))
    return Mined(name, commits, funnel, aside)


def fingerprint(profile: Profile) -> str:
    """A hash of all that decides what is kept: the thresholds, the lists they name, the rules' version."""
    table = profile.file.extensions
    lists = [_linguist.version() if table == LINGUIST else dict(languages_by_ending(table))]
    words = sorted(verbs(profile.subject.verbs)) if profile.subject.verbs else []
    return digest([_rule.VERSION, profile.model_dump(mode="json"), lists, words])[:12]


def candidates(
    repository: Repository, profile: Profile, funnel: Funnel, spread: Spread = in_one
) -> list[Change]:
    """The commits of which only the contents are left to judge, sorted by path, then time."""
    found, counts = _stages.by_log(repository, profile)
    funnel.commits = len(found) + counts.total()
    for reason, count in counts.items():
        funnel.drop(reason, count)
    placed, others = spread(_stages.by_path, repository, profile, found)
    kept, doubles = _stages.first_of_each(placed)
    _count(funnel, [*others, *doubles])
    return kept


def _mine(
    repository: Repository, profile: Profile, funnel: Funnel, spread: Spread
) -> tuple[list[Commit], list[Aside]]:
    found = candidates(repository, profile, funnel, spread)
    samples, dropped = spread(_stages.by_contents, repository, profile, found)
    _count(funnel, dropped)
    kept, refused = _stages.by_licence(repository, profile, samples)
    if refused:
        funnel.drop(_stages.LICENCE, len(refused))
    return kept, [
        Aside(repository.name, change.commit, change.path, change.old_blob, change.new_blob, reason)
        for reason, change in dropped
        if reason in _contents.POISON
    ]


def _count(funnel: Funnel, dropped: Iterable[Drop]) -> None:
    for reason, _ in dropped:
        funnel.drop(reason)
