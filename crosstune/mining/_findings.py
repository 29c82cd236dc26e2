"""All that was found out about one repository's commits: enough to tell its samples, and to go on from.

What a commit is by itself never changes, so new commits are only added. Which of equal changes is the first
is asked of all of them together each time, as a new commit may bear an earlier date than an old one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crosstune.mining import _samples, _stages
from crosstune.mining._funnel import Funnel
from crosstune.mining._profile import Profile
from crosstune.mining._stages import Drop
from crosstune.mining._tokens import described
from crosstune.mining.repository import _trees
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change
from crosstune.mining.rules import _contents
from crosstune.records import Commit

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


@dataclass(slots=True)
class Findings:
    """``commits`` are the ids of all that were read, ``dropped`` how many their messages, trees and paths
    dropped, by reason; ``placed`` are the others (messages may be left out), sorted by time. Of the first of
    each of these, ``refused`` says why contents or licence drop it, ``samples`` has what is kept."""

    commits: set[bytes] = field(default_factory=set)
    dropped: Counter[str] = field(default_factory=Counter)
    placed: list[Change] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    samples: dict[str, Commit] = field(default_factory=dict)


def in_one(
    stage: Stage, repository: Repository, profile: Profile, found: Sequence[Change]
) -> tuple[list[Any], list[Drop]]:
    """The stage over all at once, in this process."""
    return stage(repository, profile, found)


def add(
    findings: Findings,
    repository: Repository,
    profile: Profile,
    spread: Spread = in_one,
    since: Collection[str] = (),
) -> int:
    """Add the commits that cannot be reached from ``since`` (all that ``findings`` knows can be); how many.

    Raises:
        Unreadable: the history is damaged.
        DataError, ServiceError, MissingExtra: the profile's tokenizer, or the grammars, cannot be had.
    """
    count = place(findings, repository, profile, spread, since)
    kept, _ = _stages.first_of_each(findings.placed)
    new = [
        each for each in kept if each.commit not in findings.samples and each.commit not in findings.refused
    ]
    samples, dropped = spread(_samples.by_contents, repository, profile, new)
    refused = findings.refused | {change.commit: reason for reason, change in dropped}
    made = findings.samples | {commit.commit: commit for commit in samples}
    # In order, and without those that turn out to be later than a new one with the same contents.
    findings.refused = {each.commit: refused[each.commit] for each in kept if each.commit in refused}
    findings.samples = {each.commit: made[each.commit] for each in kept if each.commit in made}
    return count


def place(
    findings: Findings,
    repository: Repository,
    profile: Profile,
    spread: Spread = in_one,
    since: Collection[str] = (),
) -> int:
    """The first half of `add`: what can be told without contents."""
    told = _stages.by_log(repository, profile, since, findings.commits)
    placed, others = spread(_stages.by_path, repository, profile, told.kept)
    findings.commits.update(told.commits)
    findings.dropped += told.dropped
    findings.dropped.update(reason for reason, _ in others)
    findings.placed = sorted([*findings.placed, *placed], key=_stages.moment)
    return len(told.commits)


def funnel(findings: Findings, profile: Profile) -> Funnel:
    """How many commits came in, what dropped how many, how many are kept."""
    _, doubles = _stages.first_of_each(findings.placed)
    dropped = findings.dropped + Counter(reason for reason, _ in doubles) + Counter(findings.refused.values())
    made = Funnel(profile.name, described(profile.contents.counter), repositories=1)
    made.commits = len(findings.commits)
    made.dropped = dict(dropped)
    made.dropped = made.ordered(_stages.reasons(profile))
    made.kept = len(findings.samples)
    made.additions = sum(not commit.old_blob for commit in findings.samples.values())
    return made


def aside(findings: Findings, name: str) -> list[Aside]:
    """What is worth a second look, sorted by path, then time."""
    changes = {change.commit: change for change in findings.placed}
    return [
        Aside(name, commit, changes[commit].path, changes[commit].old_blob, changes[commit].new_blob, reason)
        for commit, reason in findings.refused.items()
        if reason in _contents.POISON
    ]


def incomplete(dropped: Mapping[str, int]) -> bool:
    """Whether objects were missing: they may be there the next time, though no reference changed."""
    return any(dropped.get(reason) for reason in (_trees.DAMAGED, _contents.UNREADABLE))
