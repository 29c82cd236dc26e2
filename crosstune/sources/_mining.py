"""One repository's commits through the rules: the log, then sizes, then the survivors' contents."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.records import Commit
from crosstune.settings import digest
from crosstune.sources import _contents, _history, _log, _rules
from crosstune.sources._funnel import Funnel
from crosstune.sources._git import Repository, Unreadable, opened
from crosstune.sources._licence import allowed, licences
from crosstune.sources._log import Change
from crosstune.sources._names import language_name
from crosstune.sources._opening import opening
from crosstune.sources._profile import Profile, languages_by_ending, verbs
from crosstune.sources._reading import Blob, blobs
from crosstune.sources._tokens import counted, described

LICENCE = "licence not allowed"
NOT_TEXT_MESSAGE = "message is not UTF-8"
SAME_CHANGE = "duplicate: same path and contents"
SAME_CONTENTS = "duplicate: same contents"
UNREADABLE, BINARY, NOT_TEXT = "contents: missing or damaged", "contents: binary", "contents: not UTF-8"
NOTHING = Blob(0)

Sides = tuple[Blob | None, Blob | None]


@dataclass(frozen=True, slots=True)
class Mined:
    """What one repository gave. ``commits`` is empty where ``funnel.unreadable`` names it."""

    repository: str
    commits: list[Commit]
    funnel: Funnel


def mine_repository(path: Path, profile: Profile) -> Mined:
    """The samples of one repository, sorted by path, then time. Nothing of a repository whose history is
    damaged is used.

    Raises:
        MissingTool: no git.
        DataError, ServiceFault, MissingExtra: the profile's tokenizer cannot be had.
    """
    funnel = Funnel(profile.name, described(profile.contents.counter), repositories=1)
    try:
        with opened(path) as repository:
            commits = _mine(repository, profile, funnel)
            name = repository.name
    except Unreadable as fault:
        empty = Funnel(profile.name, funnel.tokens, repositories=1, unreadable={str(path): str(fault)})
        return Mined(path.name, [], empty)
    funnel.kept = len(commits)
    funnel.additions = sum(not commit.old_blob for commit in commits)
    funnel.dropped = funnel.ordered(reasons(profile))
    return Mined(name, commits, funnel)


def reasons(profile: Profile) -> list[str]:
    """Every reason to drop a commit, in the order in which the rules are applied."""
    found = [_history.MERGE, _history.SHALLOW, *(rule.reason for rule in _rules.by_message(profile))]
    found[4:4] = [NOT_TEXT_MESSAGE]
    found += [
        *_history.REASONS,
        *(rule.reason for rule in _rules.by_path(profile)),
        SAME_CHANGE,
        SAME_CONTENTS,
        UNREADABLE,
        *_contents.BY_SIZE,
        BINARY,
        NOT_TEXT,
        *_contents.BY_TEXT,
        LICENCE,
    ]
    return list(dict.fromkeys(found))


def fingerprint(profile: Profile) -> str:
    """A hash of all that decides what is kept: the thresholds, the lists they name, the rules' version."""
    lists = [dict(languages_by_ending(profile.file.extensions))]
    words = sorted(verbs(profile.subject.verbs)) if profile.subject.verbs else []
    return digest([_rules.VERSION, profile.model_dump(mode="json"), lists, words])[:12]


def candidates(repository: Repository, profile: Profile, funnel: Funnel) -> list[Change]:
    """The commits of which only the contents are left to judge, sorted by path, then time."""
    found = _by_log(repository, profile, funnel)
    found = _by_path(repository, profile, found, funnel.drop)
    found = _first_of_each(found, funnel.drop)
    found.sort(key=lambda change: (change.path, change.time, change.commit))
    return _by_size(repository, profile, found, funnel.drop)


def _mine(repository: Repository, profile: Profile, funnel: Funnel) -> list[Commit]:
    found = candidates(repository, profile, funnel)
    kept = list(_by_contents(repository, profile, found, funnel.drop))
    return list(_by_licence(repository, profile, kept, funnel.drop))


def _by_log(repository: Repository, profile: Profile, funnel: Funnel) -> list[Change]:
    rules, opens = _rules.by_message(profile), opening(profile.subject)
    shallow = {commit.encode() for commit in repository.shallow}
    kept: list[Change] = []
    dropped: Counter[str] = Counter()
    for entry in _log.entries(repository, authors=bool(profile.authors.opted_out)):
        funnel.commits += 1
        reason = _at_once(entry, shallow) or opens(entry[-1])
        if reason is None and (found := _log.change(entry)):
            reason = _rules.first(rules, found)
            if reason is None:
                kept.append(found)
                continue
        dropped[reason or NOT_TEXT_MESSAGE] += 1
    for reason, count in dropped.items():
        funnel.drop(reason, count)
    return kept


