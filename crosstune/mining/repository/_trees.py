"""List the files that commits changed, with one ``git diff-tree`` for all commits that passed so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crosstune.mining.repository._git import Repository, Unreadable
from crosstune.mining.repository._log import Change
from crosstune.mining.repository._output import git_output

MAX_DAMAGED = 100
"""Each damaged tree ends ``git diff-tree``, which is restarted after it. With more than this many damaged
trees, the whole repository counts as damaged: most likely it is a clone without trees. (A missing root tree
does not end git.)"""
DAMAGED = "trees are missing or damaged"

ChangedFiles = list[bytes]
"""``:modes blobs status`` and the path, for each changed file in turn."""


def changed_files(
    repository: Repository, changes: Sequence[Change]
) -> Iterator[tuple[Change, ChangedFiles | None]]:
    """Yield each commit with its changed files; None if its trees, or its parent's, cannot be read.

    Raises:
        Unreadable: more than `MAX_DAMAGED` commits cannot be compared.
    """
    done = damaged = 0
    while done < len(changes):
        try:
            for files in _diff_tree(repository, changes[done:]):
                damaged += files is None
                if damaged > MAX_DAMAGED:
                    raise Unreadable(DAMAGED)
                yield changes[done], files
                done += 1
        except Unreadable:
            damaged += 1
            if done == len(changes) or damaged > MAX_DAMAGED:
                raise
            yield changes[done], None
            done += 1


def _diff_tree(repository: Repository, changes: Sequence[Change]) -> Iterator[ChangedFiles | None]:
    """Yield each commit's files in order; raise `Unreadable` at the first commit that ends git."""
    requests = [change.trees or change.commit for change in changes]
    output = git_output(
        repository,
        *("diff-tree", "--stdin", "--always", "--root", "-r", "-z", "--raw", "--no-abbrev", "--no-renames"),
        text="".join(f"{each}\n" for each in requests if not _are_equal(each)),
    )
    replies = _replies(_fields(output))
    head, files = next(replies, (None, []))
    for request in requests:
        if _are_equal(request):
            yield []
        elif request.encode() == head:
            yield files
            head, files = next(replies, (None, []))
        else:
            yield None  # git prints nothing for trees that are missing


def _are_equal(trees: str) -> bool:
    old, _, new = trees.partition(" ")
    return old == new


def _replies(fields: Iterator[bytes]) -> Iterator[tuple[bytes, ChangedFiles]]:
    """Yield each request with its files. Git echoes a commit with a NUL after it, two trees with a line
    feed."""
    head, files = b"", ChangedFiles()
    try:
        for field in fields:
            *echoed, last = field.split(b"\n")
            for request in (*echoed, *([] if last.startswith(b":") or not last else [last])):
                if head:
                    yield head, files
                head, files = request, []
            if last.startswith(b":"):
                files += (last, next(fields, b""))
    except Unreadable:
        # Git echoes a commit after comparing it, so the last one is complete and its successor is damaged.
        # It echoes two trees before comparing them, and then writes all their entries at once.
        if head and (files or b" " not in head):
            yield head, files
        raise
    if head:
        yield head, files


def _fields(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the fields, which NUL terminates; the last may be an unterminated pair of equal trees."""
    rest = b""
    for chunk in chunks:
        *fields, rest = (rest + chunk).split(b"\0")
        yield from fields
    if rest:
        yield rest
