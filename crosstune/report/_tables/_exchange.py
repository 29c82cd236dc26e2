"""Tables of transfer between languages: which give and which take."""

from __future__ import annotations

from typing import NamedTuple

from crosstune.analysis import Contrast, Findings, LanguageTransfer, PairTransfer
from crosstune.report._tables._columns import largest
from crosstune.report._words import language_title
from crosstune.tables import MINUS, TEST, TITLED, Column, Table, Titled, shaded

TEST_TITLES = ("low", "high", "p", "p (Holm)", "mark", "problems", "seeds")


def exchanges(findings: Findings) -> Table[LanguageTransfer]:
    """What each language gives to the others and takes from them."""
    rows = findings.exchanges
    shade = shaded(largest(one for row in rows for one in (row.gives, row.takes, row.net) if one))
    return Table(
        "Who gives, who takes",
        (
            Column("", lambda row: _language(row.language), TITLED, key="language"),
            Column("", lambda row: row.gives, shade, key="gives", heading="gives"),
            Column("", lambda row: row.takes, shade, key="takes", heading="takes"),
            Column("", lambda row: row.net, shade, key="net", heading=f"gives {MINUS} takes"),
        ),
        rows,
        json="exchanges",
        stacked=True,
        corner="language",
    )


def _language(name: str) -> Titled:
    return Titled(language_title(name), (name,))


class _Direction(NamedTuple):
    language: str
    what: str
    mean: Contrast


def exchange_rows(findings: Findings) -> Table[_Direction]:
    """`exchanges` with one row per number."""
    rows = [
        _Direction(language_title(one.language), what, mean)
        for one in findings.exchanges
        for what, mean in (("gives", one.gives), ("takes", one.takes), ("gives minus takes", one.net))
        if mean
    ]
    return Table(
        "What a language gives to the others and takes from them, in points, with 95 % intervals",
        (
            Column("language", lambda row: row.language),
            Column("what", lambda row: row.what),
            Column(("points", *TEST_TITLES), lambda row: row.mean, TEST),
        ),
        rows,
        name="exchanges",
        keys=2,
    )


def balances(findings: Findings) -> Table[PairTransfer]:
    """The transfer in both directions, for each pair of languages."""
    shade = shaded(
        largest(mean for one in findings.balances for mean in (one.there, one.back, one.difference))
    )
    return Table(
        "Transfer between two languages, there and back, in points, with 95 % intervals",
        (
            Column(
                "way",
                lambda one: Titled(
                    f"{language_title(one.first)} to {language_title(one.second)}", (one.first, one.second)
                ),
                TITLED,
                key=("first", "second"),
            ),
            Column("there", lambda one: one.there, shade, key="there"),
            Column("back", lambda one: one.back, shade, key="back"),
            Column(
                ("difference", *TEST_TITLES),
                lambda one: one.difference,
                shade,
                key="difference",
                heading=f"there {MINUS} back",
            ),
        ),
        findings.balances,
        heading="There and back",
        name="balances",
        json="balances",
        stacked=True,
        corner="pair",
    )
