"""The completion marker: the last file that a shard writes, about everything that it has read and written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crosstune.errors import CorruptArtifact
from crosstune.files import file_digest, write_text
from crosstune.records import from_row
from crosstune.sharding._inputs import Inputs, Item
from crosstune.sharding._shard import Shard

VERSION = 2
"""The version of the format: a marker of another version is refused."""
SUFFIX = ".done.json"


@dataclass(frozen=True, slots=True)
class Missing:
    """An input without a result, and why."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Marker:
    """What one shard of ``command`` has done.

    ``made_with`` are the settings that all shards must share. ``inputs`` are all inputs (``count``,
    ``digest``) and the shard's own. ``outputs`` maps the files that it wrote, relative to the marker's
    folder, to their SHA-256. ``missing`` are inputs without a result. ``tools`` are the tools that results
    depend on, by what they are for, such as a language; None: results of an earlier run were kept without
    them.
    """

    version: int
    command: str
    index: int
    count: int
    made_with: Mapping[str, Any]
    inputs: Inputs
    outputs: Mapping[str, str]
    missing: tuple[Missing, ...] = field(default_factory=tuple)
    tools: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def shard(self) -> Shard:
        return Shard(self.index, self.count)


def marker_path(output: Path) -> Path:
    """The marker of a shard that writes ``output``."""
    return output.with_name(f"{output.name}{SUFFIX}")


def write_marker(
    output: Path,
    *,
    command: str,
    shard: Shard,
    made_with: Mapping[str, Any],
    inputs: Inputs,
    missing: Mapping[str, str],
    outputs: Sequence[Path] = (),
    tools: Mapping[str, str | None] | None = None,
) -> None:
    """Write the marker beside ``output``, which is complete; ``outputs`` are its files, by default itself."""
    marker = Marker(
        VERSION,
        command,
        shard.index,
        shard.count,
        made_with,
        inputs,
        {str(path.relative_to(output.parent)): file_digest(path) for path in outputs or (output,)},
        tuple(Missing(*each) for each in missing.items()),
        tools or {},
    )
    row = asdict(marker)
    row["inputs"]["own"] = [[item.id, item.digest] for item in inputs.own]  # half the size of objects
    write_text(marker_path(output), json.dumps(row) + "\n", sync=True)


def read_marker(path: Path) -> Marker:
    """
    Raises:
        CorruptArtifact: it is not a marker of this version.
        OSError: it cannot be read.
    """
    try:
        row = json.loads(path.read_bytes())
        if row["version"] != VERSION:
            raise ValueError(f"its version is {row['version']}, expected {VERSION}")
        row["inputs"]["own"] = tuple(Item(*pair) for pair in row["inputs"]["own"])
        row["inputs"] = Inputs(**row["inputs"])
        row["missing"] = tuple(from_row(Missing, each) for each in row["missing"])
        return Marker(**row)
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptArtifact(
            f"{path}: not a completion marker ({error}); remove it and run its shard again"
        ) from None
