"""Mine one repository: all of its commits, or only those that are new since the last run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from crosstune.mining import _record
from crosstune.mining._decisions import (
    Decisions,
    QuarantinedCommit,
    add_commits,
    count_decisions,
    has_missing_objects,
    quarantined,
)
from crosstune.mining._fingerprint import fingerprint
from crosstune.mining._funnel import Funnel
from crosstune.mining._profile import Profile
from crosstune.mining._record import MiningRecord
from crosstune.mining.repository._git import Repository, Unreadable, is_partial, open_repository
from crosstune.mining.repository._output import git_output
from crosstune.mining.rules._contents import UNREADABLE
from crosstune.mining.rules._files import DAMAGED
from crosstune.mining.rules._tokens import describe_counter
from crosstune.mining.stages._reasons import all_reasons
from crosstune.mining.stages._stage import RunStage, run_here
from crosstune.records import Commit
from crosstune.settings import digest

PARTIAL_CLONE = (
    "a partial clone (made with --filter), which lacks contents; get them: git fetch --refetch --no-filter"
)
UNSHALLOW = "git fetch --unshallow"


@dataclass(frozen=True, slots=True)
class MinedRepository:
    """The result of mining one repository: its commits sorted by path, then time.

    ``commits`` is empty if ``funnel.unreadable`` lists the repository. ``state`` is a hash of everything that
    affects the result; ``summary`` is a phrase that says how much was read.
    """

    repository: str
    commits: list[Commit]
    funnel: Funnel
    quarantined: list[QuarantinedCommit] = field(default_factory=list)
    state: str = ""
    summary: str = ""


def mine_repository(
    path: Path, profile: Profile, run_stage: RunStage = run_here, record: Path | None = None
) -> MinedRepository:
    """Mine the repository at ``path``; a damaged history gives no commits at all.

    ``record`` is a file that keeps the decisions. With it, only commits that are new since the last run are
    read, provided the rules are unchanged, the old history still exists and no object was missing. The result
    is the same as without it.

    Raises:
        MissingTool: git is not installed.
        DataError, ServiceError, MissingExtra: the profile's tokenizer, or the grammars, are not available.
    """
    rules = fingerprint(profile)
    try:
        with open_repository(path) as repository:
            before = _record.load(record, rules) if record else None
            decisions, summary = _decide(repository, profile, run_stage, before)
            if record and (before is None or summary or before.tips != repository.tips):
                _record.save(record, MiningRecord.of(repository, rules, decisions))
            funnel = count_decisions(decisions, profile)
            if why := _why_incomplete(repository, funnel):
                funnel.incomplete[repository.name] = why
            return MinedRepository(
                repository.name,
                list(decisions.kept.values()),
                funnel,
                quarantined(decisions, repository.name),
                _state(repository, rules),
                summary or "nothing new",
            )
    except Unreadable as error:
        why = f"{PARTIAL_CLONE} ({error})" if is_partial(path) else str(error)
        return unreadable_repository(path.name, str(path), why, profile)


def _why_incomplete(repository: Repository, funnel: Funnel) -> str:
    """Which part of the history a clone does not have; empty if it has all."""
    if repository.partial and (missing := sum(funnel.dropped.get(each, 0) for each in (UNREADABLE, DAMAGED))):
        return f"{PARTIAL_CLONE}; {missing:,} commits were dropped"
    if repository.shallow:
        return f"a shallow clone, which lacks earlier commits; get them: {UNSHALLOW}"
    return ""


def _decide(
    repository: Repository, profile: Profile, run_stage: RunStage, before: MiningRecord | None
) -> tuple[Decisions, str]:
    """The decisions and a phrase that says what was read, which is empty if ``before`` has all commits."""
    why = _why_read_again(repository, before, profile) if before else ""
    if before is None or why:
        count = add_commits(decisions := Decisions(), repository, profile, run_stage)
        return decisions, _count(count, "") + (why and f", all read again: {why}")
    decisions = before.decisions
    if set(repository.tips) <= set(before.tips):
        return decisions, ""
    count = add_commits(decisions, repository, profile, run_stage, frozenset(before.tips))
    return decisions, _count(count, "new ")


def _count(count: int, kind: str) -> str:
    return f"{count:,} {kind}commit{'' if count == 1 else 's'}"


def _why_read_again(repository: Repository, before: MiningRecord, profile: Profile) -> str:
    """Why ``before`` cannot be continued; empty if it can."""
    reasons = {*before.decisions.dropped, *before.decisions.refused.values()}
    if reasons - set(all_reasons(profile)):
        return "an earlier version of crosstune mined it"
    if before.repository != repository.name:
        return f"its name was {before.repository}"
    if before.shallow != repository.shallow:
        return "its depth changed"
    if has_missing_objects(count_decisions(before.decisions, profile).dropped):
        return "objects were missing"
    if lost := _lost_commit(repository, before.tips):
        return f"its history was rewritten, or commit times are wrong, at {lost[:12]}"
    return ""


def _lost_commit(repository: Repository, tips: tuple[str, ...]) -> str:
    """A commit reachable from ``tips`` but no longer from the repository's tips; empty if there is none.

    Git may report a commit wrongly if it is much older than its parents, but never misses a lost one.
    """
    current = set(repository.tips)
    gone = [tip for tip in tips if tip not in current]
    if not gone:
        return ""
    text = "".join(f"{each}\n" for each in (*gone, *(f"^{tip}" for tip in repository.tips)))
    try:
        output = git_output(repository, "rev-list", "--stdin", "--max-count=1", text=text)
        return b"".join(output).decode().strip()
    except Unreadable:  # the object itself is gone
        return gone[0]


def unreadable_repository(name: str, path: str, why: str, profile: Profile) -> MinedRepository:
    """The result for a repository that cannot be read."""
    tokens = describe_counter(profile.contents.counter)
    funnel = Funnel(profile.name, tokens, repositories=1, unreadable={path: why})
    return MinedRepository(name, [], funnel, state=_unreadable_state(path, why, profile))


def repository_state(path: Path, profile: Profile) -> str:
    """A hash of everything that affects what is mined: the rules and the repository's references."""
    rules = fingerprint(profile)
    try:
        with open_repository(path) as repository:
            return _state(repository, rules)
    except Unreadable as error:
        return _unreadable_state(str(path), str(error), profile)


def references_digest(path: Path) -> str:
    """A hash of a repository's references; if it is unreadable, of its path and the error."""
    try:
        with open_repository(path) as repository:
            return _state(repository, "")
    except Unreadable as error:
        return digest([str(path), str(error)])[:16]


def _state(repository: Repository, rules: str) -> str:
    return digest([rules, repository.name, list(repository.tips), sorted(repository.shallow)])[:16]


def _unreadable_state(path: str, why: str, profile: Profile) -> str:
    return digest([fingerprint(profile), path, why])[:16]
