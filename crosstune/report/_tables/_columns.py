"""Columns that several tables share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from crosstune.analysis import Contrast, Findings, Gain, TaskKey
from crosstune.report._words import task_title
from crosstune.tables import COUNT, DIFFERENCE, FLAG, NUMBERS, P_VALUE, TIMES, TITLED, Column, Titled

R = TypeVar("R")

CONTRAST_KEYS = ("points", "low", "high")
"""The JSON keys of a difference, in a table with only one."""


def task_column(findings: Findings, read: Callable[[R], TaskKey]) -> Column[R]:
    """The benchmark, language and task of a row, as one title."""

    def titled(row: R) -> Titled:
        return Titled(task_title(read(row), findings), read(row))

    return Column("cell", titled, TITLED, key=("benchmark", "language", "task"), heading="Cell")


def difference_column(
    title: str, read: Callable[[R], Gain | Contrast], key: tuple[str, str, str], heading: str
) -> Column[R]:
    """A difference in points with its interval."""
    return Column((title, "low", "high"), read, DIFFERENCE, key=key, heading=heading)


def certainty_columns(read: Callable[[R], Gain | Contrast]) -> tuple[Column[R], ...]:
    """The test of a difference, and the numbers of problems and seeds it rests on."""

    def of(name: str) -> Callable[[R], Any]:
        return lambda row: getattr(read(row), name)

    def size(row: R) -> str:
        return f"{read(row).problems:,} {TIMES} {read(row).seeds}"

    return (
        Column("p", of("p"), P_VALUE, key="p"),
        Column("p (Holm)", of("p_holm"), P_VALUE, key="p_holm", heading="p, Holm"),
        Column("mark", of("stars"), heading=""),
        Column("", of("beyond"), FLAG, key="beyond_interval"),
        Column("", of("significant"), FLAG, key="significant"),
        Column("problems", of("problems"), COUNT, key="problems", heading=""),
        Column("seeds", of("seeds"), COUNT, key="seeds", heading=""),
        Column("", size, NUMBERS, heading=f"n {TIMES} seeds", note="problems, and seeds of each"),
    )


def largest(differences: Iterable[Gain | Contrast]) -> float:
    """The full shade of a table: its largest difference in points."""
    return max((abs(one.value) for one in differences), default=0.0)
