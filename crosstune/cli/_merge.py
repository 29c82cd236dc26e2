"""`crosstune merge`: join the outputs of all shards of a command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crosstune.sharding import Marker


def merge(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="What the shards were given as -o.")],
    *,
    shards: Annotated[
        int | None, typer.Option("--shards", min=2, help="How many; needed if there are several divisions.")
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave out inputs without a result, and exit with 4.")
    ] = False,
) -> None:
    """Join what the shards of mine, judge or generate have written, in the order of the inputs.

    Every shard must have finished with the same inputs and settings; the inputs of all together must be those
    that were divided, none missing, doubled or changed. Otherwise nothing is written, and a message says
    which shard lacks what (exit status 4).

      crosstune judge programs.jsonl -o verdicts.jsonl --shard 0/2

      crosstune judge programs.jsonl -o verdicts.jsonl --shard 1/2

      crosstune merge verdicts.jsonl
    """
    from crosstune.errors import Incomplete
    from crosstune.sharding import check_nothing_missing, finished_shards
    from crosstune.storage import copies_beside, shown, writing

    copies_beside(out, f"{out.stem}-*-of-*")
    with writing(out, last="funnel.json") as target:
        markers = finished_shards(target, shards)
        if not partial:
            check_nothing_missing(markers, target)
        _join(markers, target, shown(out))
    if missing := sum(len(marker.missing) for marker in markers):
        raise Incomplete(f"{shown(out)}: {missing:,} of {markers[0].inputs.count:,} inputs have no result")


def _join(markers: Sequence[Marker], out: Path, name: str) -> None:
    from crosstune.cli._sharded import answer_id
    from crosstune.sharding import join_lines

    first = markers[0]
    if first.command == "mine":
        _join_mined(markers, out, name)
        return
    if first.command == "judge":
        unique = first.made_with["benchmark"] is not None
        rows = join_lines(markers, out, lambda row: str(row["id"]), unique=unique)
    else:
        rows = join_lines(markers, out, answer_id, rows_each=first.made_with["samples"])
    inputs = f"{first.inputs.count:,} inputs, none missing or doubled"
    typer.echo(f"{rows:,} rows of {first.count} shards ({inputs}): {name}")


def _join_mined(markers: Sequence[Marker], out: Path, name: str) -> None:
    from crosstune import corpus
    from crosstune.cli._mine import print_mining

    mining = corpus.merge_mined([marker.shard.path(out) for marker in markers], out)
    print_mining(mining, out, name)
