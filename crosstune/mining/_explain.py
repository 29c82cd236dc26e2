"""Why one commit is, or is not, a sample: the rules that it met, what it has, and the thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.mining import _samples, _stages
from crosstune.mining._licence import allowed
from crosstune.mining._profile import Profile
from crosstune.mining.repository import _log, _trees
from crosstune.mining.repository._git import Repository, Unreadable, opened
from crosstune.mining.repository._log import Change
from crosstune.mining.repository._reading import blobs, output
from crosstune.mining.rules import _message, _path, _rule

KEPT = "a sample"
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that was asked. ``value`` is what the commit has, ``thresholds`` what the profile says;
    ``drops`` is set where this one dropped the commit."""

    rule: str
    value: str
    thresholds: str
    drops: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """``reason`` is the funnel's word for why ``commit`` is dropped, or says that it is a sample."""

    repository: str
    commit: str
    subject: str
    reason: str
    steps: Sequence[Step]

    @property
    def kept(self) -> bool:
        return self.reason == KEPT


def explain(paths: Sequence[Path], profile: Profile, name: str) -> list[Explained]:
    """The commit ``name`` (an id, or the beginning of one) in each of the repositories that have it.

    Each repository by itself: that several have the same sample, and that all their owners opted out, is
    found out when they are joined.

    Raises:
        DataError: none has it.
    """
    found, said = [], []
    for path in paths:
        try:
            with opened(path) as repository:
                if commit := _named(repository, name):
                    found.append(_explained(repository, profile, commit))
        except Unreadable as error:
            said.append(f"{path}: {error}")
    if not found:
        why = "".join(f"; {each}" for each in said)
        raise DataError(f"no commit {name} in any of these repositories{why}")
    return found


def _named(repository: Repository, name: str) -> str:
    try:
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return b"".join(output(repository, *asked)).decode().strip()
    except Unreadable:
        return ""


def _explained(repository: Repository, profile: Profile, commit: str) -> Explained:
    [entry] = _log.entries(repository, authors=bool(profile.authors.opted_out), only=commit)
    judged = _stages.judge(repository, profile)(entry)
    reason = judged if isinstance(judged, str) else ""
    change = _log.change(entry)
    told = (
        change.told if change else entry[_log.MESSAGE].decode("utf-8", "replace").strip().partition("\n")[0]
    )
    if change is None or reason in {_trees.MERGE, _trees.SHALLOW}:
        return Explained(repository.name, commit, told, reason, [Step(reason, told, "", drops=True)])
    steps = list(_asked(_message.by_message(profile), change, profile, reason))
    if not reason:
        reason, more = _placed(repository, profile, change)
        steps += more
    return Explained(repository.name, commit, told, reason or KEPT, steps)


def _asked(rules: Sequence[_rule.Rule], change: Change, profile: Profile, reason: str) -> Iterator[Step]:
    """Rules on the change, up to the one with ``reason``."""
    for rule in rules:
        drops = rule.drops(change)
        yield Step(rule.reason, rule.value(change), _thresholds(profile, rule.settings), drops)
        if drops:
            assert rule.reason == reason, (rule.reason, reason)
            return


def _placed(repository: Repository, profile: Profile, change: Change) -> tuple[str, list[Step]]:
    [(_, entries)] = _trees.compared(repository, [change])
    if reason := _trees.place(change, entries, profile.additions):
        files = [entry.decode("utf-8", "replace") for entry in (entries or [])[1::2]]
        told = f"{len(files)} files: {', '.join(files)}" if len(files) != 1 else files[0]
        return reason, [Step(reason, told, _thresholds(profile, "additions"), drops=True)]
    steps = [Step("one regular file", change.path, "", drops=False)]
    rules = _path.by_path(profile)
    reason = _rule.first(rules, change) or ""
    steps += _asked(rules, change, profile, reason)
    if not reason:
        reason, more = _read(repository, profile, change)
        steps += more
    return reason, steps


def _read(repository: Repository, profile: Profile, change: Change) -> tuple[str, list[Step]]:
    earlier = _first(repository, profile, change)
    if earlier.commit != change.commit:
        same = earlier.path == change.path
        reason = _stages.SAME_CHANGE if same else _stages.SAME_CONTENTS
        return reason, [Step(reason, f"first in {earlier.commit}, {earlier.path}", "", drops=True)]
    sizes = list(
        blobs(repository, [each for each in (change.old_blob, change.new_blob) if each], contents=False)
    )
    told = " + ".join(f"{size.size:,} bytes" if size else "missing" for size in sizes)
    kept, dropped = _samples.unlicensed(repository, profile, [change])
    if dropped:
        settings = ", ".join(f"contents.{name}" for name in type(profile.contents).model_fields)
        reason = dropped[0][0]
        return reason, [Step(reason, told, _thresholds(profile, settings), drops=True)]
    steps = [Step("contents", told, "", drops=False)]
    [sample] = _samples.licensed(repository, kept)
    refused = not allowed(sample.licence, profile.licence.allowed)
    steps.append(Step("licence", sample.licence, _thresholds(profile, "licence.allowed"), drops=refused))
    return _stages.LICENCE if refused else "", steps


def _first(repository: Repository, profile: Profile, change: Change) -> Change:
    """The commit that stands for ``change`` and all with the same contents."""
    told = _stages.by_log(repository, profile)
    placed, _ = _stages.by_path(repository, profile, told.kept)
    kept, _ = _stages.first_of_each(placed)
    contents = (change.old_blob, change.new_blob)
    return next((each for each in kept if (each.old_blob, each.new_blob) == contents), change)


def _thresholds(profile: Profile, settings: str) -> str:
    """``a.b = value`` for each of the settings; lists by their length where they are long."""
    return ", ".join(f"{name} = {_value(profile, name)}" for name in settings.split(", ") if name)


def _value(profile: Profile, name: str) -> str:
    value: Any = profile
    for part in name.split("."):
        value = getattr(value, part)
    text = str(list(value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= SHOWN or not isinstance(value, tuple) else f"{len(value)} entries"
