"""The transfer table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from crosstune.analysis import Findings
from crosstune.report._coverage import coverage, cut, faulty, repeated
from crosstune.report._tables import control_matrix, differences, transfer_matrix
from crosstune.report._words import basis, count
from crosstune.tables import TerminalTable


@dataclass(frozen=True)
class TransferTable:
    """Models down, tasks across, then the same against the control, and what the marks mean."""

    findings: Findings

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        run = self.findings.run
        table = transfer_matrix(self.findings)
        title = "pass@1" if run.evaluation else f"pass@1 and gain over {run.baseline}, in points"
        yield TerminalTable(replace(table, title=title))
        if self.findings.differences:
            yield ""
            yield TerminalTable(differences(self.findings))
        if against := control_matrix(self.findings):
            yield ""
            yield TerminalTable(replace(against, title=f"difference to {run.control}, in points"))
        yield ""
        legend = " ".join(_legend(self.findings, "#" if options.ascii_only else "▪"))
        for line in Text(legend, style="dim").wrap(console, console.width):
            line.rstrip()
            yield line


def transfer_table(findings: Findings) -> RenderableType:
    """pass@1 of every model on every task, its gain and the interval; for `rich`."""
    return TransferTable(findings)


def _legend(findings: Findings, tuned: str) -> Iterator[str]:
    gains = findings.gains
    of = f", of {findings.run.baseline}'s rate and of the others' gain in points" if gains else ""
    yield f"In percent, over {basis(findings)}; in brackets the 95 % interval{of}."
    if compared := findings.differences or tuple(gains.values()):
        yield "* the interval excludes 0 and p < 0.05,"
        yield f"** also after Holm's correction over {count(len(compared), 'comparison')}."
    keys = ((model, task_key) for model in findings.models for task_key in findings.task_keys)
    if any(findings.trained(*key) for key in keys):
        yield f"{tuned} tuned on this language and task."
    yield from filter(None, (coverage(findings), cut(findings), repeated(findings), faulty(findings)))
