"""The inputs of one shard of a file of programs, and which of them have no verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from crosstune.execution._lines import BadLine, ProgramReader, RowReader, lines, row_of
from crosstune.records import Status
from crosstune.sharding import Inputs, Shard, align


def shard_inputs(source: Path, reader: RowReader | None, shard: Shard) -> Inputs:
    """All rows of ``source``, those of the ``shard`` with their ids; a bad line's id is its number."""
    return Inputs.of(_rows(source, reader or ProgramReader(), shard), shard)


def _rows(source: Path, reader: RowReader, shard: Shard) -> Iterator[tuple[str, bytes]]:
    with source.open("rb") as file:
        for position, (number, line) in enumerate(lines(file)):
            own = position % shard.count == shard.index  # only these are parsed
            yield _id(number, line, reader) if own else "", line.strip()


def _id(number: int, line: bytes, reader: RowReader) -> str:
    try:
        return reader.id_of(row_of(line))
    except BadLine:
        return f"line {number}"


def inputs_without_verdict(target: Path, inputs: Inputs) -> dict[str, str]:
    """The shard's own inputs without a verdict in ``target``, or with ``harness_error``; why, by id."""
    rows = list(_verdicts(target))
    judged = {*align(inputs.own, (name for name, _, _ in rows))}
    missing = {item.id: "a bad line" for place, item in enumerate(inputs.own) if place not in judged}
    return missing | {
        name: f"{status}: {why}" for name, status, why in rows if status == Status.HARNESS_ERROR
    }


def _verdicts(target: Path) -> Iterator[tuple[str, str, str]]:
    with target.open("rb") as file:
        for line in file:
            row = json.loads(line)
            yield str(row["id"]), row["verdict"], row["stderr"].strip().partition("\n")[0]
