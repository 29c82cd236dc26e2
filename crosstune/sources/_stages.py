"""The stages of mining one repository, in order: the log, the trees, duplicates, sizes and texts, licences.

Each takes what the one before kept and gives what it keeps and what it drops, with the reason.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from crosstune.records import Commit
from crosstune.sources import _contents, _history, _log, _message_rules, _path_rules, _pieces, _rule
from crosstune.sources._endings import endings
from crosstune.sources._git import Repository
from crosstune.sources._licence import allowed, licences
from crosstune.sources._log import Change
from crosstune.sources._names import language_name
from crosstune.sources._opening import opening
from crosstune.sources._profile import Profile
from crosstune.sources._reading import Blob, blobs
from crosstune.sources._tokens import counted

LICENCE = "licence not allowed"
NOT_TEXT = "message is not UTF-8"
SAME_CHANGE = "duplicate: same path and contents"
SAME_CONTENTS = "duplicate: same contents"
NOTHING = Blob(0)
TRAILER = re.compile(
    r"(?:[A-Za-z]\w*(?:-\w+)+|Fix(?:es)?|Closes?|Bugs?|Issues?|Refs?|See|PR|C[cC]): .+"
    r"|\(cherry picked from commit .*|[ \t]+\S.*"
)

Drop = tuple[str, Change]
"""The reason, and what is dropped for it."""
Sides = tuple[Blob | None, Blob | None]


def reasons(profile: Profile) -> list[str]:
    """Every reason to drop a commit, in the order in which they are asked."""
    messages = [rule.reason for rule in _message_rules.by_message(profile)]
    opens = [each for each in messages if each in {_rule.NO_CAPITAL, _rule.NO_VERB}]
    paths = [rule.reason for rule in _path_rules.by_path(profile)]
    found = [_history.MERGE, _history.SHALLOW, *opens, NOT_TEXT, *messages, *_history.REASONS, *paths]
    found += [SAME_CHANGE, SAME_CONTENTS, *_contents.REASONS, *_pieces.REASONS, LICENCE]
    return list(dict.fromkeys(found))


Judge = Callable[[_log.Entry], tuple[str, Change | None]]


def judge(repository: Repository, profile: Profile) -> Judge:
    """A function from a commit of the log to why its message drops it (empty: it does not), and the change,
    as far as its message had to be read."""
    rules, opens = _message_rules.by_message(profile), opening(profile.subject)
    shallow = {commit.encode() for commit in repository.shallow}

    def judged(entry: _log.Entry) -> tuple[str, Change | None]:
        if b" " in entry[1]:
            return _history.MERGE, None
        if entry[0] in shallow:
            return _history.SHALLOW, None
        if reason := opens(entry[-1]):
            return reason, None
        change = _log.change(entry)
        if change is None:
            return NOT_TEXT, None
        return _rule.first(rules, change) or "", change

    return judged


def by_log(repository: Repository, profile: Profile) -> tuple[list[Change], Counter[str]]:
    """The commits whose messages pass; how many were dropped for each reason.

    Raises:
        Unreadable: the history is damaged.
    """
    judged = judge(repository, profile)
    kept: list[Change] = []
    dropped: Counter[str] = Counter()
    for entry in _log.entries(repository, authors=bool(profile.authors.opted_out)):
        reason, change = judged(entry)
        if reason or change is None:
            dropped[reason] += 1
        else:
            kept.append(change)
    return kept, dropped


def by_path(
    repository: Repository, profile: Profile, found: Sequence[Change]
) -> tuple[list[Change], list[Drop]]:
    """Those that change one file, of the right kind; they have their paths and blobs now.

    Raises:
        Unreadable: too many trees are missing or damaged.
    """
    rules = _path_rules.by_path(profile)
    kept: list[Change] = []
    dropped: list[Drop] = []
    for change, entries in _history.compared(repository, found):
        reason = _history.place(change, entries, profile.additions) or _rule.first(rules, change)
        if reason:
            dropped.append((reason, change))
        else:
            kept.append(change)
    return kept, dropped


def first_of_each(found: Iterable[Change]) -> tuple[list[Change], list[Drop]]:
    """Of equal changes the earliest, wherever they stand (branches, cherry-picks, moved files); sorted by
    path, then time, as git finds their contents fastest."""
    changes: set[tuple[str, ...]] = set()
    contents: set[tuple[str, ...]] = set()
    kept: list[Change] = []
    dropped: list[Drop] = []
    for change in sorted(found, key=lambda change: (change.time, change.commit)):
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


def by_size(
    repository: Repository, profile: Profile, found: Sequence[Change]
) -> tuple[list[Change], list[Drop]]:
    """Those whose sizes pass: the contents of the others are never read."""
    whole = profile.sample.of == "file"
    kept: list[Change] = []
    dropped: list[Drop] = []
    for change, (old, new) in _sides(repository, found, contents=False):
        if old is None or new is None:
            dropped.append((_contents.UNREADABLE, change))
        elif reason := _contents.by_size(profile.contents, old.size, new.size, whole=whole):
            dropped.append((reason, change))
        else:
            kept.append(change)
    return kept, dropped


def by_contents(
    repository: Repository, profile: Profile, found: Sequence[Change]
) -> tuple[list[Commit], list[Drop]]:
    """The samples, but for their licences."""
    kept: list[Commit] = []
    sized, dropped = by_size(repository, profile, found)
    make = sample(repository, profile)
    for change, sides in _sides(repository, sized, contents=True):
        made = make(change, sides)
        if isinstance(made, str):
            dropped.append((made, change))
        else:
            kept.append(made)
    return kept, dropped


def sample(repository: Repository, profile: Profile) -> Callable[[Change, Sides], Commit | str]:
    """A function from a change and its contents to the sample, or to the reason to drop it."""
    names, count = endings(profile.file.extensions), counted(profile.contents.counter)

    def made(change: Change, sides: Sides) -> Commit | str:
        texts = _texts(sides)
        if isinstance(texts, str):
            return texts
        if reason := _contents.poison(profile.contents, *texts, change.path, change.message):
            return reason
        language = names.decide(change.path, texts[1])
        if not language:
            return _contents.AMBIGUOUS
        if not _path_rules.typical(profile.file, [language], change.path):
            return _rule.UNTYPICAL
        piece = _pieces.piece(profile.sample, language, *texts)
        fault = piece if isinstance(piece, str) else _contents.by_text(profile.contents, *piece.sides, count)
        if isinstance(piece, str) or fault:
            return str(fault)
        return _commit(repository, profile, change, language, piece)

    return made


def _commit(
    repository: Repository, profile: Profile, change: Change, language: str, piece: _pieces.Piece
) -> Commit:
    return Commit(
        repository=repository.name,
        commit=change.commit,
        subject=change.subject,
        message=change.message,
        path=change.path,
        old=piece.old,
        new=piece.new,
        old_blob=change.old_blob,
        new_blob=change.new_blob,
        language=language_name(language),
        licence="",
        time=change.time,
        body=instructive(_log.body(change.message)) if profile.sample.instruction == "message" else "",
        piece=profile.sample.of if change.old_blob else "file",
        old_line=piece.old_line,
        new_line=piece.new_line,
    )


def instructive(body: str) -> str:
    """A message's body without the trailers at its end: who signed it, what it closes, where it came from."""
    paragraphs = re.split(r"\n\s*\n", body)
    while paragraphs and _trails(paragraphs[-1]):
        paragraphs.pop()
    return "\n\n".join(paragraphs)


def _trails(paragraph: str) -> bool:
    """Lines that go on are indented; the first one is not."""
    return not paragraph[:1].isspace() and all(map(TRAILER.fullmatch, paragraph.split("\n")))


def _texts(sides: Sides) -> tuple[str, str] | str:
    """Both sides as text, or why they are none."""
    old, new = sides
    if old is None or new is None:
        return _contents.UNREADABLE
    (before, fault), (after, other) = _contents.text(old.data), _contents.text(new.data)
    return fault or other or (before, after)


def by_licence(
    repository: Repository, profile: Profile, found: Sequence[Commit]
) -> tuple[list[Commit], list[str]]:
    """The samples with the licences at their commits; the commits whose licences are not allowed."""
    told = list(licences(repository, [commit.commit for commit in found]))
    fits = [allowed(licence, profile.licence.allowed) for licence in told]
    kept = [
        dataclasses.replace(commit, licence=licence)
        for commit, licence, fit in zip(found, told, fits, strict=True)
        if fit
    ]
    return kept, [commit.commit for commit, fit in zip(found, fits, strict=True) if not fit]


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
