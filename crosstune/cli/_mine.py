"""`crosstune mine`: repositories in, a corpus of commits out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from crosstune.corpus import Mining


def mine(
    repositories: Annotated[
        list[Path], typer.Argument(metavar="REPO...", help="Local clones, bare ones too.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder of the corpus.")],
    profile: Annotated[
        str, typer.Option("--profile", help="The rules: a name, or a .yaml file.")
    ] = "commitpackft",
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Another value for a rule, as contents.most_tokens=2048."
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option("--workers", min=0, help="Repositories at the same time; 0 means one for each core."),
    ] = 0,
) -> None:
    """Turn the history of git repositories into instruction data (CommitPackFT's rules).

    Writes Parquet files by language, a data card and the funnel. Run again, it reads only what is new.
    """
    from rich.console import Console
    from rich.progress import Progress

    from crosstune.corpus import mine as mine_all
    from crosstune.sources import load_profile

    rules = load_profile(profile, _changes(changes or []))
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("mining", total=len(repositories))
        mined = mine_all(
            repositories,
            out,
            profile=rules,
            workers=workers or len(os.sched_getaffinity(0)),
            progress=lambda done, total: bars.update(bar, completed=done, total=total),
        )
    _print(mined, out)


def _changes(pairs: list[str]) -> Mapping[str, Any]:
    """``a.b=1`` as ``{"a": {"b": 1}}``; values are YAML.

    Raises:
        UsageError: a pair without ``=``, or a value that is not YAML.
    """
    import yaml

    from crosstune.errors import UsageError

    nested: dict[str, Any] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign or not name:
            raise UsageError(f"--set {pair}: expected KEY=VALUE, as in contents.most_tokens=2048")
        *folders, last = name.split(".")
        place = nested
        for folder in folders:
            place = place.setdefault(folder, {})
        try:
            place[last] = yaml.safe_load(text)
        except yaml.YAMLError:
            raise UsageError(f"--set {pair}: the value is not YAML") from None
    return nested


def _print(mined: Mining, out: Path) -> None:
    from rich.console import Console

    console = Console()
    console.print(_funnel(mined))
    rows = sorted(mined.statistics.languages.items(), key=lambda row: (-row[1], row[0]))
    console.print(", ".join(f"{language} {count}" for language, count in rows), highlight=False)
    for repository, why in mined.funnel.unreadable.items():
        console.print(f"[yellow]not used[/] {repository}: {why}", highlight=False, soft_wrap=True)
    console.print(f"tokens   {mined.funnel.tokens}", highlight=False, soft_wrap=True)
    console.print(
        f"corpus   {out}{'  (nothing new)' if mined.reused else ''}", highlight=False, soft_wrap=True
    )


def _funnel(mined: Mining) -> Table:
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    table.add_column("rule")
    table.add_column("dropped", justify="right")
    table.add_column("left", justify="right")
    table.add_row("commits", "", f"{mined.funnel.commits:,}")
    for reason, dropped, left in mined.funnel.rows():
        table.add_row(reason, f"{dropped:,}", f"{left:,}")
    table.add_row("samples", "", f"{mined.funnel.kept:,}", style="bold")
    return table
