"""First stage: messages. Drops commits by their position in the history and by their messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from crosstune.mining._profile import Profile
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import COMMIT, PARENTS, TREE, Change, Entry, decode_entry, log_entries
from crosstune.mining.rules._first_line import first_line_shortcut
from crosstune.mining.rules._history import history_rules
from crosstune.mining.rules._message import NOT_UTF8, message_rules
from crosstune.mining.rules._rule import ApplyRules, first_reason


@dataclass(slots=True)
class LogResult:
    """The ids of all commits read, the changes whose messages pass, and the number dropped by reason."""

    commits: list[bytes] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def read_log(
    repository: Repository,
    profile: Profile,
    since: Collection[str] = (),
    known: Collection[bytes] = frozenset(),
) -> LogResult:
    """Read all commits, or those not reachable from ``since``.

    ``known`` are all commits reachable from ``since``; they are skipped, because git lists some of them again
    if commit times are wrong.

    Raises:
        Unreadable: the history is damaged.
    """
    judge = entry_judge(repository, profile)
    result = LogResult()
    trees: dict[bytes, bytes] = {}
    parents: list[bytes] = []
    dropped: list[str] = []
    for entry in log_entries(repository, authors=bool(profile.authors.opted_out), since=since):
        if entry[COMMIT] in known:
            continue
        trees[entry[COMMIT]] = entry[TREE]
        change = judge(entry)
        if isinstance(change, str):
            dropped.append(change)
        else:
            result.kept.append(change)
            parents.append(entry[PARENTS])
    result.dropped.update(dropped)
    result.commits = list(trees)
    for change, parent in zip(result.kept, parents, strict=True):
        if parent in trees:
            change.trees = f"{trees[parent].decode()} {trees[change.commit.encode()].decode()}"
    return result


def entry_judge(
    repository: Repository, profile: Profile, apply: ApplyRules = first_reason
) -> Callable[[Entry], Change | str]:
    """A function from a log entry to its change, or to the reason that drops it."""
    on_entry = history_rules(repository.shallow)
    shortcut, on_message = first_line_shortcut(profile.subject), message_rules(profile)
    explains = apply is not first_reason

    def judge(entry: Entry) -> Change | str:
        if reason := apply(on_entry, entry):
            return reason
        reason = shortcut(entry)
        if reason and not explains:
            return reason
        change = decode_entry(entry)
        if change is None:
            return reason or NOT_UTF8
        # If the shortcut gave a reason, the message rules give the same one; they only explain it.
        applied = apply(on_message, change)
        return reason or applied or change

    return judge
