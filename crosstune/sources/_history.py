"""What the commits changed: their trees compared by one ``git diff-tree``, only for those worth it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crosstune.sources._git import Repository, Unreadable
from crosstune.sources._log import Change
from crosstune.sources._reading import output

REGULAR = (b"100644", b"100755", b"100664")  # the last one stands in old repositories
NOTHING = b"000000"
MOST_DAMAGED = 100
"""Each damaged tree ends a ``git diff-tree``, which is started again behind it. From this many on the
repository counts as damaged as a whole: most likely it is a clone without trees."""

MERGE = "merge commit"
SHALLOW = "cut off by a shallow clone"
DAMAGED = "tree missing or damaged"
EMPTY = "changes no file"
RENAME = "rename"
SEVERAL = "several files"
SUBMODULE = "submodule"
LINK = "symbolic link"
DELETION = "deletion"
ADDITION = "addition"
MODE = "change of mode or type"
PATH = "path is not UTF-8"
REASONS = (DAMAGED, EMPTY, RENAME, SEVERAL, SUBMODULE, LINK, DELETION, ADDITION, MODE, PATH)
"""Why a commit is not the change of one file, in the order in which this is asked."""

Entries = list[bytes]
"""``:modes blobs status`` and the path, for each file in turn."""


def compared(repository: Repository, found: Sequence[Change]) -> Iterator[tuple[Change, Entries | None]]:
    """Each commit with the files that it changed; None where its trees, or its parent's, cannot be read.

    Raises:
        Unreadable: too many of them cannot.
    """
    done = damaged = 0
    while done < len(found):
        try:
            for entries in _compared(repository, found[done:]):
                yield found[done], entries
                done += 1
        except Unreadable:
            if done == len(found) or damaged == MOST_DAMAGED:
                raise
            yield found[done], None
            done, damaged = done + 1, damaged + 1


def _compared(repository: Repository, found: Sequence[Change]) -> Iterator[Entries]:
    """In order; it ends with `Unreadable` before the first commit that cannot be compared."""
    told = output(
        repository,
        *("diff-tree", "--stdin", "--always", "--root", "-r", "-z", "--raw", "--no-abbrev", "--no-renames"),
        text="".join(f"{change.commit}\n" for change in found),
    )
    entries: Entries | None = None
    fields = _fields(told)
    try:
        for field in fields:
            if field.startswith(b":"):
                assert entries is not None
                entries += (field, next(fields, b""))
                continue
            if entries is not None:
                yield entries
            entries = []
    except Unreadable:
        # A commit is written once it is compared whole: the last one was, its successor is the damaged one.
        if entries is not None:
            yield entries
        raise
    if entries is not None:
        yield entries


def _fields(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *fields, rest = (rest + piece).split(b"\0")
        yield from fields


def place(change: Change, entries: Entries | None, additions: bool) -> str | None:
    """Why the commit does not change (with ``additions``: or add) exactly one regular file; None where it
    does, and ``change`` then has its path and blobs."""
    if entries is None:
        return DAMAGED
    if len(entries) != 2:
        return EMPTY if not entries else RENAME if _renames(entries) else SEVERAL
    old_mode, new_mode, old, new, _ = entries[0][1:].split(b" ")
    if reason := _kind(old_mode, new_mode, additions):
        return reason
    try:
        change.path = entries[1].decode()
    except UnicodeDecodeError:
        return PATH
    change.old_blob = "" if old_mode == NOTHING else old.decode()
    change.new_blob = new.decode()
    return None


def _renames(entries: Entries) -> bool:
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
