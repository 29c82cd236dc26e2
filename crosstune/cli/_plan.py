"""Print a study's plan, state and results on a terminal."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from crosstune.cli._clock import clock
from crosstune.errors import Incomplete
from crosstune.study import OpenRun, RunResult, RunState, Step, StepState, changes, sights
from crosstune.tables import COUNT, TEXT, listed, print_table

STYLES = {
    StepState.CACHED: "green",
    StepState.DONE: "green",
    StepState.WAITING: "cyan",
    StepState.FAILED: "red",
    StepState.MISSING: "yellow",
    StepState.BLOCKED: "yellow",
}


def print_plan(opened: OpenRun, console: Console | None = None) -> None:
    """Print every step with its state, what it needs, what is missing and why its key changed."""
    console = console or Console()
    run = opened.survey()
    for step in opened.plan.steps:
        state = run.states[step.name]
        console.print(
            f"[{STYLES[state]}]{state:8}[/] {escape(step.name)}  [dim]{step.key[:12]}[/]",
            highlight=False,
            soft_wrap=True,
        )
        for line in _details(opened, run, step):
            console.print(f"           {line}", highlight=False, soft_wrap=True)
    console.print(_summary(run))


def print_sights(opened: OpenRun, rate: float, console: Console | None = None) -> None:
    """Print the smallest gain that the study can be expected to show on one language and task."""
    console = console or Console()
    for sight in sights(opened.plan.study, rate):
        size = [f"{sight.problems:,} problems", f"{sight.seeds} seed{'s' if sight.seeds > 1 else ''}"]
        size += [f"{sight.samples} samples"] if sight.samples > 1 else []
        gain = (
            "not even solving every problem would be shown to be a gain"
            if sight.gain is None
            else f"a gain of {100 * sight.gain:.0f} points is shown by four of five such studies"
        )
        console.print(
            f"{sight.benchmark}: {gain} ({', '.join(size)}; from {100 * rate:.0f} %)",
            highlight=False,
            soft_wrap=True,
        )


def _details(opened: OpenRun, run: RunState, step: Step) -> list[str]:
    met = ", ".join(each.what for each in step.requirements if each.met)
    lines = [f"[dim]needs[/] {escape(met)}"] if met else []
    lines += [
        f"[yellow]missing[/] {escape(each.what)}{escape(f': {each.how}') if each.how else ''}"
        for each in step.missing
    ]
    if run.states[step.name] in (StepState.BLOCKED, StepState.FAILED):
        lines.append(escape(run.messages[step.name]))
    if run.states[step.name] is not StepState.CACHED:
        lines += [f"[dim]changed:[/] {escape(line)}" for line in changes(step, opened.before)]
    return lines


def _summary(run: RunState) -> str:
    counts = Counter(run.states.values())
    return f"{len(run.states)} steps: " + ", ".join(f"{n} {state}" for state, n in counts.items())


def print_status(opened: OpenRun, console: Console | None = None) -> None:
    """Print the finished and the open steps by kind, and whether a process is running them."""
    console = console or Console()
    run = opened.survey()
    rows = []
    for kind in dict.fromkeys(step.kind.name for step in opened.plan.steps):
        states = Counter(run.states[step.name] for step in opened.plan.steps if step.kind.name == kind)
        stuck = states[StepState.MISSING] + states[StepState.BLOCKED] + states[StepState.FAILED]
        rows.append((kind, states[StepState.CACHED], states[StepState.WAITING], stuck))
    columns = [("steps", TEXT), ("done", COUNT), ("to run", COUNT), ("can't run", COUNT)]
    print_table(listed(columns, rows), console)
    console.print("running now" if opened.running() else "not running")
    for name, progress in opened.under_way().items():
        count = f"{progress.done:,} of {progress.total:,} · " if progress.total else ""
        spent = clock(time.time() - progress.began)
        console.print(f"  {name}  {count}{spent} spent", soft_wrap=True, highlight=False)


def print_result(opened: OpenRun, result: RunResult, console: Console | None = None) -> None:
    """Print the transfer table, the paths of the results, and which steps could not run.

    Raises:
        Incomplete: some steps could not run; the message lists the reasons.
    """
    console = console or Console()
    notice = ""
    if result.findings:
        from crosstune.report import transfer_table

        console.print(transfer_table(result.findings), soft_wrap=True)
        for name, path in _written(opened):
            console.print(f"{name:8} {path}", soft_wrap=True, highlight=False)
        notice = result.findings.run.notice
        if notice:
            console.print(notice, style="yellow", highlight=False, soft_wrap=True)
    if not result.state.complete and not notice:
        raise Incomplete(_unfinished(result.state))


def _written(opened: OpenRun) -> Iterator[tuple[str, Path]]:
    """The files and folders that the run's folder contains, by name."""
    paths = {
        "results": opened.folder / "results.json",
        "report": opened.report,
        "figures": opened.report.parent / "figures",
        "tables": opened.folder / "tables",
        "exports": opened.folder / "exports",
    }
    return ((name, path) for name, path in paths.items() if path.exists())


def _unfinished(run: RunState) -> str:
    """Each reason once, with the steps it stops, and how to continue."""
    reasons: dict[str, list[str]] = {}
    for name, state in run.states.items():
        if state in (StepState.FAILED, StepState.MISSING, StepState.WAITING):
            reasons.setdefault(run.messages.get(name, "not run yet"), []).append(name)
    lines = [f"  {_names(names)}: {reason}" for reason, names in reasons.items()]
    blocked = run.count(StepState.BLOCKED)
    lines += [f"  {blocked} more steps wait for these"] if blocked else []
    done = run.count(StepState.CACHED, StepState.DONE)
    first = f"incomplete: {done} of {len(run.states)} steps are done; the same command continues from here"
    return "\n".join([first, *lines])


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
