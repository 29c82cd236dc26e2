"""Options of the commands that read logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crosstune.logs import Paired

First = Annotated[
    str | None,
    typer.Option(
        "--first", metavar="NAME", help="Which of the first path: model/benchmark/…, or part of it."
    ),
]
Second = Annotated[
    str | None, typer.Option("--second", metavar="NAME", help="Which of the second path, if it has several.")
]
Metric = Annotated[
    str | None, typer.Option("--metric", metavar="NAME", help="The metric of a log; default: its first.")
]
Common = Annotated[
    bool, typer.Option("--common", help="Pair the problems that both have, although others are in only one.")
]


def read_pairs(
    before: str, after: str, first: str | None, second: str | None, *, common: bool
) -> list[Paired]:
    """The logs in two paths, paired.

    Raises:
        DataError: a path is no log, or they do not fit together.
        UnknownName: a path names an unknown format.
    """
    from crosstune.logs import chosen, paired, read_logs

    return paired(chosen(read_logs(before), first), chosen(read_logs(after), second), common=common)


def about(pairs: list[Paired], metric: str | None) -> str:
    """What was paired, and how, where it is not plain."""
    lines = []
    for pair in pairs:
        if pair.by_number:
            lines.append(f"{pair.name}: problems are paired by number, as {' = '.join(pair.problems[0])}.")
        if any(pair.only):
            counts = " and ".join(str(len(each)) for each in pair.only)
            lines.append(f"{pair.name}: {counts} problems are only in the first and the second log.")
        lines += [
            f"{log.path}: compared by {log.metrics[0]}; --metric chooses another of {', '.join(log.metrics)}."
            for log in pair.logs
            if len(log.metrics) > 1 and metric is None
        ]
    return "\n".join(dict.fromkeys(lines))
