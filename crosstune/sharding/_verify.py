"""Find the finished shards of an output, and prove that together they have every input exactly once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune.errors import CorruptArtifact, Incomplete, UsageError
from crosstune.files import file_digest
from crosstune.sharding._inputs import Item, digest_of
from crosstune.sharding._marker import SUFFIX, Marker, marker_path, read_marker
from crosstune.sharding._shard import Shard

_MOST_NAMED = 10


def finished_shards(out: Path, count: int | None = None) -> list[Marker]:
    """The markers of all shards of ``out``, in order; ``count`` chooses among several divisions.

    Raises:
        UsageError: there is no shard, or there are several divisions.
        Incomplete: a shard has not finished, has other inputs, settings or tools than the others, or its
            output is not what it wrote; the message names each.
    """
    shards = _shards_of(out, count)
    errors, markers = list[str](), list[Marker]()
    for shard in shards:
        try:
            markers.append(_marker_of(shard, out))
        except Incomplete as error:
            errors.append(str(error))
    errors += [*_differences(markers), *_other_tools(markers)]
    if not errors:
        errors += _lacking(markers)
    if errors:
        shown = [
            *errors[:_MOST_NAMED],
            *[f"and {len(errors) - _MOST_NAMED} more"] * (len(errors) > _MOST_NAMED),
        ]
        raise Incomplete("\n  ".join([f"{out}: its {len(shards)} shards cannot be merged:", *shown]))
    return markers


def _shards_of(out: Path, count: int | None) -> list[Shard]:
    """All shards of the division that has a finished one."""
    name = re.compile(rf"{re.escape(out.stem)}-\d{{5}}-of-(\d{{5}}){re.escape(out.suffix + SUFFIX)}")
    found = {int(match[1]) for path in out.parent.glob("*") if (match := name.fullmatch(path.name))}
    if count is not None:
        found &= {count}
    if not found:
        example = Shard(0, count or 8).path(out)
        raise UsageError(f"{out}: no shard of it has finished; expected files like {marker_path(example)}")
    if len(found) > 1:
        divisions = " and ".join(f"of {number}" for number in sorted(found))
        raise UsageError(f"{out}: there are shards {divisions}; choose with --shards N")
    number = found.pop()
    return [Shard(index, number) for index in range(number)]


def _marker_of(shard: Shard, out: Path) -> Marker:
    path = marker_path(shard.path(out))
    try:
        marker = read_marker(path)
    except FileNotFoundError:
        raise Incomplete(f"shard {shard} has not finished: run its command with --shard {shard}") from None
    if marker.shard != shard:
        raise CorruptArtifact(f"shard {shard}: {path} is the marker of shard {marker.shard}")
    for name, digest in marker.outputs.items():
        _check_output(shard, path.parent / name, digest)
    return marker


def _check_output(shard: Shard, file: Path, digest: str) -> None:
    try:
        same = file_digest(file) == digest
    except OSError as error:
        raise CorruptArtifact(
            f"shard {shard}: {file}: cannot be read ({error.strerror}); run its command again"
        ) from None
    if not same:
        raise CorruptArtifact(f"shard {shard}: {file} is not what it wrote; run its command again")


def _differences(markers: Sequence[Marker]) -> Iterator[str]:
    """How markers differ from the first in what all must share."""
    if not markers:
        return
    first = markers[0]
    for marker in markers[1:]:
        yield from _difference(first, marker)


def _difference(first: Marker, marker: Marker) -> Iterator[str]:
    if marker.command != first.command:
        yield f"shard {marker.shard} is of {marker.command}, shard {first.shard} of {first.command}"
    elif (first.inputs.count, first.inputs.digest) != (marker.inputs.count, marker.inputs.digest):
        theirs, ours = _inputs(marker), _inputs(first)
        yield f"shard {marker.shard} was made from {theirs}, shard {first.shard} from {ours}"
    else:
        for name, ours, theirs in _changes(first.made_with, marker.made_with):
            yield f"shard {marker.shard} has {name} {theirs}, shard {first.shard} {ours}"


def _other_tools(markers: Sequence[Marker]) -> Iterator[str]:
    """Tools that differ between shards. A shard has only those that its own inputs need."""
    first: dict[str, tuple[Shard, str]] = {}
    for marker in markers:
        for name, tools in sorted(marker.tools.items()):
            if tools is None:
                yield (
                    f"shard {marker.shard} kept earlier results for {name} although its tools are missing: "
                    "install them and run its command again"
                )
                continue
            shard, expected = first.setdefault(name, (marker.shard, tools))
            if tools != expected:
                yield (
                    f"shard {marker.shard} used {tools!r} for {name}, shard {shard} {expected!r}: install "
                    "the same tools everywhere and run the command of one of them again"
                )


def _inputs(marker: Marker) -> str:
    return f"{marker.inputs.count:,} inputs (digest {marker.inputs.digest[:12]})"


def _changes(ours: Any, theirs: Any, name: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        for key in dict.fromkeys([*ours, *theirs]):
            yield from _changes(ours.get(key), theirs.get(key), f"{name}.{key}" if name else key)
    elif ours != theirs:
        yield name, json.dumps(ours), json.dumps(theirs)


def _lacking(markers: Sequence[Marker]) -> Iterator[str]:
    """Which shard lacks an input, or has one twice or in another's place."""
    total = markers[0].inputs.count
    for marker in markers:
        expected = len(range(marker.index, total, marker.count))
        if (number := len(marker.inputs.own)) != expected:
            yield f"shard {marker.shard} has {number:,} inputs, expected {expected:,}"
    if digest_of(in_order([each.inputs.own for each in markers])) != markers[0].inputs.digest:
        yield "the inputs of the shards are not those that were divided: some are missing, doubled or changed"


def in_order(own: Sequence[Sequence[Item]]) -> Iterator[Item]:
    """The inputs of all shards in the order before they were divided."""
    for position in range(max(map(len, own), default=0)):
        for items in own:
            if position < len(items):
                yield items[position]


def align(items: Sequence[Item], ids: Iterable[str]) -> Iterator[int]:
    """The position in ``items`` of each of ``ids``, which are in the same order; some items may have none.

    Raises:
        ValueError: an id is of no item, or follows that of a later one.
    """
    position = 0
    for name in ids:
        while position < len(items) and items[position].id != name:
            position += 1
        if position == len(items):
            raise ValueError(f"{name!r} is doubled, out of order, or of no input of this shard")
        yield position
        position += 1
