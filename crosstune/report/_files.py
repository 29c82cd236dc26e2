"""The findings' figures as files for papers: SVG, and PNG beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from crosstune.analysis import Findings, TaskKey
from crosstune.records import Status
from crosstune.report import _correlation_charts, _view
from crosstune.report._draw import THEME, drawn, png, unchecked
from crosstune.report._figure_sheet import Sheet
from crosstune.report._figures import ROLES, gains_figure, loss_figures, rates_figure, verdicts_figure
from crosstune.report._heatmaps import correlation_chart, transfer_chart
from crosstune.report._words import task_title

ACROSS = 3
"""Small charts beside each other: as wide as a page of a journal. Four stand two by two."""

Charts = list[tuple[str, Any]]
"""(title, chart)"""


def write_figures(findings: Findings, folder: Path) -> list[Path]:
    """Writes NAME.svg and NAME.png into ``folder`` for every figure there is something to draw of.

    Returns the files, in the page's order. Equal findings give equal bytes.

    Raises:
        MissingExtra: altair or vl-convert-python is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, svg in _pictures(findings):
        paths = folder / f"{name}.svg", folder / f"{name}.png"
        written += paths
        if all(path.is_file() for path in paths) and paths[0].read_bytes() == svg.encode():
            continue  # the PNG follows from the SVG, and takes as long to make as all else
        paths[0].unlink(missing_ok=True)
        paths[1].write_bytes(png(svg))
        paths[0].write_bytes(svg.encode())
    return written


def _pictures(findings: Findings) -> Iterator[tuple[str, str]]:
    legends = {"rates": list(ROLES.items()), "verdicts": _verdicts(findings)}
    with unchecked():
        for name, charts in figures(findings):
            pictures = [(title, drawn(chart)) for title, chart in charts]
            across = 2 if len(pictures) == 4 else ACROSS
            yield name, Sheet(pictures, across, legends.get(name, ())).svg()


def figures(findings: Findings) -> Iterator[tuple[str, Charts]]:
    """(name, its charts)"""
    if not findings.rates:
        return
    yield "transfer", [("", transfer_chart(findings, _view.transfer_rows(findings)))]
    if control := _view.control_rows(findings):
        yield "control", [("", transfer_chart(findings, control))]
    yield "rates", _panels(findings, findings.task_keys, lambda task_key: rates_figure(findings, task_key))
    if findings.gains:
        reach = _view.reach(findings.gains.values())
        gained = [
            task_key for task_key in findings.task_keys if any(task_key == own for _, own in findings.gains)
        ]
        yield "gains", _panels(findings, gained, lambda task_key: gains_figure(findings, task_key, reach))
    yield (
        "verdicts",
        _panels(
            findings, findings.task_keys, lambda task_key: verdicts_figure(findings, task_key, _view.SHADES)
        ),
    )
    for table in _correlation_charts.correlation_tables(findings):
        for part in table.parts:
            chart = correlation_chart(table.names, part.matrix, part.tree)
            yield f"correlations-{table.name}-{part.kind}", [("", chart)]
    if losses := loss_figures(findings):
        yield "losses", losses


def _panels(findings: Findings, task_keys: Iterable[TaskKey], chart: Callable[[TaskKey], Any]) -> Charts:
    return [(task_title(task_key, findings), chart(task_key)) for task_key in task_keys]


def _verdicts(findings: Findings) -> list[tuple[str, str]]:
    met = {status for counts in findings.failures.values() for status in counts}
    return [
        (str(status).replace("_", " "), THEME[_view.SHADES.get(status, "other")])
        for status in Status
        if status in met
    ]
