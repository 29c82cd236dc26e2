"""The data card of a corpus folder: its README.md, written for the Hub and for readers."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.corpus import _folder
from crosstune.corpus._card_text import PLOT, mined_card, transformed_card
from crosstune.corpus._plot import Lengths, draw
from crosstune.corpus._statistics import Statistics, statistics
from crosstune.corpus._store import INDEX, read
from crosstune.corpus._store import count as rows_of
from crosstune.errors import DataError, MissingExtra
from crosstune.files import full_disk_is_incomplete, write_text
from crosstune.mining import Funnel
from crosstune.records import Example


@dataclass(frozen=True, slots=True)
class Contents:
    """The statistics of a corpus, and its rows by (source, licence)."""

    statistics: Statistics
    origins: Mapping[tuple[str, str], int]


def contents(examples: Iterable[Example]) -> Contents:
    """Count the rows in one pass; a row's licence is the one in its provenance."""
    origins: Counter[tuple[str, str]] = Counter()

    def counted() -> Iterator[Example]:
        for each in examples:
            origins[each.source, each.provenance.get("licence") or "unknown"] += 1
            yield each

    numbers = statistics(counted())
    return Contents(numbers, dict(sorted(origins.items(), key=lambda item: (-item[1], item[0]))))


def write_card(folder: Path, index: Mapping[str, Any], *, plot: bool = False) -> Contents:
    """Write the README.md of a corpus folder with the funnel.json ``index``; return the folder's contents.

    The card shows the plot of the lengths if the folder has one. ``plot`` draws it if the extra ``report`` is
    installed.

    Raises:
        DataError: the folder is not a corpus.
        Incomplete: the disk is full.
    """
    summary = contents(read(folder))
    if plot and summary.statistics.rows:
        with contextlib.suppress(MissingExtra):  # the card has a table of the lengths, too
            draw_lengths(folder, read(folder))
    names = index.get("files") or [str(path.relative_to(folder)) for path in folder.rglob("*.parquet")]
    text = _text(folder, summary, dict(_folder.by_language(names)), index)
    with full_disk_is_incomplete(folder):
        write_text(folder / _folder.CARD, text)
    return summary


def draw_lengths(folder: Path, examples: Iterable[Example]) -> None:
    """Write `lengths.svg` and `lengths.png` into ``folder``.

    Raises:
        MissingExtra: the plotting libraries are not installed.
        Incomplete: the disk is full.
    """
    lengths = Lengths()
    for each in examples:
        lengths.add(each)
    draw_counted(folder, lengths)


def draw_counted(folder: Path, lengths: Lengths) -> None:
    """`draw_lengths` of examples that have been counted.

    Raises: see `draw_lengths`.
    """
    with full_disk_is_incomplete(folder):
        draw(lengths, folder / PLOT)


def describe(folder: Path) -> Contents:
    """Rewrite the card and the plot of the corpus in ``folder``; return its contents.

    A mined corpus gets the same card as `mine` writes.

    Raises:
        DataError: the folder is not a corpus.
        MissingExtra: the plotting libraries are not installed.
        Incomplete: the disk is full.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; expected a corpus")
    index = _folder.read_index(folder)
    if "funnel" in index and "repositories" not in index:
        raise DataError(f"{folder / INDEX}: does not say which repositories were read; mine it again")
    if rows_of(folder):
        draw_lengths(folder, read(folder))
    return write_card(folder, index)


def _text(folder: Path, summary: Contents, files: Mapping[str, list[str]], index: Mapping[str, Any]) -> str:
    has_plot = (folder / f"{PLOT}.png").is_file()
    if "funnel" not in index:
        return transformed_card(
            files=files,
            statistics=summary.statistics,
            origins=summary.origins,
            index=index,
            has_plot=has_plot,
        )
    return mined_card(
        files=files,
        funnel=Funnel(**index["funnel"]),
        statistics=summary.statistics,
        licences=index["licences"],
        repositories=index["repositories"],
        rules=index["rules"],
        has_plot=has_plot,
    )
