"""`crosstune compare`: two runs, paired by problem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from crosstune.analysis import Comparison

WHEN = ("before", "after")
SHOWN = 8
"""Problems told per score and direction; --json has all."""


def compare(
    before: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, as runs/demo.")],
    after: Annotated[Path, typer.Argument(metavar="RUN", help="The one to compare with it.")],
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
        Path | None, typer.Option("--json", metavar="FILE", help="Write the comparison there too.")
    ] = None,
    allow_partial: Annotated[
        bool,
        typer.Option("--allow-partial", help="Compare also where the harness failed to judge some programs."),
    ] = False,
) -> None:
    """Say what rose and fell from one run to another, on the same problems, and which problems changed.

    Stored verdicts are read, nothing is run. Differences are paired by problem and seed, with an exact
    test where there is one seed, and Holm's correction over the table.
    """
    from rich.console import Console

    from crosstune.analysis import compare as compare_runs
    from crosstune.analysis import significant_falls
    from crosstune.errors import GateFailed
    from crosstune.study import recorded_verdicts

    found = compare_runs(recorded_verdicts(before), recorded_verdicts(after), allow_partial=allow_partial)
    gone = significant_falls(found, score or [])
    if to:
        to.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_values(found, gone), indent=1, ensure_ascii=False)
        to.write_text(text + "\n", "utf-8")
    _print(Console(), found)
    if gone:
        raise GateFailed("\n".join(map(_fall, gone)))


def _fall(one: Comparison) -> str:
    gain = one.gain
    return (
        f"{one.name} fell from {100 * one.before:.1f} to {100 * one.after:.1f} % "
        f"({gain.value:+.1f} points [{gain.low:.1f}, {gain.high:.1f}], "
        f"p = {gain.p_holm:.2g} after correction)"
    )


def _values(found: Sequence[Comparison], gone: Sequence[Comparison]) -> dict[str, Any]:
    return {"comparisons": [_row(one) for one in found], "fallen": [one.name for one in gone]}


def _row(one: Comparison) -> dict[str, Any]:
    gain = one.gain
    return {
        "score": one.name,
        "model": one.model,
        **one.task_key._asdict(),
        "before": one.before,
        "after": one.after,
        "difference_points": gain.value,
        "difference_low": gain.low,
        "difference_high": gain.high,
        "p": gain.p,
        "p_holm": gain.p_holm,
        "significant": gain.significant,
        "problems": gain.problems,
        "seeds": list(one.seeds),
        "judged": list(one.judged),
        "asked": list(one.asked),
        "fell": [_problem(each) for each in one.changed if each.after < each.before],
        "rose": [_problem(each) for each in one.changed if each.after > each.before],
    }


def _problem(each: Any) -> dict[str, Any]:
    return {"problem": each.problem, "before": each.before, "after": each.after}


def _print(console: Console, found: Sequence[Comparison]) -> None:
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, header_style="bold")
    for name in ("model", "cell"):
        shown.add_column(name)
    for name in ("before", "after", "difference", "95 %", "p", "Holm", "fell", "rose"):
        shown.add_column(name, justify="right", no_wrap=True)
    for one in found:
        gain = one.gain
        style = ("green" if gain.value > 0 else "red") if gain.beyond else ""
        falls = sum(each.after < each.before for each in one.changed)
        shown.add_row(
            Text(one.model),
            Text(f"{one.task_key.language} {one.task_key.task}"),
            f"{100 * one.before:.1f}",
            f"{100 * one.after:.1f}",
            Text(f"{gain.value:+.1f}{gain.stars}", style=style),
            f"{gain.low:.1f} … {gain.high:.1f}",
            f"{gain.p:.2g}",
            f"{gain.p_holm:.2g}",
            str(falls),
            str(len(one.changed) - falls),
        )
    console.print(shown)
    console.print(_legend(found), style="dim", highlight=False)
    if partly := _coverage(found):
        console.print(partly, highlight=False)
    for one in found:
        if one.changed:
            console.print(Text(f"\n{one.name}", style="bold"))
            _print_changed(console, one)


def _legend(found: Sequence[Comparison]) -> str:
    seeds = {len(one.seeds) for one in found}
    return (
        f"In percent and points, paired by problem and seed ({', '.join(map(str, sorted(seeds)))} of these). "
        f"* p < 0.05, ** also after Holm's correction over {len(found)} comparisons. fell, rose: problems."
    )


def _coverage(found: Sequence[Comparison]) -> str:
    """How many programs have a verdict in each run; empty where all have."""
    judged, asked = ([sum(numbers) for numbers in zip(*pairs, strict=True)] for pairs in _counts(found))
    if judged == asked:
        return ""
    told = [f"{n:,} of {m:,} programs judged {when}" for n, m, when in zip(judged, asked, WHEN, strict=True)]
    return ", ".join(told) + ": on the others the harness failed, and they are left out."


def _counts(found: Sequence[Comparison]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    return [one.judged for one in found], [one.asked for one in found]


def _print_changed(console: Console, one: Comparison) -> None:
    falls = [each for each in one.changed if each.after < each.before]
    rises = [each for each in reversed(one.changed) if each.after > each.before]
    for sign, each in (("fell", falls), ("rose", rises)):
        if each:
            told = ", ".join(f"{c.problem} ({c.before:.2g} → {c.after:.2g})" for c in each[:SHOWN])
            more = f" and {len(each) - SHOWN} more" if len(each) > SHOWN else ""
            console.print(f"  {sign}: {told}{more}", highlight=False, markup=False)
