"""A repository's commits as ``git log --raw`` tells them, read in one stream."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from crosstune.sources._git import Repository, output

FORMAT = "%H%x00%P%x00%ct%x00%B"
HEADER = FORMAT.count("%x00") + 1
REGULAR = (b"100644", b"100755", b"100664")  # the last one stands in old repositories
NOTHING = b"000000"

MERGE = "merge commit"
SHALLOW = "cut off by a shallow clone"
EMPTY = "changes no file"
RENAME = "rename"
SEVERAL = "several files"
SUBMODULE = "submodule"
LINK = "symbolic link"
DELETION = "deletion"
ADDITION = "addition"
MODE = "change of mode or type"
NOT_TEXT = "message or path is not UTF-8"
REASONS = (MERGE, SHALLOW, EMPTY, RENAME, SEVERAL, SUBMODULE, LINK, DELETION, ADDITION, MODE, NOT_TEXT)
"""Why a commit is not the change of one file, in the order in which this is asked."""


@dataclass(slots=True)
class Change:
    """A commit that changed one regular file. ``old_blob`` is empty where it added it; ``subject`` is
    worked on by the rules."""

    commit: str
    time: int
    subject: str
    message: str
    path: str
    old_blob: str
    new_blob: str


def changes(
    repository: Repository, additions: bool, drop: Callable[[str], None], count: Callable[[], None]
) -> Iterator[Change]:
    """The commits that change (with ``additions``: or add) exactly one regular file.

    ``count`` is called for every commit, ``drop`` with the reason for each that is left out.

    Raises:
        Unreadable: the history is damaged.
    """
    log = output(
        repository,
        *("log", "--stdin", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-color", "--encoding=UTF-8"),
        f"--format={FORMAT}",
        text="\n".join(repository.tips) + "\n",
    )
    for header, entries in _commits(_fields(log)):
        count()
        found = _change(header, entries, repository.shallow, additions)
        if isinstance(found, str):
            drop(found)
        else:
            yield found


def _fields(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *fields, rest = (rest + piece).split(b"\0")
        yield from fields
    if rest:
        yield rest


def _commits(fields: Iterator[bytes]) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """(header fields, raw entries): an entry is ``:modes blobs status`` and the path behind it."""
    first = next(fields, None)
    while first is not None:
        header = [first, *(next(fields) for _ in range(HEADER - 1))]
        entries: list[bytes] = []
        first = next(fields, None)
        while first is not None and first[:2].lstrip(b"\n")[:1] == b":":
            entries += (first.lstrip(b"\n"), next(fields))
            first = next(fields, None)
        yield header, entries


def _change(
    header: list[bytes], entries: list[bytes], shallow: frozenset[str], additions: bool
) -> Change | str:
    commit, parents, time, message = header
    if b" " in parents:
        return MERGE
    if commit.decode() in shallow:
        return SHALLOW
    if len(entries) != 2:
        return EMPTY if not entries else RENAME if _renames(entries) else SEVERAL
    old_mode, new_mode, old, new, _ = entries[0][1:].split(b" ")
    if reason := _kind(old_mode, new_mode, additions):
        return reason
    try:
        text, path = message.decode(), entries[1].decode()
    except UnicodeDecodeError:
        return NOT_TEXT
    before = "" if old_mode == NOTHING else old.decode()
    return Change(commit.decode(), int(time), subject(text), text, path, before, new.decode())


def _renames(entries: list[bytes]) -> bool:
    """Two entries that are one file put elsewhere, untouched."""
    if len(entries) != 4:
        return False
    one, other = entries[0].split(b" "), entries[2].split(b" ")
    return {one[4], other[4]} == {b"A", b"D"} and bool({one[2], one[3]} & {other[2], other[3]} - _zeros(one))


def _zeros(entry: list[bytes]) -> set[bytes]:
    return {b"0" * len(entry[2])}


def _kind(old: bytes, new: bytes, additions: bool) -> str | None:
    modes = {old, new}
    if b"160000" in modes:
        return SUBMODULE
    if b"120000" in modes:
        return LINK
    if new == NOTHING:
        return DELETION
    if old == NOTHING:
        return None if additions else ADDITION
    return None if old in REGULAR and new in REGULAR else MODE


BLANKS = " \t\r"


def subject(message: str) -> str:
    """A message's first paragraph on one line, as git shows it (``%s``)."""
    lines = message.split("\n")
    while lines and not lines[0].strip(BLANKS):
        del lines[0]
    paragraph = itertools.takewhile(lambda line: line.strip(BLANKS), lines)
    return " ".join(line.rstrip(BLANKS) for line in paragraph)
