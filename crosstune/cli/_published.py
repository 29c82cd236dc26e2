"""`crosstune published`: two papers' tables, and what they support."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from crosstune.analysis import Claim, Figure4, PublishedTable


def published(
    paper: Annotated[str, typer.Argument(metavar="PAPER", help="codem or octopack.")],
    to: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write tables, figures and claims there too."),
    ] = None,
) -> None:
    """Print a paper's tables and say, claim by claim, what its own numbers support.

    For codem, Figure 4 is computed again from Table 1, raw and double-centred.
    """
    from rich.console import Console

    from crosstune.analysis import PAPERS, codem_claims, figure4, octopack_claims, published_tables

    tables = published_tables(paper)
    found = figure4() if paper == "codem" else None
    claims = codem_claims() if paper == "codem" else octopack_claims()
    if to:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(
            json.dumps(_values(tables, found, claims), indent=1, ensure_ascii=False) + "\n", "utf-8"
        )
    console = Console()
    console.print(PAPERS[paper], style="bold", highlight=False)
    for table in tables:
        _print_table(console, table)
    if found:
        _print_figure(console, found)
    console.print("\nWhat the numbers support", style="bold")
    console.print(_claims(claims))


def _values(
    tables: tuple[PublishedTable, ...], found: Figure4 | None, claims: tuple[Claim, ...]
) -> dict[str, Any]:
    from dataclasses import asdict

    squares = {}
    if found:
        squares = {
            "figure4a": found.a,
            "figure4b": found.b,
            "figure4a_centred": found.a_centred,
            "figure4b_centred": found.b_centred,
            "legible": [
                dict(zip(("part", "first", "second", "printed", "r"), cell, strict=True))
                for cell in found.legible
            ],
        }
    return {
        "tables": [asdict(table) for table in tables],
        **squares,
        "claims": [{**asdict(claim), "supported": claim.supported} for claim in claims],
    }


def _print_table(console: Console, table: PublishedTable) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    averages = _averages(table)
    shown = Table(box=None, title=table.title, title_justify="left", title_style="bold", header_style="bold")
    shown.add_column("", no_wrap=True)
    for column in table.columns:
        shown.add_column(column, justify="right")
    if averages:
        shown.add_column("mean [95 %]", justify="right", no_wrap=True)
    for model, rates in table.rates.items():
        cells = [_rate(table, model, column, rate) for column, rate in rates.items()]
        shown.add_row(Text(model), *cells, *([averages[model]] if averages else []))
    console.print()
    console.print(shown)
    for note in table.notes:
        console.print(Padding(note, (0, 0, 0, 2)), style="dim", highlight=False)


def _rate(table: PublishedTable, model: str, column: str, rate: float) -> str:
    """With the gain over the base, where the table has one."""
    from crosstune.analysis import PUBLISHED_BASE

    if PUBLISHED_BASE not in table.rates or model == PUBLISHED_BASE:
        return f"{rate:.2f}" if table.paper == "codem" else f"{rate:.1f}"
    return f"{rate:.2f}\n[dim]{table.gain(model, column, PUBLISHED_BASE):+.2f}[/]"


def _averages(table: PublishedTable) -> dict[str, str]:
    from crosstune.analysis import octopack_averages

    if table.paper != "octopack":
        return {}
    return {
        model: f"{100 * mean.value:.1f} [{100 * mean.low:.1f}, {100 * mean.high:.1f}]"
        for model, mean in octopack_averages(table).items()
    }


def _print_figure(console: Console, found: Figure4) -> None:
    parts = (
        ("Figure 4a, between languages asked", found.a, found.a_centred),
        ("Figure 4b, between languages taught", found.b, found.b_centred),
    )
    for title, raw, centred in parts:
        console.print()
        console.print(_square(title + ": r as published; below it double-centred", raw, centred))
    n = len(found.legible)
    agreed = "all" if found.agrees else "not all"
    console.print(
        f"{n} cells of the printed figure can be read; {agreed} come out to two decimals.", style="dim"
    )


def _square(
    title: str, raw: Mapping[str, Mapping[str, float]], centred: Mapping[str, Mapping[str, float]]
) -> RenderableType:
    from rich.table import Table

    shown = Table(box=None, title=title, title_justify="left", title_style="bold", header_style="bold")
    shown.add_column("")
    for name in raw:
        shown.add_column(name, justify="right")
    for name, row in raw.items():
        cells = [
            "" if name == other else f"{r:.2f}\n[dim]{centred[name][other]:.2f}[/]"
            for other, r in row.items()
        ]
        shown.add_row(name, *cells)
    return shown


def _claims(claims: tuple[Claim, ...]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    styles = {"supported": "green", "not supported": "red", "open": "yellow"}
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(no_wrap=True)
    shown.add_column()
    for claim in claims:
        text = Text(claim.claim)
        text.append(f"\n{claim.unit}: {claim.statistic:.4g}; p = {claim.p:.2g} ({claim.test}). ", style="dim")
        text.append(claim.because[:1].upper() + claim.because[1:] + ".", style="dim")
        shown.add_row(Text(claim.verdict, style=styles[claim.verdict]), text)
    return shown
