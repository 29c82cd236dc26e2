"""One repository's commits through the rules: the log, then sizes, then the survivors' contents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.records import Commit
from crosstune.settings import digest
from crosstune.sources import _history, _rules
from crosstune.sources._funnel import Funnel
from crosstune.sources._git import Blob, Repository, Unreadable, blobs, opened, output
from crosstune.sources._history import Change
from crosstune.sources._licence import allowed, licence
from crosstune.sources._names import language_name
from crosstune.sources._profile import Profile, languages_by_ending, verbs
from crosstune.sources._tokens import counted, described

LICENCE = "licence not allowed"
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
    found = [LICENCE, *_history.REASONS, *(rule.reason for rule in _rules.rules(profile))]
    found += [SAME_CHANGE, SAME_CONTENTS, UNREADABLE, *_rules.BY_SIZE, BINARY, NOT_TEXT, *_rules.BY_TEXT]
    return list(dict.fromkeys(found))


def fingerprint(profile: Profile) -> str:
    """A hash of all that decides what is kept: the thresholds, the lists they name, the rules' version."""
    lists = [dict(languages_by_ending(profile.file.extensions))]
    words = sorted(verbs(profile.subject.verbs)) if profile.subject.verbs else []
    return digest([_rules.VERSION, profile.model_dump(mode="json"), lists, words])[:12]


def _mine(repository: Repository, profile: Profile, funnel: Funnel) -> list[Commit]:
    name = licence(repository)
    if not allowed(name, profile.licence.allowed):
        tips = "\n".join(repository.tips) + "\n"
        funnel.commits = int(b"".join(output(repository, "rev-list", "--count", "--stdin", text=tips)))
        funnel.drop(LICENCE, funnel.commits)
        return []
    found = _first_of_each(_by_log(repository, profile, funnel), funnel.drop)
    found.sort(key=lambda change: (change.path, change.time, change.commit))
    found = _by_size(repository, profile, found, funnel.drop)
    return list(_by_contents(repository, profile, name, found, funnel.drop))


def _by_log(repository: Repository, profile: Profile, funnel: Funnel) -> list[Change]:
    rules = _rules.rules(profile)
    kept: list[Change] = []

    def count() -> None:
        funnel.commits += 1

    for change in _history.changes(repository, profile.additions, funnel.drop, count):
        if reason := _rules.first(rules, change):
            funnel.drop(reason)
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
        reason = UNREADABLE if missing else _rules.by_size(profile.contents, old.size, new.size)  # type: ignore[union-attr]
        if reason:
            drop(reason)
        else:
            kept.append(change)
    return kept


def _by_contents(
    repository: Repository,
    profile: Profile,
    licence: str,
    found: Sequence[Change],
    drop: Callable[[str], None],
) -> Iterator[Commit]:
    table, count = languages_by_ending(profile.file.extensions), counted(profile.contents.counter)
    for change, sides in _sides(repository, found, contents=True):
        read = _texts(sides)
        reason = read if isinstance(read, str) else _rules.by_text(profile.contents, *read, count)
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
            licence=licence,
        )


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
