"""The options --shard and --on, and the completion markers of `crosstune judge` and `crosstune generate`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from crosstune.cli._asking import Asking
    from crosstune.execution import RowReader
    from crosstune.records import Problem
    from crosstune.sharding import Inputs, Shard

ShardOption = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="I/N",
        help="Only shard I (from 0) of N, or env/N: I is the task's number in a Slurm array or an indexed "
        "job of Kubernetes; `crosstune merge` joins all.",
    ),
]
OnOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="ray[://HOST:PORT]",
        help="Use all nodes of a cluster of Ray: the one that this machine is in, or the named one.",
    ),
]


def shard_of(text: str | None) -> Shard:
    """
    Raises:
        UsageError: it is not a shard.
    """
    from crosstune.sharding import WHOLE, parse_shard

    return WHOLE if text is None else parse_shard(text)


def begin(output: Path, shard: Shard) -> None:
    """Remove the marker: until the shard has finished again, it is not complete."""
    from crosstune.sharding import marker_path

    if shard.count > 1:
        marker_path(output).unlink(missing_ok=True)


def marker_names(output: Path, shard: Shard) -> list[str]:
    """The name of the marker beside ``output``; none for the whole."""
    from crosstune.sharding import marker_path

    return [marker_path(output).name] if shard.count > 1 else []


def mark_judged(
    source: Path,
    output: Path,
    shard: Shard,
    reader: RowReader | None,
    *,
    made_with: Mapping[str, Any],
    tools: Mapping[str, str | None],
) -> None:
    """Write the marker of a shard of `crosstune judge`; nothing if it is the whole."""
    from crosstune.execution import inputs_without_verdict, shard_inputs
    from crosstune.sharding import write_marker

    if shard.count == 1:
        return
    inputs = shard_inputs(source, reader, shard)
    write_marker(
        output,
        command="judge",
        shard=shard,
        made_with=made_with,
        inputs=inputs,
        missing=inputs_without_verdict(output, inputs),
        tools=tools,
    )


def divided(asking: Asking, shard: Shard) -> tuple[Asking, Inputs]:
    """What the shard asks, and all that is asked: a shard has all samples of each of its problems."""
    from crosstune.records import to_json
    from crosstune.sharding import Inputs

    rows = ((_problem_id(each), to_json(each).encode(errors="surrogatepass")) for each in asking.problems)
    return replace(asking, problems=list(shard.of(asking.problems))), Inputs.of(rows, shard)


def mark_generated(asking: Asking, inputs: Inputs, output: Path, shard: Shard) -> None:
    """Write the marker of a shard of `crosstune generate`; nothing if it is the whole."""
    from crosstune.sharding import write_marker

    if shard.count == 1:
        return
    write_marker(
        output,
        command="generate",
        shard=shard,
        made_with={**asking.made_with, "samples": asking.decoding.samples},
        inputs=inputs,
        missing=_unanswered(output),
    )


def _unanswered(output: Path) -> dict[str, str]:
    with output.open("rb") as file:
        return {answer_id(row): row["error"] for row in map(json.loads, file) if row["answer"] is None}


def _problem_id(problem: Problem) -> str:
    return answer_id({"problem": problem.id, "language": problem.language, "task": problem.task})


def answer_id(row: Mapping[str, Any]) -> str:
    """The id of the problem that a row answers, in its language and task."""
    return f"{row['problem']}/{row['language']}/{row['task']}"
