"""The first stages of mining one repository, in order: the log, the trees, duplicates.

Each takes what the one before kept and gives what it keeps and what it drops, with the reason. `_samples` has
those behind them, which read contents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from crosstune.mining import _pieces
from crosstune.mining._profile import Profile
from crosstune.mining.repository import _log, _trees
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import PARENTS, TREE, Change
from crosstune.mining.rules import _contents, _message, _path, _rule
from crosstune.mining.rules._first_line import opening

LICENCE = "licence not allowed"
NOT_TEXT = "message is not UTF-8"
SAME_CHANGE = "duplicate: same path and contents"
SAME_CONTENTS = "duplicate: same contents"
Drop = tuple[str, Change]
"""The reason, and what is dropped for it."""


def reasons(profile: Profile) -> list[str]:
    """Every reason to drop a commit, in the order in which they are asked."""
    messages = [rule.reason for rule in _message.by_message(profile)]
    opens = [each for each in messages if each in {_rule.NO_CAPITAL, _rule.NO_VERB}]
    paths = [rule.reason for rule in _path.by_path(profile)]
    found = [_trees.MERGE, _trees.SHALLOW, *opens, NOT_TEXT, *messages, *_trees.REASONS, *paths]
    found += [SAME_CHANGE, SAME_CONTENTS, *_contents.REASONS, *_pieces.REASONS, LICENCE]
    return list(dict.fromkeys(found))


Judge = Callable[[_log.Entry], Change | str]


def judge(repository: Repository, profile: Profile) -> Judge:
    """A function from a commit of the log to the change, or to why its message drops it."""
    rules, opens = _message.by_message(profile), opening(profile.subject)
    shallow = {commit.encode() for commit in repository.shallow}

    def judged(entry: _log.Entry) -> Change | str:
        if b" " in entry[PARENTS]:
            return _trees.MERGE
        if entry[0] in shallow:
            return _trees.SHALLOW
        if reason := opens(entry):
            return reason
        change = _log.change(entry)
        if change is None:
            return NOT_TEXT
        return _rule.first(rules, change) or change

    return judged


@dataclass(slots=True)
class Told:
    """What the log told: the commits read, those whose messages pass, how many others for each reason."""

    commits: list[bytes] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def by_log(
    repository: Repository,
    profile: Profile,
    since: Collection[str] = (),
    known: Collection[bytes] = frozenset(),
) -> Told:
    """All commits, or those that cannot be reached from ``since``. Where clocks went wrong git tells some of
    these, too; so ``known`` is all of them.

    Raises:
        Unreadable: the history is damaged.
    """
    judged = judge(repository, profile)
    told = Told()
    trees: dict[bytes, bytes] = {}
    parents: list[bytes] = []
    dropped: list[str] = []
    for entry in _log.entries(repository, authors=bool(profile.authors.opted_out), since=since):
        if entry[0] in known:
            continue
        trees[entry[0]] = entry[TREE]
        change = judged(entry)
        if isinstance(change, str):
            dropped.append(change)
        else:
            told.kept.append(change)
            parents.append(entry[PARENTS])
    told.dropped.update(dropped)
    told.commits = list(trees)
    for change, parent in zip(told.kept, parents, strict=True):
        if parent in trees:
            change.trees = f"{trees[parent].decode()} {trees[change.commit.encode()].decode()}"
    return told


def by_path(
    repository: Repository, profile: Profile, found: Sequence[Change]
) -> tuple[list[Change], list[Drop]]:
    """Those that change one file, of the right kind; they have their paths and blobs now.

    Raises:
        Unreadable: too many trees are missing or damaged.
    """
    rules = _path.by_path(profile)
    kept: list[Change] = []
    dropped: list[Drop] = []
    for change, entries in _trees.compared(repository, found):
        reason = _trees.place(change, entries, profile.additions) or _rule.first(rules, change)
        if reason:
            dropped.append((reason, change))
        else:
            kept.append(change)
    return kept, dropped


def moment(change: Change) -> tuple[int, str]:
    """What comes first; a commit of the same second by its id."""
    return change.time, change.commit


def first_of_each(found: Iterable[Change]) -> tuple[list[Change], list[Drop]]:
    """Of equal changes the earliest, wherever they stand (branches, cherry-picks, moved files); sorted by
    path, then time, as git finds their contents fastest."""
    changes: set[tuple[str, ...]] = set()
    contents: set[tuple[str, ...]] = set()
    kept: list[Change] = []
    dropped: list[Drop] = []
    for change in sorted(found, key=moment):
        content = (change.old_blob, change.new_blob)
        if (change.path, *content) in changes:
            dropped.append((SAME_CHANGE, change))
        elif content in contents:
            dropped.append((SAME_CONTENTS, change))
        else:
            changes.add((change.path, *content))
            contents.add(content)
            kept.append(change)
    return sorted(kept, key=lambda change: (change.path, change.time, change.commit)), dropped
