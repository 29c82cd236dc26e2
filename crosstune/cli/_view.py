"""`crosstune view`: open a run's page in the browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from crosstune.errors import DataError, suggestion

PAGE = Path("report", "index.html")


def view(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/demo, or its name.")],
    runs: Annotated[Path, typer.Option("--runs", help="The folder to search for runs by name.")] = Path(
        "runs"
    ),
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page, or only print its path.")
    ] = True,
) -> None:
    """Open the page of a run in the browser and print its path."""
    page = find_page(run, runs).resolve()
    typer.echo(page)
    if not browser:
        return
    if (reason := no_screen()) or not _opened(page):
        typer.echo(
            f"{reason or 'No browser could be started here'}. The page is a single file: open "
            f"{page.as_uri()}, or copy it to a machine with a browser.",
            err=True,
        )


def find_page(run: Path, runs: Path) -> Path:
    """The page of the run in the folder ``run``, or of the run with that name in ``runs``.

    Raises:
        DataError: the run does not exist or has no page yet.
    """
    folders = [run, *([runs / run] if len(run.parts) == 1 else [])]
    for folder in folders:
        if (folder / PAGE).is_file():
            return folder / PAGE
    if unfinished := next((folder for folder in folders if _is_run(folder)), None):
        raise DataError(
            f"{unfinished}: this run has no page yet. It is written when the study ends, or now from the "
            "verdicts so far with: crosstune study report STUDY"
        )
    known = sorted(folder.name for folder in _children(runs) if _is_run(folder))
    hint = f"In {runs}: {suggestion(run.name, known)}" if known else f"{runs} contains no run either"
    raise DataError(f"{run}: this is not a run's folder. {hint}")


def _children(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _is_run(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("plan.json", "manifest.json", "results.json", PAGE))


def no_screen() -> str:
    """Why a browser cannot show anything here; empty if it can."""
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return "This connection has no screen" if "SSH_CONNECTION" in os.environ else "This machine has no screen"


def _opened(page: Path) -> bool:
    import webbrowser

    return webbrowser.open(page.as_uri())
