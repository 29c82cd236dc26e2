"""`crosstune judge`: programs in, verdicts out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from crosstune.execution import Judgement
    from crosstune.sandbox import Kind

_COMPLAINTS = 20


def judge(
    programs: Annotated[
        Path,
        typer.Argument(
            metavar="PROGRAMS.jsonl",
            help="One object a line: id, language, candidate, tests; if wanted setup and limits.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="VERDICTS.jsonl", help="One verdict a line.")],
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Programs at the same time; 0 means one for each core.")
    ] = 0,
    sandbox: Annotated[
        str,
        typer.Option("--sandbox", help="bubblewrap, or none for code that is known to be harmless."),
    ] = "bubblewrap",
    cache: Annotated[
        Path | None,
        typer.Option("--cache", metavar="FILE", help="Keep verdicts there too, for other files of programs."),
    ] = None,
) -> None:
    """Judge programs, each in a sandbox of its own, and write their verdicts in the same order.

    Stopped and run again, it goes on: a verdict that stands in VERDICTS.jsonl is kept while the program, its
    limits and the tools are the same. A bad line is named and left out (exit status 4); programs whose
    tools are missing or broken keep the verdict they have, or get harness_error (exit status 3).
    """
    from rich.console import Console
    from rich.progress import Progress

    from crosstune.errors import UsageError
    from crosstune.execution import Judge, judge_file

    if sandbox not in ("bubblewrap", "none"):
        raise UsageError(f"--sandbox {sandbox}: expected bubblewrap or none")
    kind: Kind = "none" if sandbox == "none" else "bubblewrap"
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    if sandbox == "none":
        console.print("crosstune: no sandbox: these programs can do all that you can")
    complaints = _Complaints(console)
    with (
        Judge(workers or len(os.sched_getaffinity(0)), kind, cache) as it,
        Progress(console=console, transient=True, disable=not console.is_terminal) as bars,
    ):
        bar = bars.add_task("judging", total=None)
        found = judge_file(
            programs,
            out,
            it,
            complain=complaints.take,
            progress=lambda done, total: bars.update(bar, completed=done, total=total),
        )
    complaints.close()
    _print(found, out)
    _check(found, out)


class _Complaints:
    """The first of them; of the others only their number."""

    def __init__(self, console: Console) -> None:
        self._console, self._count = console, 0

    def take(self, text: str) -> None:
        self._count += 1
        if self._count <= _COMPLAINTS:
            self._console.print(f"crosstune: {text}", markup=False)

    def close(self) -> None:
        if self._count > _COMPLAINTS:
            self._console.print(f"crosstune: and {self._count - _COMPLAINTS} more such lines")


def _print(found: Judgement, out: Path) -> None:
    from rich.console import Console

    from crosstune.records import Status
    from crosstune.tables import COUNT, TEXT, listed, print_table

    given = [status for status in Status if any(counts[status] for counts in found.statuses.values())]
    columns = [("language", TEXT), ("programs", COUNT), *((str(status), COUNT) for status in given)]
    rows = [
        (language, counts.total(), *(counts[status] or None for status in given))
        for language, counts in sorted(found.statuses.items())
    ]
    console = Console()
    print_table(listed(columns, rows), console)
    console.print(
        f"{found.judged} judged, {found.kept} kept from before: {out}", markup=False, soft_wrap=True
    )


def _check(found: Judgement, out: Path) -> None:
    from crosstune.errors import Incomplete, PrerequisiteError

    lacking = {f"{language}: {each}" for language, faults in found.lack.items() for each in faults}
    if lacking:
        raise PrerequisiteError("; ".join(sorted(lacking)) + "; then run again")
    if found.bad or found.unjudged:
        told = [f"{found.bad} bad lines have no verdict"] if found.bad else []
        told += [f"{found.unjudged} programs could not be judged (harness_error)"] if found.unjudged else []
        raise Incomplete(f"{out}: {'; '.join(told)}; mend what is named and run again to judge only those")
