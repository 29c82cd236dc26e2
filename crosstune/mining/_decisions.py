"""The decisions on one repository's commits; a later run adds those on new commits.

A commit never changes, so the rules are applied to it once. Duplicates are compared over all commits each
time, because a new commit may have an earlier date than an old one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crosstune.mining._funnel import Funnel
from crosstune.mining._profile import Profile
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change
from crosstune.mining.rules._contents import QUARANTINE, UNREADABLE
from crosstune.mining.rules._files import DAMAGED
from crosstune.mining.rules._tokens import describe_counter
from crosstune.mining.stages._contents import read_contents
from crosstune.mining.stages._duplicates import chronological, drop_duplicates
from crosstune.mining.stages._files import compare_files
from crosstune.mining.stages._messages import read_log
from crosstune.mining.stages._reasons import all_reasons
from crosstune.mining.stages._stage import RunStage, run_here
from crosstune.records import Commit


@dataclass(frozen=True, slots=True)
class QuarantinedCommit:
    """A commit whose contents are missing, not text, too large, or displayed in another order than stored."""

    repository: str
    commit: str
    path: str
    old_blob: str
    new_blob: str
    reason: str


@dataclass(slots=True)
class Decisions:
    """``commits`` are the ids of all commits read; ``dropped`` counts by reason the commits that the first
    two stages dropped; ``candidates`` are the rest, sorted by time (their messages may be left out). Of equal
    candidates only the earliest reaches the last stage: ``refused`` maps its id to the reason if that stage
    dropped it, ``kept`` maps its id to the commit if not."""

    commits: set[bytes] = field(default_factory=set)
    dropped: Counter[str] = field(default_factory=Counter)
    candidates: list[Change] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Commit] = field(default_factory=dict)


def add_commits(
    decisions: Decisions,
    repository: Repository,
    profile: Profile,
    run_stage: RunStage = run_here,
    since: Collection[str] = (),
) -> int:
    """Decide on the commits that are not reachable from ``since`` and return their number.

    All commits reachable from ``since`` must be in ``decisions``.

    Raises:
        Unreadable: the history is damaged.
        DataError, ServiceError, MissingExtra: the profile's tokenizer, or the grammars, are not available.
    """
    count = add_candidates(decisions, repository, profile, run_stage, since)
    earliest, _ = drop_duplicates(decisions.candidates)
    decided = decisions.kept.keys() | decisions.refused.keys()
    new = [change for change in earliest if change.commit not in decided]
    commits, dropped = run_stage(read_contents, repository, profile, new)
    refused = decisions.refused | {change.commit: reason for reason, change in dropped}
    kept = decisions.kept | {commit.commit: commit for commit in commits}
    # In order, and without commits that now follow an earlier new commit with the same contents.
    decisions.refused = {each.commit: refused[each.commit] for each in earliest if each.commit in refused}
    decisions.kept = {each.commit: kept[each.commit] for each in earliest if each.commit in kept}
    return count


def add_candidates(
    decisions: Decisions,
    repository: Repository,
    profile: Profile,
    run_stage: RunStage = run_here,
    since: Collection[str] = (),
) -> int:
    """The first two stages of `add_commits`, which read no contents."""
    log = read_log(repository, profile, since, decisions.commits)
    candidates, dropped = run_stage(compare_files, repository, profile, log.kept)
    decisions.commits.update(log.commits)
    decisions.dropped += log.dropped
    decisions.dropped.update(reason for reason, _ in dropped)
    decisions.candidates = sorted([*decisions.candidates, *candidates], key=chronological)
    return len(log.commits)


def count_decisions(decisions: Decisions, profile: Profile) -> Funnel:
    """Count the decisions on one repository in a funnel."""
    _, duplicates = drop_duplicates(decisions.candidates)
    dropped = decisions.dropped + Counter(reason for reason, _ in duplicates)
    dropped += Counter(decisions.refused.values())
    funnel = Funnel(profile.name, describe_counter(profile.contents.counter), repositories=1)
    funnel.commits = len(decisions.commits)
    funnel.dropped = dict(dropped)
    funnel.dropped = funnel.ordered(all_reasons(profile))
    funnel.kept = len(decisions.kept)
    funnel.additions = sum(not commit.old_blob for commit in decisions.kept.values())
    return funnel


def quarantined(decisions: Decisions, repository: str) -> list[QuarantinedCommit]:
    """The quarantined commits, sorted by path, then time."""
    changes = {change.commit: change for change in decisions.candidates}
    return [
        QuarantinedCommit(
            repository,
            commit,
            path=changes[commit].path,
            old_blob=changes[commit].old_blob,
            new_blob=changes[commit].new_blob,
            reason=reason,
        )
        for commit, reason in decisions.refused.items()
        if reason in QUARANTINE
    ]


def has_missing_objects(dropped: Mapping[str, int]) -> bool:
    """Whether objects were missing; they may have been added later although no reference changed."""
    return any(dropped.get(reason) for reason in (DAMAGED, UNREADABLE))
