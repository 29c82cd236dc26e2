"""Third stage: duplicates. Of equal changes the earliest is kept."""

from __future__ import annotations

from collections.abc import Iterable

from crosstune.mining.repository._log import Change
from crosstune.mining.stages._stage import Dropped

SAME_CHANGE = "duplicate: same path and contents"
SAME_CONTENTS = "duplicate: same contents"
REASONS = (SAME_CHANGE, SAME_CONTENTS)


def chronological(change: Change) -> tuple[int, str]:
    """Sort key: the time, then the commit's id."""
    return change.time, change.commit


def drop_duplicates(changes: Iterable[Change]) -> tuple[list[Change], list[Dropped]]:
    """Compare changes by blobs: copies on other branches or at other paths and cherry-picks are equal.

    The kept changes are sorted by path, then time: in this order git reads the contents fastest.
    """
    seen_changes: set[tuple[str, ...]] = set()
    seen_contents: set[tuple[str, ...]] = set()
    kept: list[Change] = []
    dropped: list[Dropped] = []
    for change in sorted(changes, key=chronological):
        contents = (change.old_blob, change.new_blob)
        if (change.path, *contents) in seen_changes:
            dropped.append((SAME_CHANGE, change))
        elif contents in seen_contents:
            dropped.append((SAME_CONTENTS, change))
        else:
            seen_changes.add((change.path, *contents))
            seen_contents.add(contents)
            kept.append(change)
    return sorted(kept, key=lambda change: (change.path, change.time, change.commit)), dropped
