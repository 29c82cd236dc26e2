"""What a study's plan, state and outcome look like on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crosstune.errors import Incomplete
from crosstune.study import Board, OpenRun, Outcome, State, Step, changes

STYLES = {
    State.CACHED: "green",
    State.DONE: "green",
    State.WAITING: "cyan",
    State.FAILED: "red",
    State.MISSING: "yellow",
    State.BLOCKED: "yellow",
}


def print_plan(opened: OpenRun, console: Console | None = None) -> None:
    """Every step with its state, what it needs, what is missing and why its key changed."""
    console = console or Console()
    board = opened.survey()
    for step in opened.plan.steps:
        state = board.states[step.name]
        console.print(
            f"[{STYLES[state]}]{state:8}[/] {escape(step.name)}  [dim]{step.key[:12]}[/]",
            highlight=False,
            soft_wrap=True,
        )
        for line in _details(opened, board, step):
            console.print(f"           {line}", highlight=False, soft_wrap=True)
    console.print(_summary(board))


def _details(opened: OpenRun, board: Board, step: Step) -> list[str]:
    met = ", ".join(each.what for each in step.requirements if each.met)
    lines = [f"[dim]needs[/] {escape(met)}"] if met else []
    lines += [
        f"[yellow]missing[/] {escape(each.what)}{escape(f': {each.how}') if each.how else ''}"
        for each in step.missing
    ]
    if board.states[step.name] in (State.BLOCKED, State.FAILED):
        lines.append(escape(board.messages[step.name]))
    if board.states[step.name] is not State.CACHED:
        lines += [f"[dim]changed:[/] {escape(line)}" for line in changes(step, opened.before)]
    return lines


def _summary(board: Board) -> str:
    counts = Counter(board.states.values())
    return f"{len(board.states)} steps: " + ", ".join(f"{n} {state}" for state, n in counts.items())


def print_status(opened: OpenRun, console: Console | None = None) -> None:
    """Done and open steps by kind, and whether some process is at it."""
    console = console or Console()
    board = opened.survey()
    table = Table("steps", "done", "to run", "can't run", box=None, header_style="bold")
    for kind in dict.fromkeys(step.kind for step in opened.plan.steps):
        states = Counter(board.states[step.name] for step in opened.plan.steps if step.kind == kind)
        stuck = states[State.MISSING] + states[State.BLOCKED] + states[State.FAILED]
        table.add_row(kind, str(states[State.CACHED]), str(states[State.WAITING]), str(stuck))
    console.print(table)
    console.print("running now" if opened.running() else "not running")


def print_outcome(opened: OpenRun, outcome: Outcome, console: Console | None = None) -> None:
    """The transfer table, where the results are, and what could not run.

    Raises:
        Incomplete: some steps could not run; the message lists the reasons.
    """
    console = console or Console()
    notice = ""
    if outcome.findings:
        from crosstune.report import transfer_table

        console.print(transfer_table(outcome.findings))
        for name, path in _places(opened):
            console.print(f"{name:8} {path}", soft_wrap=True, highlight=False)
        notice = outcome.findings.run.notice
        if notice:
            console.print(notice, style="yellow", highlight=False)
    if not outcome.board.complete and not notice:
        raise Incomplete(_unfinished(outcome.board))


def _places(opened: OpenRun) -> Iterator[tuple[str, Path]]:
    """What stands in the run's folder, as far as it was asked for."""
    places = {
        "results": opened.folder / "results.json",
        "report": opened.report,
        "figures": opened.report.parent / "figures",
        "tables": opened.folder / "tables",
        "exports": opened.folder / "exports",
    }
    return ((name, path) for name, path in places.items() if path.exists())


def _unfinished(board: Board) -> str:
    """The reasons, each once with the steps it stops, and how to go on."""
    reasons: dict[str, list[str]] = {}
    for name, state in board.states.items():
        if state in (State.FAILED, State.MISSING, State.WAITING):
            reasons.setdefault(board.messages.get(name, "not run yet"), []).append(name)
    lines = [f"  {_names(names)}: {reason}" for reason, names in reasons.items()]
    blocked = board.count(State.BLOCKED)
    lines += [f"  {blocked} more steps wait for these"] if blocked else []
    done = board.count(State.CACHED, State.DONE)
    return "\n".join(
        [
            f"incomplete: {done} of {len(board.states)} steps are done; the same command goes on from here",
            *lines,
        ]
    )


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
