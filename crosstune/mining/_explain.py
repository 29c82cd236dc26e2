"""Explain why one commit is kept or dropped: the same stages as mining, with each rule's outcome recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from crosstune.errors import DataError
from crosstune.mining._profile import Profile
from crosstune.mining.repository._git import Repository, Unreadable, open_repository
from crosstune.mining.repository._log import MESSAGE, Change, Entry, decode_entry, find_commit, log_entries
from crosstune.mining.rules._rule import Rule
from crosstune.mining.stages._contents import read_contents
from crosstune.mining.stages._duplicates import drop_duplicates
from crosstune.mining.stages._files import compare_files
from crosstune.mining.stages._messages import entry_judge, read_log

KEPT = "a sample"
SHOWN_CHARACTERS = 60
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """A rule that was applied: the commit's ``value`` and the profile's ``thresholds``. ``drops`` is true for
    the rule that dropped the commit; ``rule`` is then the reason."""

    rule: str
    value: str
    thresholds: str
    drops: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """``reason`` is the funnel's reason to drop ``commit``, or `KEPT`."""

    repository: str
    commit: str
    subject: str
    reason: str
    outcomes: Sequence[RuleOutcome]

    @property
    def kept(self) -> bool:
        return self.reason == KEPT


@dataclass(slots=True)
class _Recorder:
    """Applies rules as `first_reason` does and records the outcome of each."""

    profile: Profile
    outcomes: list[RuleOutcome] = field(default_factory=list)

    def apply(self, rules: Sequence[Rule[T]], subject: T, /) -> str:
        for rule in rules:
            dropped = rule.drops(subject)
            reason = dropped if isinstance(dropped, str) else rule.name if dropped else ""
            thresholds = _thresholds(self.profile, rule.settings)
            self.outcomes.append(
                RuleOutcome(reason or rule.name, rule.value(subject), thresholds, drops=bool(reason))
            )
            if reason:
                return reason
        return ""

    def add(self, reason: str, value: str) -> None:
        """Record a reason that no rule gave."""
        if not self.outcomes or self.outcomes[-1].rule != reason:
            self.outcomes.append(RuleOutcome(reason, value, "", drops=True))


def explain(paths: Sequence[Path], profile: Profile, name: str) -> list[Explanation]:
    """Explain the commit ``name`` (an id or an id prefix) in each repository that has it.

    Each repository is explained separately. Mining decides about commits in several repositories, and about
    owners who opted out, only when it joins the repositories.

    Raises:
        DataError: no repository has the commit.
    """
    explanations, unreadable = [], []
    for path in paths:
        try:
            with open_repository(path) as repository:
                if commit := find_commit(repository, name):
                    explanations.append(_explain(repository, profile, commit))
        except Unreadable as error:
            unreadable.append(f"; {path}: {error}")
    if not explanations:
        raise DataError(f"no commit {name} in any of these repositories{''.join(unreadable)}")
    return explanations


def _explain(repository: Repository, profile: Profile, commit: str) -> Explanation:
    [entry] = log_entries(repository, authors=bool(profile.authors.opted_out), only=commit)
    subject, recorder = _subject(entry), _Recorder(profile)
    change = entry_judge(repository, profile, recorder.apply)(entry)
    reason = change if isinstance(change, str) else _later_stages(repository, profile, change, recorder)
    if reason:
        recorder.add(reason, subject)
    return Explanation(repository.name, commit, subject, reason or KEPT, recorder.outcomes)


def _subject(entry: Entry) -> str:
    if change := decode_entry(entry):
        return change.original_subject
    return entry[MESSAGE].decode("utf-8", "replace").strip().partition("\n")[0]


def _later_stages(repository: Repository, profile: Profile, change: Change, recorder: _Recorder) -> str:
    """Why a stage after the first drops the commit; empty if it is kept."""
    _, dropped = compare_files(repository, profile, [change], recorder.apply)
    if not dropped and (reason := _duplicate_reason(repository, profile, change, recorder)):
        return reason
    if not dropped:
        _, dropped = read_contents(repository, profile, [change], recorder.apply)
    return dropped[0][0] if dropped else ""


def _duplicate_reason(repository: Repository, profile: Profile, change: Change, recorder: _Recorder) -> str:
    """Why the third stage drops the commit as a duplicate; empty if it does not."""
    candidates, _ = compare_files(repository, profile, read_log(repository, profile).kept)
    kept, dropped = drop_duplicates(candidates)
    reason = next((reason for reason, each in dropped if each.commit == change.commit), "")
    if reason:
        contents = (change.old_blob, change.new_blob)
        earliest = next(each for each in kept if (each.old_blob, each.new_blob) == contents)
        recorder.add(reason, f"first in {earliest.commit}, {earliest.path}")
    return reason


def _thresholds(profile: Profile, settings: str) -> str:
    """``a.b = value`` for each setting; a long list is shown as its length."""
    return ", ".join(f"{name} = {_value(profile, name)}" for name in settings.split(", ") if name)


def _value(profile: Profile, name: str) -> str:
    value: Any = profile
    for part in name.split("."):
        value = getattr(value, part)
    text = str(list(value)) if isinstance(value, tuple) else str(value)
    too_long = len(text) > SHOWN_CHARACTERS and isinstance(value, tuple)
    return f"{len(value)} entries" if too_long else text
