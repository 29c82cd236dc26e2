"""`crosstune compare`: compare two runs, paired by problem."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from crosstune.analysis import ChangedProblem, Comparison
    from crosstune.tables import Table

WHEN = ("before", "after")
SHOWN = 8
"""Problems listed for each score and direction; --json has all."""


def compare(
    before: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/demo.")],
    after: Annotated[Path, typer.Argument(metavar="RUN", help="The run to compare with it.")],
    score: Annotated[
        list[str] | None,
        typer.Option(
            "--score",
            metavar="NAME",
            help="Exit with 5 if it fell significantly: model/benchmark/language/task, or part of that. "
            "May be given several times.",
        ),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Also write the comparison to this file.")
    ] = None,
    allow_partial: Annotated[
        bool,
        typer.Option("--allow-partial", help="Compare even if the harness failed to judge some programs."),
    ] = False,
) -> None:
    """Show what rose and fell from one run to another on the same problems, and which problems changed.

    Reads stored verdicts and runs nothing. Differences are paired by problem and seed, with an exact test
    for a single seed, and Holm's correction over the table.
    """
    from rich.console import Console

    from crosstune.analysis import compare as compare_runs
    from crosstune.analysis import significant_falls
    from crosstune.errors import GateFailed
    from crosstune.files import write_json
    from crosstune.study import recorded_verdicts
    from crosstune.tables import json_rows

    comparisons = compare_runs(
        recorded_verdicts(before), recorded_verdicts(after), allow_partial=allow_partial
    )
    table = comparison_table(comparisons)
    falls = significant_falls(comparisons, score or [])
    if to:
        write_json(to, {"comparisons": json_rows(table), "fallen": [one.name for one in falls]})
    _print(Console(), comparisons, table)
    if falls:
        raise GateFailed("\n".join(map(_fall, falls)))


def _fall(one: Comparison) -> str:
    gain = one.gain
    return (
        f"{one.name} fell from {100 * one.before:.1f} to {100 * one.after:.1f} % "
        f"({gain.value:+.1f} points [{gain.low:.1f}, {gain.high:.1f}], "
        f"p = {gain.p_holm:.2g} after correction)"
    )


def comparison_table(comparisons: Sequence[Comparison]) -> Table[Comparison]:
    from crosstune.tables import (
        COUNT,
        DIFFERENCE,
        FLAG,
        P_VALUE,
        PERCENT,
        TITLED,
        Column,
        Table,
        Titled,
    )

    columns: list[Column[Comparison]] = [
        Column("model", lambda one: one.model, key="model"),
        Column(
            "cell",
            lambda one: Titled(f"{one.task_key.language} {one.task_key.task}", one.task_key),
            TITLED,
            key=("benchmark", "language", "task"),
        ),
        Column("", lambda one: one.name, key="score"),
        Column("before", lambda one: one.before, PERCENT, key="before"),
        Column("after", lambda one: one.after, PERCENT, key="after"),
        Column(
            "difference",
            lambda one: one.gain,
            DIFFERENCE,
            key=("difference_points", "difference_low", "difference_high"),
        ),
        Column("p", lambda one: one.gain.p, P_VALUE, key="p"),
        Column("Holm", lambda one: one.gain.p_holm, P_VALUE, key="p_holm"),
        Column("", lambda one: one.gain.significant, FLAG, key="significant"),
        Column("", lambda one: one.gain.problems, key="problems"),
        Column("", lambda one: list(one.seeds), key="seeds"),
        Column("", lambda one: list(one.judged), key="judged"),
        Column("", lambda one: list(one.asked), key="asked"),
        Column("fell", lambda one: len(_fell(one)), COUNT),
        Column("rose", lambda one: len(_rose(one)), COUNT),
        Column("", _problems(_fell), key="fell"),
        Column("", _problems(_rose), key="rose"),
    ]
    return Table("", columns, comparisons, keys=2)


def _fell(one: Comparison) -> list[ChangedProblem]:
    return [each for each in one.changed if each.after < each.before]


def _rose(one: Comparison) -> list[ChangedProblem]:
    return [each for each in one.changed if each.after > each.before]


def _problems(
    of: Callable[[Comparison], list[ChangedProblem]],
) -> Callable[[Comparison], list[dict[str, Any]]]:
    from dataclasses import asdict

    return lambda one: [asdict(each) for each in of(one)]


def _print(console: Console, comparisons: Sequence[Comparison], table: Table[Comparison]) -> None:
    from rich.text import Text

    from crosstune.tables import print_table

    print_table(table, console)
    console.print(_legend(comparisons), style="dim", highlight=False)
    if partly := _coverage(comparisons):
        console.print(partly, highlight=False)
    for one in comparisons:
        if one.changed:
            console.print(Text(f"\n{one.name}", style="bold"), soft_wrap=True)
            _print_changed(console, one)


def _legend(comparisons: Sequence[Comparison]) -> str:
    seeds = ", ".join(map(str, sorted({len(one.seeds) for one in comparisons})))
    return (
        f"In percent and points, paired by problem and seed ({seeds} of these). "
        f"* p < 0.05, ** also after Holm's correction over {len(comparisons)} comparisons. "
        "fell, rose: problems."
    )


def _coverage(comparisons: Sequence[Comparison]) -> str:
    """How many programs have a verdict in each run; empty if all have one."""
    judged = [sum(counts) for counts in zip(*(one.judged for one in comparisons), strict=True)]
    asked = [sum(counts) for counts in zip(*(one.asked for one in comparisons), strict=True)]
    if judged == asked:
        return ""
    parts = [f"{n:,} of {m:,} programs judged {when}" for n, m, when in zip(judged, asked, WHEN, strict=True)]
    return ", ".join(parts) + ": on the others the harness failed, and they are left out."


def _print_changed(console: Console, one: Comparison) -> None:
    for sign, problems in (("fell", _fell(one)), ("rose", _rose(one)[::-1])):
        if problems:
            shown = ", ".join(
                f"{each.problem} ({each.before:.2g} → {each.after:.2g})" for each in problems[:SHOWN]
            )
            more = f" and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
            console.print(f"  {sign}: {shown}{more}", highlight=False, markup=False)
