"""One repository's commits through the rules: all of them, or those that are new since the last time."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from crosstune.mining import _findings, _record
from crosstune.mining._file_languages import LINGUIST
from crosstune.mining._findings import Aside, Findings, Spread, in_one
from crosstune.mining._funnel import Funnel
from crosstune.mining._licence import recogniser
from crosstune.mining._linguist import version
from crosstune.mining._pieces import grammars
from crosstune.mining._profile import Profile, languages_by_ending, verbs
from crosstune.mining._tokens import described, identity
from crosstune.mining.repository._git import Repository, Unreadable, opened
from crosstune.mining.repository._reading import output
from crosstune.mining.rules import _rule
from crosstune.records import Commit
from crosstune.settings import digest


@dataclass(frozen=True, slots=True)
class Mined:
    """What one repository gave, sorted by path, then time. ``commits`` is empty where ``funnel.unreadable``
    names it. ``state`` is a hash of all that decided it; ``how`` says what was read, in words."""

    repository: str
    commits: list[Commit]
    funnel: Funnel
    aside: list[Aside] = field(default_factory=list)
    state: str = ""
    how: str = ""


def mine_repository(
    path: Path, profile: Profile, spread: Spread = in_one, record: Path | None = None
) -> Mined:
    """The samples of one repository, sorted by path, then time. Nothing of a repository whose history is
    damaged is used.

    With ``record``, a file, what is found out is kept there, and only commits that are new since then are
    read: if the rules are the same, what was there still is, and nothing was missing. The result is the same.

    Raises:
        MissingTool: no git.
        DataError, ServiceError, MissingExtra: the profile's tokenizer, or the grammars, cannot be had.
    """
    rules = fingerprint(profile)
    try:
        with opened(path) as repository:
            before = _record.load(record, rules) if record else None
            findings, how = _findings_of(repository, profile, spread, before)
            if record and (before is None or how or before.tips != repository.tips):
                _record.save(record, _record.Record.of(repository, rules, findings))
            return Mined(
                repository.name,
                list(findings.samples.values()),
                _findings.funnel(findings, profile),
                _findings.aside(findings, repository.name),
                _state(repository, rules),
                how or "nothing new",
            )
    except Unreadable as error:
        return unread(path.name, str(path), str(error), profile)


def _findings_of(
    repository: Repository, profile: Profile, spread: Spread, before: _record.Record | None
) -> tuple[Findings, str]:
    """The findings and what was read for them; nothing where ``before`` says it all."""
    why = _why_anew(repository, before, profile) if before else ""
    if before is None or why:
        count = _findings.add(findings := Findings(), repository, profile, spread)
        return findings, _commits(count, "") + (why and f", all anew: {why}")
    findings = before.findings
    if set(repository.tips) <= set(before.tips):
        return findings, ""
    count = _findings.add(findings, repository, profile, spread, frozenset(before.tips))
    return findings, _commits(count, "new ")


def _commits(count: int, kind: str) -> str:
    return f"{count:,} {kind}commit{'' if count == 1 else 's'}"


def _why_anew(repository: Repository, before: _record.Record, profile: Profile) -> str:
    """Why one cannot go on from ``before``; empty where one can."""
    if before.repository != repository.name:
        return f"it was {before.repository} before"
    if before.shallow != repository.shallow:
        return "its depth changed"
    if _findings.incomplete(_findings.funnel(before.findings, profile).dropped):
        return "objects were missing before"
    if lost := _lost(repository, before.tips):
        return f"its history was rewritten, or clocks went wrong, at {lost[:12]}"
    return ""


def _lost(repository: Repository, tips: tuple[str, ...]) -> str:
    """A commit that ``tips`` lead to and the repository's own no longer do; empty where there is none. Where
    a commit is much older than its parents git may name one without need, but it never misses one."""
    now = set(repository.tips)
    gone = [tip for tip in tips if tip not in now]
    if not gone:
        return ""
    text = "".join(f"{each}\n" for each in (*gone, *(f"^{tip}" for tip in repository.tips)))
    try:
        return (
            b"".join(output(repository, "rev-list", "--stdin", "--max-count=1", text=text)).decode().strip()
        )
    except Unreadable:  # not even there any more
        return gone[0]


def unread(name: str, place: str, why: str, profile: Profile) -> Mined:
    """What a repository gave that cannot be read."""
    funnel = Funnel(
        profile.name, described(profile.contents.counter), repositories=1, unreadable={place: why}
    )
    return Mined(name, [], funnel, state=_unread_state(place, why, profile))


def state(path: Path, profile: Profile) -> str:
    """A hash of all that decides what is mined: the rules and what the references point to."""
    rules = fingerprint(profile)
    try:
        with opened(path) as repository:
            return _state(repository, rules)
    except Unreadable as error:
        return _unread_state(str(path), str(error), profile)


def _state(repository: Repository, rules: str) -> str:
    return digest([rules, repository.name, list(repository.tips), sorted(repository.shallow)])[:16]


def _unread_state(place: str, why: str, profile: Profile) -> str:
    return digest([fingerprint(profile), place, why])[:16]


def references(path: Path) -> str:
    """A hash of what a repository's references point to; of its path if it is unreadable."""
    try:
        with opened(path) as repository:
            return _state(repository, "")
    except Unreadable as error:
        return digest([str(path), str(error)])[:16]


def fingerprint(profile: Profile) -> str:
    """A hash of all that decides what is kept: the thresholds, the lists and the tokenizer that they name,
    what recognises licences and definitions, the rules' version."""
    table = profile.file.extensions
    lists = [version() if table == LINGUIST else dict(languages_by_ending(table))]
    words = sorted(verbs(profile.subject.verbs)) if profile.subject.verbs else []
    tools = [recogniser(), grammars(profile.sample), identity(profile.contents.counter)]
    return digest([_rule.VERSION, profile.model_dump(mode="json"), lists, words, tools])[:12]
