"""Both sides of changes: a file's contents before and after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crosstune.mining.repository._git import Repository
from crosstune.mining.repository._log import Change
from crosstune.mining.repository._output import GitObject, read_objects

ABSENT = GitObject(0)
"""The old side of a file that the commit added."""

Sides = tuple[GitObject | None, GitObject | None]
"""The old and the new side; None if it is missing or damaged."""


def read_sides(
    repository: Repository, changes: Sequence[Change], *, contents: bool
) -> Iterator[tuple[Change, Sides]]:
    """Yield each change with its sides, with or without their bytes.

    A blob that the previous change also had is not read again: in changes sorted by path and time, the new
    side of one is usually the old side of the next.
    """
    plan = list(_new_blobs(changes))
    stream = read_objects(repository, [blob for blobs in plan for blob in blobs], contents=contents)
    held: dict[str, GitObject | None] = {}
    for change, blobs in zip(changes, plan, strict=True):
        pair = (change.old_blob, change.new_blob)
        held = {blob: side for blob, side in held.items() if blob in pair}
        held |= {blob: next(stream) for blob in blobs}
        yield change, (held[change.old_blob] if change.old_blob else ABSENT, held[change.new_blob])


def _new_blobs(changes: Iterable[Change]) -> Iterator[list[str]]:
    before: tuple[str, ...] = ()
    for change in changes:
        pair = tuple(dict.fromkeys(blob for blob in (change.old_blob, change.new_blob) if blob))
        yield [blob for blob in pair if blob not in before]
        before = pair
