"""Join the shards' files of rows in the order of the inputs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from crosstune.errors import CorruptArtifact, Incomplete
from crosstune.files import atomic_write, full_disk_is_incomplete
from crosstune.sharding._marker import Marker
from crosstune.sharding._verify import align

IdOf = Callable[[Mapping[str, Any]], str]
_MOST_NAMED = 10


def join_lines(
    markers: Sequence[Marker], out: Path, id_of: IdOf, *, rows_each: int = 1, unique: bool = False
) -> int:
    """Write the rows of all shards to ``out`` in the order of the inputs; return their number.

    Each shard has one file of JSON lines, with ``rows_each`` rows for each input that is not ``missing``;
    ``id_of`` gives the id of a row's input. ``unique`` ids may not occur in two shards.

    Raises:
        Incomplete: an input has no row, or too many, or the disk is full; ``out`` is then unchanged.
    """
    seen: set[str] = set()
    number = 0
    with (
        full_disk_is_incomplete(out),
        atomic_write(out, sync=True) as temporary,
        temporary.open("wb") as file,
    ):
        for marker, name, line in _rows(markers, out.parent, id_of, rows_each):
            if unique and name in seen:
                raise CorruptArtifact(f"{out}: {name!r} is in shard {marker.shard} and in an earlier one")
            if unique:
                seen.add(name)
            file.write(line)
            number += 1
    return number


def check_nothing_missing(markers: Sequence[Marker], out: Path) -> None:
    """
    Raises:
        Incomplete: an input has no result; the message says which, of which shard, and why.
    """
    missing = [(marker, each) for marker in markers for each in marker.missing]
    if not missing:
        return
    lines = [f"{out}: {len(missing):,} of {markers[0].inputs.count:,} inputs have no result:"]
    lines += [f"shard {marker.shard}: {each.id}: {each.why}" for marker, each in missing[:_MOST_NAMED]]
    if (more := len(missing) - _MOST_NAMED) > 0:
        lines.append(f"and {more:,} more")
    raise Incomplete("\n  ".join([*lines, "run these shards again, or give --partial to leave them out"]))


def _rows(
    markers: Sequence[Marker], folder: Path, id_of: IdOf, rows_each: int
) -> Iterator[tuple[Marker, str, bytes]]:
    with contextlib.ExitStack() as opened:
        shards = []
        for marker in markers:
            (name,) = marker.outputs
            file = opened.enter_context((folder / name).open("rb"))
            shards.append(_Rows(marker, file, id_of, rows_each))
        for position in range(max(len(marker.inputs.own) for marker in markers)):
            for shard in shards:
                yield from shard.at(position)


class _Rows:
    """The rows of one shard's file, by the positions of their inputs."""

    def __init__(self, marker: Marker, file: BinaryIO, id_of: IdOf, rows_each: int) -> None:
        self._marker, self._id_of, self._each = marker, id_of, rows_each
        self._missing = {each.id for each in marker.missing}
        self._expected = [item for item in marker.inputs.own for _ in range(rows_each)]
        self._lines = iter(file)
        self._positions = align(self._expected, self._ids())
        self._advance()

    def _ids(self) -> Iterator[str]:
        for line in self._lines:
            self._line, self._name = line, self._id_of(json.loads(line))
            yield self._name

    def _advance(self) -> None:
        """Go to the next row, in `_line`, which belongs at `_next`; None after the last."""
        try:
            self._next = next(self._positions, None)
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptArtifact(f"shard {self._marker.shard}: {error}") from None

    def at(self, position: int) -> Iterator[tuple[Marker, str, bytes]]:
        """The rows of the input at ``position``, if there is one."""
        expected = range(position * self._each, (position + 1) * self._each)
        for place in expected:
            if self._next == place:
                yield self._marker, self._name, self._line
                self._advance()
            elif place < len(self._expected) and self._expected[place].id not in self._missing:
                name = self._expected[place].id
                raise CorruptArtifact(f"shard {self._marker.shard}: has no row for {name!r}")