def _at_once(entry: _log.Entry, shallow: set[bytes]) -> str | None:
    if b" " in entry[1]:
        return _history.MERGE
    return _history.SHALLOW if entry[0] in shallow else None


def _by_path(
    repository: Repository, profile: Profile, found: Sequence[Change], drop: Callable[[str], None]
) -> list[Change]:
    rules = _rules.by_path(profile)
    kept: list[Change] = []
    for change, entries in _history.compared(repository, found):
        reason = _history.place(change, entries, profile.additions) or _rules.first(rules, change)
        if reason:
            drop(reason)
        else:
            kept.append(change)
    return kept


def _first_of_each(found: list[Change], drop: Callable[[str], None]) -> list[Change]:
    """Of equal changes the earliest, wherever they stand (branches, cherry-picks, moved files)."""
    changes: set[tuple[str, ...]] = set()
    contents: set[tuple[str, ...]] = set()
    kept: list[Change] = []
    for change in sorted(found, key=lambda change: (change.time, change.commit)):
        content = (change.old_blob, change.new_blob)
        if (change.path, *content) in changes:
            drop(SAME_CHANGE)
        elif content in contents:
            drop(SAME_CONTENTS)
        else:
            changes.add((change.path, *content))
            contents.add(content)
            kept.append(change)
    return kept


def _by_size(
    repository: Repository, profile: Profile, found: Sequence[Change], drop: Callable[[str], None]
) -> list[Change]:
    kept: list[Change] = []
    for change, (old, new) in _sides(repository, found, contents=False):
        missing = old is None or new is None
        reason = UNREADABLE if missing else _contents.by_size(profile.contents, old.size, new.size)  # type: ignore[union-attr]
        if reason:
            drop(reason)
        else:
            kept.append(change)
    return kept


def _by_contents(
    repository: Repository,
    profile: Profile,
    found: Sequence[Change],
    drop: Callable[[str], None],
) -> Iterator[Commit]:
    table, count = languages_by_ending(profile.file.extensions), counted(profile.contents.counter)
    for change, sides in _sides(repository, found, contents=True):
        read = _texts(sides)
        reason = read if isinstance(read, str) else _contents.by_text(profile.contents, *read, count)
        if isinstance(read, str) or reason:
            drop(str(reason))
            continue
        yield Commit(
            repository=repository.name,
            commit=change.commit,
            subject=change.subject,
            message=change.message,
            path=change.path,
            old=read[0],
            new=read[1],
            old_blob=change.old_blob,
            new_blob=change.new_blob,
            language=language_name(_rules.language(change.path, table)),
            licence="",
        )


def _by_licence(
    repository: Repository, profile: Profile, found: Sequence[Commit], drop: Callable[[str], None]
) -> Iterator[Commit]:
    told = licences(repository, [commit.commit for commit in found])
    for commit, licence in zip(found, told, strict=True):
        if allowed(licence, profile.licence.allowed):
            yield dataclasses.replace(commit, licence=licence)
        else:
            drop(LICENCE)


def _texts(sides: Sides) -> tuple[str, str] | str:
    """Both sides as text, or why they are none."""
    old, new = sides
    if old is None or new is None:
        return UNREADABLE
    if b"\0" in old.data or b"\0" in new.data:
        return BINARY
    try:
        return old.data.decode(), new.data.decode()
    except UnicodeDecodeError:
        return NOT_TEXT


def _sides(
    repository: Repository, found: Sequence[Change], *, contents: bool
) -> Iterator[tuple[Change, Sides]]:
    """Each change with its blobs. A blob that the change before had as well (sorted by path and time,
    most have: one's new side is the next one's old side) is not read again."""
    plan = list(_fresh(found))
    stream = blobs(repository, [each for fresh in plan for each in fresh], contents=contents)
    held: dict[str, Blob | None] = {}
    for change, fresh in zip(found, plan, strict=True):
        pair = (change.old_blob, change.new_blob)
        held = {each: blob for each, blob in held.items() if each in pair}
        held |= {each: next(stream) for each in fresh}
        yield change, (held[change.old_blob] if change.old_blob else NOTHING, held[change.new_blob])


def _fresh(found: Iterable[Change]) -> Iterator[list[str]]:
    before: tuple[str, ...] = ()
    for change in found:
        pair = tuple(dict.fromkeys(each for each in (change.old_blob, change.new_blob) if each))
        yield [each for each in pair if each not in before]
        before = pair
