"""`crosstune study`: plan, run, status, report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crosstune.cli._sharded import OnOption

if TYPE_CHECKING:
    from crosstune.study import OpenRun, RunResult

app = typer.Typer(
    help="Run an experiment defined in one YAML file: corpora x models x languages x tasks.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="The study's YAML file.")]
Runs = Annotated[
    Path,
    typer.Option("--runs", help="The folder of results: NAME/ for a study, store/ for all finished steps."),
]
Workers = Annotated[
    int, typer.Option("--workers", min=0, help="CPU cores to use at the same time; 0: all of them.")
]

Partial = Annotated[
    bool,
    typer.Option("--allow-partial", help="Compute scores even if the harness failed to judge some programs."),
]


@app.command()
def plan(
    study: StudyFile,
    runs: Runs = Path("runs"),
    rate: Annotated[
        float,
        typer.Option(min=0.01, max=0.95, help="The baseline's rate that the smallest gain is computed for."),
    ] = 0.3,
) -> None:
    """Print every step: cached, to run or missing something, and why.

    For a step that will run again, print what has changed. At the end, print the smallest gain that four of
    five simulated studies of this size show.
    """
    from crosstune.cli._plan import print_plan, print_sights

    opened = _opened(study, runs)
    print_plan(opened)
    print_sights(opened, rate)


@app.command()
def run(
    study: StudyFile,
    runs: Runs = Path("runs"),
    workers: Workers = 0,
    allow_partial: Partial = False,
    on: OnOption = None,
) -> None:
    """Run the steps that are not done, then write the report.

    You can stop it at any time; the same command continues. Exit status 4: some steps could not run; the
    reasons are printed. With --on, steps run on the nodes of a cluster, and their results come here.
    """
    from crosstune import stopping
    from crosstune.cli._plan import print_result

    opened = _opened(study, runs)
    kept = f"finished steps, answers and checkpoints are in {runs / 'store'}; the same command continues"
    with stopping.keeps(kept):
        result = _run(opened, workers, on, allow_partial=allow_partial)
    print_result(opened, result)


def _opened(study: Path, runs: Path) -> OpenRun:
    """
    Raises:
        UsageError: the folder of results is remote.
    """
    from crosstune.storage import check_here
    from crosstune.study import open_run

    check_here(runs)
    return open_run(study, runs)


def _run(opened: OpenRun, workers: int, on: str | None, *, allow_partial: bool) -> RunResult:
    """Run it here, or on the cluster ``on``, and show the progress."""
    from crosstune.cli._live import Live
    from crosstune.errors import UsageError
    from crosstune.study import Machine, OnCluster

    if on is None:
        machine = Machine.here(workers)
        with Live(opened, machine.cores) as live:
            return opened.run(machine, live, allow_partial=allow_partial)
    if workers:
        raise UsageError("--on uses all cores of the nodes: leave out --workers")
    from crosstune.cluster import connected

    with connected(on) as ray:
        place = OnCluster(ray, opened.plan, opened.store)
        with Live(opened, place.cores) as live:
            return opened.run(listener=live, place=place, allow_partial=allow_partial)


@app.command()
def status(study: StudyFile, runs: Runs = Path("runs")) -> None:
    """Print the progress, also of a study that is running."""
    from crosstune.cli._plan import print_status

    print_status(_opened(study, runs))


@app.command()
def report(
    study: StudyFile,
    runs: Runs = Path("runs"),
    allow_partial: Partial = False,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAMES",
            help="Separated by commas: html, markdown, csv, latex, lm-eval, hub. Default: all.",
        ),
    ] = "",
) -> None:
    """Write results, report, tables and exports again.

    They are made from stored verdicts; no step runs. If steps have changed since the last run and have no
    new verdicts yet, the verdicts of the last run are used, and a notice on the terminal and the page says
    so. Exit status 4: some steps of the study are missing; the reasons are printed.
    """
    from crosstune import stopping
    from crosstune.cli._plan import print_result

    opened = _opened(study, runs)
    names = [name.strip() for name in formats.split(",") if name.strip()]
    with stopping.keeps("files that were not reached are as they were; the same command writes all of them"):
        result = opened.conclude(allow_partial=allow_partial, formats=names)
    print_result(opened, result)
