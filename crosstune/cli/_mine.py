"""`crosstune mine`: repositories in, a corpus of commits out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crosstune.cli._corpus_print import warn_without_plot

if TYPE_CHECKING:
    from rich.table import Table

    from crosstune.corpus import Mining
    from crosstune.mining import Fetched, Profile

SHOWN = 10
"""Of how many repositories it is said what was read of them."""


def mine(
    repositories: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REPO]...", help="Local clones, bare ones too; URLs; @FILE that lists them."),
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The folder of the corpus; required without --explain.")
    ] = None,
    listed_in: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help="A file with a path or URL on each line."),
    ] = None,
    profile: Annotated[
        str, typer.Option("--profile", help="The rules: commitpackft, commitpack, or a .yaml file.")
    ] = "commitpackft",
    granularity: Annotated[
        Literal["file", "definition", "hunk"] | None,
        typer.Option("--granularity", help="What of a file is kept; short for --set sample.of=..."),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Another value for a rule, as contents.most_tokens=2048."
        ),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="COMMIT", help="Only say which rule drops this commit, and why."),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(
            "--cache",
            help="Where clones of URLs are kept.",
            show_default="crosstune/repositories in $XDG_CACHE_HOME or ~/.cache",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Processes; 0 means one for each core.")
    ] = 0,
) -> None:
    """Turn the history of git repositories into a corpus.

    By CommitPackFT's rules, or others (--profile). Writes Parquet files by language, a data card and
    the funnel. Run again with the same rules, it reads only the commits that are new. A URL is cloned
    into a cache first.
    """
    from crosstune.errors import UsageError
    from crosstune.mining import clones, fetched, listed, load_profile

    if granularity:
        changes = [*(changes or []), f"sample.of={granularity}"]
    rules = load_profile(profile, _changes(changes or []))
    names = listed([*(repositories or []), *(f"@{file}" for file in listed_in or [])])
    if not names:
        raise UsageError("no repository: give a path, a URL, or --from FILE with one on each line")
    if out is None and explain is None:
        raise UsageError("no folder for the corpus: give -o DIR")
    found = fetched(names, cache or clones())
    if explain is not None:
        _explain(found, rules, explain)
    else:
        assert out is not None
        _mine(found, rules, out, workers or len(os.sched_getaffinity(0)))


def _mine(found: Fetched, rules: Profile, out: Path, workers: int) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from crosstune.corpus import mine as mine_all

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("mining", total=len(found.paths))
        mined = mine_all(
            found.paths,
            out,
            profile=rules,
            workers=workers,
            progress=lambda done, total: bars.update(bar, completed=done, total=total),
            failed=found.failed,
            stale=found.stale,
            plot=True,
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


def _explain(found: Fetched, rules: Profile, commit: str) -> None:
    from rich.console import Console

    from crosstune.mining import explain

    for name, why in found.failed.items():
        Console(stderr=True).print(f"not used {name}: {why}", highlight=False, markup=False)
    console = Console()
    for each in explain(found.paths, rules, commit):
        console.print(
            f"{each.repository} {each.commit}\n{each.subject}", highlight=False, markup=False, soft_wrap=True
        )
        for step in each.steps:
            text = f"  {'drops it' if step.drops else 'passed  '}  {step.rule}: {step.value}"
            console.print(text, highlight=False, markup=False, soft_wrap=True)
            if step.drops and step.thresholds:
                rule = f"            by {step.thresholds}"
                console.print(rule, highlight=False, markup=False, soft_wrap=True)
        text = each.reason if each.kept else f"dropped: {each.reason}"
        console.print(text, highlight=False, markup=False)


def _print(mined: Mining, out: Path) -> None:
    from rich.console import Console

    console = Console()
    console.print(_funnel(mined))
    rows = sorted(mined.statistics.languages.items(), key=lambda row: (-row[1], row[0]))
    console.print(
        ", ".join(f"{language} {count}" for language, count in rows), highlight=False, soft_wrap=True
    )
    for repository, why in mined.funnel.unreadable.items():
        console.print(f"[yellow]not used[/] {repository}: {why}", highlight=False, soft_wrap=True)
    for repository, why in mined.funnel.stale.items():
        told = f"[yellow]as it was[/] {repository}: not brought up to date: {why}"
        console.print(told, highlight=False, soft_wrap=True)
    for repository, how in mined.how if len(mined.how) <= SHOWN else ():
        console.print(f"read     {repository}: {how}", highlight=False, markup=False, soft_wrap=True)
    if mined.quarantined:
        console.print(f"set aside {mined.quarantined}, see {out / 'quarantine.jsonl'}", highlight=False)
    console.print(f"tokens   {mined.funnel.tokens}", highlight=False, soft_wrap=True)
    console.print(
        f"corpus   {out}{'  (nothing new)' if mined.reused else ''}", highlight=False, soft_wrap=True
    )
    warn_without_plot(out, mined.funnel.kept)
    if not mined.funnel.kept:
        Console(stderr=True).print(
            f"[yellow]no samples:[/] {_nothing(mined)}", highlight=False, soft_wrap=True
        )


def _nothing(mined: Mining) -> str:
    """What took the most and what took the last, and what that means."""
    rows = [(reason, dropped) for reason, dropped, _ in mined.funnel.rows()]
    if not rows:
        return "there are no commits. The corpus is empty, and `datasets` loads no empty one"
    most, last = max(rows, key=lambda row: row[1]), rows[-1]
    why = f"of {mined.funnel.commits:,} commits {most[0]!r} dropped the most, {most[1]:,}"
    if last != most:
        why += f", and {last[0]!r} the last {last[1]:,}"
    return f"{why}. The corpus is empty, and `datasets` loads no empty one"


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
