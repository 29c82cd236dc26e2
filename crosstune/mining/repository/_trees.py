"""What the commits changed: their trees compared by one ``git diff-tree``, only for those worth it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crosstune.mining.repository._git import Repository, Unreadable
from crosstune.mining.repository._log import Change
from crosstune.mining.repository._reading import output

REGULAR = (b"100644", b"100755", b"100664")  # the last one stands in old repositories
NOTHING = b"000000"
MOST_DAMAGED = 100
"""Each damaged tree ends a ``git diff-tree``, which is started again behind it. From this many on the
repository counts as damaged as a whole: most likely it is a clone without trees. (It does not end where the
topmost trees are missing.)"""

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
        why = "trees are missing or damaged"
        try:
            for entries in _compared(repository, found[done:]):
                damaged += entries is None
                if damaged > MOST_DAMAGED:
                    raise Unreadable(why)
                yield found[done], entries
                done += 1
        except Unreadable as error:
            damaged, why = damaged + 1, str(error)
            if done == len(found) or damaged > MOST_DAMAGED:
                raise
            yield found[done], None
            done += 1


def _compared(repository: Repository, found: Sequence[Change]) -> Iterator[Entries | None]:
    """In order; it ends with `Unreadable` before the first commit that git cannot go past."""
    asked = [change.trees or change.commit for change in found]
    told = output(
        repository,
        *("diff-tree", "--stdin", "--always", "--root", "-r", "-z", "--raw", "--no-abbrev", "--no-renames"),
        text="".join(f"{each}\n" for each in asked if not _same(each)),
    )
    answers = _answers(_fields(told))
    head, entries = next(answers, (None, []))
    for each in asked:
        if _same(each):
            yield []
        elif each.encode() == head:
            yield entries
            head, entries = next(answers, (None, []))
        else:
            yield None  # git says nothing of trees that it does not find


def _same(trees: str) -> bool:
    old, _, new = trees.partition(" ")
    return old == new


def _answers(fields: Iterator[bytes]) -> Iterator[tuple[bytes, Entries]]:
    """What was asked, and the entries. Behind a commit stands a NUL, behind two trees a line feed."""
    head, entries = b"", Entries()
    try:
        for field in fields:
            *pairs, entry = field.split(b"\n")
            for each in (*pairs, *([] if entry.startswith(b":") or not entry else [entry])):
                if head:
                    yield head, entries
                head, entries = each, []
            if entry.startswith(b":"):
                entries += (entry, next(fields, b""))
    except Unreadable:
        # A commit is written once it is compared whole: the last one was, its successor is the damaged one.
        # Two trees are written before that, and the entries then all at once.
        if head and (entries or b" " not in head):
            yield head, entries
        raise
    if head:
        yield head, entries


def _fields(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What stands between NULs; behind the last one there may be two trees that do not differ."""
    rest = b""
    for piece in pieces:
        *fields, rest = (rest + piece).split(b"\0")
        yield from fields
    if rest:
        yield rest


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
