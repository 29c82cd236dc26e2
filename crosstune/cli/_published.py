"""`crosstune published`: print the tables of two papers, and test their claims."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from crosstune.analysis import Claim, Figure4, PublishedTable
    from crosstune.tables import Cell, Table


def published(
    paper: Annotated[str, typer.Argument(metavar="PAPER", help="codem or octopack.")],
    to: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Also write tables, figures and claims to this file."),
    ] = None,
) -> None:
    """Print a paper's tables and show, claim by claim, what its own numbers support.

    For codem, Figure 4 is computed again from Table 1, raw and double-centred.
    """
    from rich.console import Console

    from crosstune.analysis import PAPERS, codem_claims, figure4, octopack_claims, published_tables
    from crosstune.files import write_json
    from crosstune.tables import print_table

    tables = published_tables(paper)
    figure = figure4() if paper == "codem" else None
    claims = codem_claims() if paper == "codem" else octopack_claims()
    if to:
        write_json(to, _values(tables, figure, claims))
    console = Console()
    console.print(PAPERS[paper], style="bold", highlight=False)
    for table in tables:
        console.print()
        print_table(_rates(table), console)
        _print_notes(console, table)
    if figure:
        _print_figure(console, figure)
    console.print()
    print_table(_claims(claims), console)


def _values(
    tables: tuple[PublishedTable, ...], figure: Figure4 | None, claims: tuple[Claim, ...]
) -> dict[str, Any]:
    from dataclasses import asdict

    squares: dict[str, Any] = {}
    if figure:
        squares = {
            "figure4a": figure.a,
            "figure4b": figure.b,
            "figure4a_centred": figure.a_centred,
            "figure4b_centred": figure.b_centred,
            "legible": [
                dict(zip(("part", "first", "second", "printed", "r"), cell, strict=True))
                for cell in figure.legible
            ],
        }
    return {
        "tables": [asdict(table) for table in tables],
        **squares,
        "claims": [{**asdict(claim), "supported": claim.supported} for claim in claims],
    }


def _rates(table: PublishedTable) -> Table[str]:
    """pass@1, with the gain over the base below it (CodeM) or the mean over languages last (OctoPack)."""
    from crosstune.tables import CELL, Column, Table

    columns: list[Column[str]] = [Column("model", str, heading="")]
    columns += [Column(name, partial(_rate, table, name), CELL) for name in table.columns]
    if table.paper == "octopack":
        columns.append(Column("mean [95 %]", partial(_mean, table), CELL))
    return Table(table.title, columns, list(table.rates), stacked=table.paper == "codem")


def _rate(table: PublishedTable, column: str, model: str) -> Cell:
    from crosstune.analysis import PUBLISHED_BASE
    from crosstune.tables import Cell

    rate = table.rates[model][column]
    if PUBLISHED_BASE not in table.rates or model == PUBLISHED_BASE:
        return Cell(f"{rate:.2f}" if table.paper == "codem" else f"{rate:.1f}")
    return Cell(f"{rate:.2f}", bounds=f"{table.gain(model, column, PUBLISHED_BASE):+.2f}")


def _mean(table: PublishedTable, model: str) -> Cell:
    from crosstune.analysis import octopack_averages
    from crosstune.tables import RATE

    return RATE.show(octopack_averages(table)[model])


def _print_notes(console: Console, table: PublishedTable) -> None:
    from rich.padding import Padding

    for note in table.notes:
        console.print(Padding(note, (0, 0, 0, 2)), style="dim", highlight=False)


def _print_figure(console: Console, figure: Figure4) -> None:
    from crosstune.tables import print_table

    parts = (
        ("Figure 4a, between languages asked", figure.a, figure.a_centred),
        ("Figure 4b, between languages taught", figure.b, figure.b_centred),
    )
    for title, raw, centred in parts:
        console.print()
        print_table(_correlations(title + ": r as published; below it double-centred", raw, centred), console)
    agreed = "all" if figure.agrees else "not all"
    console.print(
        f"{len(figure.legible)} cells of the printed figure can be read; {agreed} agree to two decimals.",
        style="dim",
    )


def _correlations(
    title: str, raw: Mapping[str, Mapping[str, float]], centred: Mapping[str, Mapping[str, float]]
) -> Table[str]:
    from crosstune.tables import CELL, Cell, Column, Table, signed

    def r(column: str, row: str) -> Cell:
        if column == row:
            return Cell("")
        return Cell(signed(raw[row][column]), bounds=signed(centred[row][column]))

    columns: list[Column[str]] = [Column("language", str, heading="")]
    columns += [Column(name, partial(r, name), CELL) for name in raw]
    return Table(title, columns, list(raw), stacked=True)


def _claims(claims: tuple[Claim, ...]) -> Table[Any]:
    from crosstune.tables import CELL, PROSE, Cell, listed

    tones = {"supported": "good", "not supported": "bad", "open": "open"}
    rows = [(Cell(claim.verdict, tone=tones[claim.verdict]), _explained(claim)) for claim in claims]
    return listed([("verdict", CELL), ("claim", PROSE)], rows, "What the numbers support")


def _explained(claim: Claim) -> str:
    test = f"{claim.unit}: {claim.statistic:.4g}; p = {claim.p:.2g} ({claim.test})."
    return f"{claim.claim}\n{test} {claim.because[:1].upper()}{claim.because[1:]}."
