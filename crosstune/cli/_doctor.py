"""`crosstune doctor`: what this machine can judge, and what it lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from crosstune.execution import Health
    from crosstune.sandbox import Enforcement


def doctor(
    languages: Annotated[
        list[str] | None, typer.Argument(metavar="[LANGUAGE]...", help="All by default.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write what was found there, too.")
    ] = None,
) -> None:
    """Look for compilers, try the sandbox, and judge a small program in every language.

    Says what is missing and the command that gets it. Exit status 3 when something asked for is missing.
    """
    from rich.console import Console

    from crosstune.errors import SandboxUnavailable
    from crosstune.execution import examine, judged_languages
    from crosstune.sandbox import probe

    console = Console(highlight=False, soft_wrap=True)
    try:
        held, fault = probe(), ""
    except SandboxUnavailable as why:
        held, fault = None, str(why)
    names = list(dict.fromkeys(languages or judged_languages()))
    with console.status("trying …") if console.is_terminal else _nothing():
        found = [examine(name) for name in names]
    _print_sandbox(console, held, fault)
    _print_languages(console, found)
    if to:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(json.dumps(_plain(held, fault, found), indent=1) + "\n", "utf-8")
    _check(found, fault)


def _nothing() -> Any:
    import contextlib

    return contextlib.nullcontext()


def _print_sandbox(console: Console, held: Enforcement | None, fault: str) -> None:
    from rich.text import Text

    console.print(Text.assemble(("sandbox", "bold"), "  works" if held else "  does not work"))
    for line in _sandbox_lines(held) if held else [fault]:
        console.print(f"  {line}", markup=False)
    console.print()


def _sandbox_lines(held: Enforcement) -> list[str]:
    namespaces = {
        "fresh": "fresh ones for every program, in a bubblewrap that stays",
        "single": "a bubblewrap for every program, as they are not nested here (slower)",
    }
    groups = "control groups of version {}: the kernel limits a program's memory and processes"
    left_out = f"left out, because CROSSTUNE_WITHOUT says so: {', '.join(held.disabled_features)}"
    return [
        f"bubblewrap {held.version}",
        f"namespaces: {namespaces.get(held.namespaces, held.namespaces)}",
        "system calls: filtered" if held.seccomp_filter else "system calls: not filtered",
        groups.format(held.groups[1:])
        if held.groups != "none"
        else "control groups: none; memory and processes are counted every 50 ms instead",
        *([left_out] if held.disabled_features else []),
    ]


def _print_languages(console: Console, found: list[Health]) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("language", "judged", "seconds", "tools"):
        table.add_column(name, justify="right" if name == "seconds" else "left", overflow="fold")
    for health in found:
        seconds = f"{health.verdict.wall_seconds:.2f}" if health.verdict else "-"
        table.add_row(health.title, _state(health), seconds, _first(health.tools))
    console.print(table)
    for health in found:
        for each in (*health.missing, *health.lacking):
            console.print(f"\n{health.title} lacks {each.what}\n  {each.how}", markup=False)
        if health.error or (health.verdict and not health.well):
            why = health.error or (health.verdict and health.verdict.stderr)
            console.print(f"\n{health.title}: a right program was not passed\n  {why}", markup=False)


def _first(tools: str) -> str:
    """The compiler or run time; what else a verdict depends on is in the JSON."""
    return tools.partition("\n")[0].partition(";")[0] or "-"


def _state(health: Health) -> str:
    if health.well:
        return "yes, but not all problems" if health.lacking else "yes"
    if health.missing:
        return "no: something is missing"
    return f"no: {health.verdict.status}" if health.verdict else "no: it could not be prepared"


def _plain(held: Enforcement | None, fault: str, found: list[Health]) -> dict[str, Any]:
    from dataclasses import asdict

    sandbox = {"works": held is not None, "fault": fault, **(asdict(held) if held else {})}
    return {
        "sandbox": sandbox,
        "languages": {row.language: {**asdict(row), "well": row.well} for row in found},
    }


def _check(found: list[Health], fault: str) -> None:
    from crosstune.errors import PrerequisiteError

    if fault:
        raise PrerequisiteError("the sandbox does not work, so nothing that a model wrote can be judged")
    if ill := [health.title for health in found if not health.well]:
        raise PrerequisiteError(f"cannot be judged here: {', '.join(ill)}; see above for what to do")
