"""Every table of a study, defined once: results.json, the files, the page and the terminal render these.

A new column is one `Column` in the definition of its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crosstune.analysis import Findings
from crosstune.report._tables._abilities import abilities, ability_matrix, language_by_task, mixed
from crosstune.report._tables._answers import flagged, flagged_somewhere, problems, unsolved, verdicts
from crosstune.report._tables._averages import at_k, at_k_by_task, averages, task_by_task
from crosstune.report._tables._correlations import Correlation, correlations
from crosstune.report._tables._differences import differences
from crosstune.report._tables._exchange import balances, exchange_rows, exchanges
from crosstune.report._tables._published import published
from crosstune.report._tables._steps import every_step, steps_by_kind
from crosstune.report._tables._transfer import (
    control,
    control_matrix,
    end_of_scale,
    gains,
    largest_gain,
    rates,
    transfer_matrix,
)
from crosstune.tables import Table

__all__ = [
    "PANELS",
    "TABLES",
    "Correlation",
    "all_tables",
    "control_matrix",
    "correlations",
    "differences",
    "end_of_scale",
    "largest_gain",
    "transfer_matrix",
]

TABLES: Mapping[str, Callable[[Findings], Table[Any]]] = {
    "transfer": transfer_matrix,
    "rates": rates,
    "gains": gains,
    "differences": differences,
    "control": control,
    "control_matrix": control_matrix,
    "at_k": at_k,
    "averages": averages,
    "abilities": abilities,
    "ability_matrix": ability_matrix,
    "exchange_rows": exchange_rows,
    "exchanges": exchanges,
    "balances": balances,
    "mixed": mixed,
    "problems": problems,
    "verdicts": verdicts,
    "flagged": flagged,
    "flagged_somewhere": flagged_somewhere,
    "published": published,
    "unsolved": unsolved,
    "steps_by_kind": steps_by_kind,
    "every_step": every_step,
}
"""The tables by the name that the page's template uses, in the order of the report."""
PANELS: Mapping[str, Callable[[Findings], list[Table[Any]]]] = {
    "language_by_task": language_by_task,
    "task_by_task": task_by_task,
    "at_k_by_task": at_k_by_task,
}
"""Groups of tables side by side, one for each model or task; they are only on the page."""


def all_tables(findings: Findings) -> list[Table[Any]]:
    """The tables that results.json and the files contain, in the order of the report."""
    made = [table(findings) for table in TABLES.values()]
    return [*made, *(one.table() for one in correlations(findings))]
