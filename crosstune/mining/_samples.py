"""The last stages of mining one repository: sizes, texts, licences; what passes them becomes a sample."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from crosstune.languages import language_name
from crosstune.mining import _pieces
from crosstune.mining._file_languages import endings
from crosstune.mining._licence import allowed, licences
from crosstune.mining._profile import Profile
from crosstune.mining._stages import LICENCE, Drop
from crosstune.mining._tokens import counted
from crosstune.mining.repository import _log
from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change
from crosstune.mining.repository._reading import Blob, blobs
from crosstune.mining.rules import _contents, _path, _rule
from crosstune.records import Commit

NOTHING = Blob(0)
TRAILER = re.compile(
    r"(?:[A-Za-z]\w*(?:-\w+)+|Fix(?:es)?|Closes?|Bugs?|Issues?|Refs?|See|PR|C[cC]): .+"
    r"|\(cherry picked from commit .*|[ \t]+\S.*"
)

Sides = tuple[Blob | None, Blob | None]


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
    """The samples, with the licences at their commits."""
    whole, dropped = unlicensed(repository, profile, found)
    kept: list[Commit] = []
    changes = {change.commit: change for change in found}
    for commit in licensed(repository, whole):
        if allowed(commit.licence, profile.licence.allowed):
            kept.append(commit)
        else:
            dropped.append((LICENCE, changes[commit.commit]))
    return kept, dropped


def unlicensed(
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
        if not _path.typical(profile.file, [language], change.path):
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


def licensed(repository: Repository, found: Sequence[Commit]) -> list[Commit]:
    """The samples with the licences at their commits."""
    told = licences(repository, [commit.commit for commit in found])
    return [dataclasses.replace(commit, licence=licence) for commit, licence in zip(found, told, strict=True)]


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
