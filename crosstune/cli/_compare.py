"""`crosstune compare`: compare two runs or logs, paired by problem."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosstune.cli._fail_on import HELP, Rule, broken
from crosstune.cli._log_options import Common, First, Metric, Second, about, read_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rich.console import Console

    from crosstune.analysis import ChangedProblem, Comparison, TaskKey
    from crosstune.logs import Paired
    from crosstune.tables import Table

WHEN = ("before", "after")
SHOWN = 8
"""Problems listed for each score and direction; --json has all."""


def compare(
    before: Annotated[
        str, typer.Argument(metavar="RUN_OR_LOG", help="A run's folder, e.g. runs/demo, or a harness's log.")
    ],
    after: Annotated[str, typer.Argument(metavar="RUN_OR_LOG", help="The run or log to compare with it.")],
    *,
    score: Annotated[
        list[str] | None,
        typer.Option(
            "--score",
            metavar="NAME",
            help="Exit with 5 if it fell significantly: model/benchmark/language/task, or part of that. "
            "May be given several times. With --fail-on, only these can fail.",
        ),
    ] = None,
    fail_on: Annotated[list[str] | None, typer.Option("--fail-on", metavar="RULE", help=HELP)] = None,
    first: First = None,
    second: Second = None,
    metric: Metric = None,
    common: Common = False,
    to: Annotated[
        Path | None,
        typer.Option("--json", "-o", metavar="FILE", help="Also write the comparison to this file."),
    ] = None,
    allow_partial: Annotated[
        bool,
        typer.Option("--allow-partial", help="Compare even if the harness failed to judge some programs."),
    ] = False,
) -> None:
    """Show what rose and fell from one run or log to another, and on which problems.

    Reads stored verdicts and runs nothing. Differences are paired by problem (and seed), with an exact test
    for a single seed, and Holm's correction over the table.

    Logs are those of lm-evaluation-harness (samples_*.jsonl), inspect_ai (.eval, .json), EvalPlus
    (*eval_results.json), bigcode-evaluation-harness (logs.json), MultiPL-E (*.results.json) and NeMo Gym
    (rollouts), and the results of crosstune eval: a file, or the folder that the harness wrote; FORMAT:PATH
    names the format where it is not recognised.
    """
    from rich.console import Console

    from crosstune.analysis import watched
    from crosstune.errors import GateFailed
    from crosstune.files import write_json
    from crosstune.tables import json_rows

    rules = [Rule.of(each) for each in fail_on or (["significant"] if score else [])]
    if _is_run(before) and _is_run(after):
        _refuse_log_options({"--first": first, "--second": second, "--metric": metric, "--common": common})
        comparisons, notes = _runs(before, after, allow_partial=allow_partial), ""
    else:
        pairs = read_pairs(before, after, first, second, common=common)
        comparisons, notes = _logs(pairs, metric, allow_partial=allow_partial), about(pairs, metric)
    table = comparison_table(comparisons)
    falls = list(broken(rules, watched(comparisons, score or [])))
    if to:
        write_json(to, {"comparisons": json_rows(table), "fallen": [one.name for one, _ in falls]})
    _print(Console(), comparisons, table, notes)
    if falls:
        raise GateFailed("\n".join(text for _, text in falls))


def _is_run(path: str) -> bool:
    return (Path(path) / "manifest.json").is_file()


def _refuse_log_options(given: Mapping[str, object]) -> None:
    """
    Raises:
        UsageError: an option belongs to logs.
    """
    from crosstune.errors import UsageError

    if unused := [option for option, value in given.items() if value]:
        raise UsageError(
            f"{unused[0]} belongs to logs; both of these are runs, whose scores are all compared"
        )


def _runs(before: str, after: str, *, allow_partial: bool) -> Sequence[Comparison]:
    from crosstune.analysis import compare as compare_runs
    from crosstune.study import recorded_verdicts

    sides = (recorded_verdicts(Path(path)) for path in (before, after))
    return compare_runs(*sides, allow_partial=allow_partial)


def _logs(pairs: Sequence[Paired], metric: str | None, *, allow_partial: bool) -> Sequence[Comparison]:
    from crosstune.logs import compare_logs

    return compare_logs(pairs, metric, allow_partial=allow_partial)


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
        number,
    )

    columns: list[Column[Comparison]] = [
        Column("model", lambda one: one.model, key="model"),
        Column(
            "cell",
            lambda one: Titled(_cell(one.task_key), one.task_key),
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
        Column("detectable", lambda one: one.gain.detectable, number(), key="detectable_points"),
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


def _cell(key: TaskKey) -> str:
    """The language and task, or the benchmark where a log names neither."""
    return f"{key.language} {key.task}".strip() or key.benchmark


def _fell(one: Comparison) -> list[ChangedProblem]:
    return [each for each in one.changed if each.after < each.before]


def _rose(one: Comparison) -> list[ChangedProblem]:
    return [each for each in one.changed if each.after > each.before]


def _problems(
    of: Callable[[Comparison], list[ChangedProblem]],
) -> Callable[[Comparison], list[dict[str, Any]]]:
    from dataclasses import asdict

    return lambda one: [asdict(each) for each in of(one)]


def _print(console: Console, comparisons: Sequence[Comparison], table: Table[Comparison], notes: str) -> None:
    from rich.text import Text

    from crosstune.tables import print_table

    print_table(table, console)
    console.print(_legend(comparisons), style="dim", highlight=False)
    if partly := _coverage(comparisons):
        console.print(partly, highlight=False)
    if notes:
        console.print(notes, markup=False, highlight=False, soft_wrap=True)
    for one in comparisons:
        if one.changed:
            console.print(Text(f"\n{one.name}", style="bold"), soft_wrap=True)
            _print_changed(console, one)


def _legend(comparisons: Sequence[Comparison]) -> str:
    seeds = ", ".join(map(str, sorted({len(one.seeds) for one in comparisons})))
    return (
        f"In percent and points, paired by problem and seed ({seeds} of these). detectable: the true "
        "difference in points that four of five such comparisons would show. "
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
