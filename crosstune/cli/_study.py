"""`crosstune study`: plan, run, status, report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Run an experiment that stands in one YAML file: corpora x models x languages x tasks.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="The study's YAML file.")]
Runs = Annotated[
    Path, typer.Option("--runs", help="The folder of results: NAME/ a study, store/ for all finished steps.")
]
Workers = Annotated[
    int, typer.Option("--workers", min=0, help="Steps at the same time; 0 means one for each core.")
]

Partial = Annotated[
    bool,
    typer.Option("--allow-partial", help="Score also where the harness failed to judge some programs."),
]


@app.command()
def plan(study: StudyFile, runs: Runs = Path("runs")) -> None:
    """Print every step: cached, to run or missing, and why.

    Where a step will run again, it is said what of it has changed since.
    """
    from crosstune.cli._plan import print_plan
    from crosstune.study import open_run

    print_plan(open_run(study, runs))


@app.command()
def run(
    study: StudyFile, runs: Runs = Path("runs"), workers: Workers = 0, allow_partial: Partial = False
) -> None:
    """Run what is not done yet, then write the results and the report.

    Stop it at any moment; the same command goes on where it was. Exit status 4 says that some steps
    could not run; the reasons are printed.
    """
    from crosstune.cli._live import Live
    from crosstune.cli._plan import print_outcome
    from crosstune.study import open_run

    opened = open_run(study, runs)
    workers = workers or len(os.sched_getaffinity(0))
    with Live(opened, workers) as live:
        outcome = opened.run(workers, live, allow_partial=allow_partial)
    print_outcome(opened, outcome)


@app.command()
def status(study: StudyFile, runs: Runs = Path("runs")) -> None:
    """Say how far the study is, also while it runs elsewhere."""
    from crosstune.cli._plan import print_status
    from crosstune.study import open_run

    print_status(open_run(study, runs))


@app.command()
def report(
    study: StudyFile,
    runs: Runs = Path("runs"),
    allow_partial: Partial = False,
    forms: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAMES",
            help="With commas between: html, markdown, csv, latex, lm-eval, hub; all by default.",
        ),
    ] = "",
) -> None:
    """Write results, report, tables and exports again.

    They are made from stored verdicts; nothing is run. Where steps have changed since the last run and
    their new verdicts are not there yet, the last run's own are taken, and a notice on the terminal and
    the page says so. Exit status 4 says that some steps of the study are missing; the reasons are printed.
    """
    from crosstune.cli._plan import print_outcome
    from crosstune.study import open_run

    opened = open_run(study, runs)
    names = [name.strip() for name in forms.split(",") if name.strip()]
    print_outcome(opened, opened.conclude(allow_partial=allow_partial, forms=names))
