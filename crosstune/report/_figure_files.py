"""Write the figures of the findings as files for papers: each as SVG and as PNG."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from crosstune.analysis import Findings, TaskKey
from crosstune.records import Status
from crosstune.report._bars import SHADES
from crosstune.report._draw import THEME, drawn, png, unchecked
from crosstune.report._figure_sheet import FigureSheet
from crosstune.report._figures import ROLES, gains_figure, loss_figures, rates_figure, verdicts_figure
from crosstune.report._heatmaps import correlation_chart, matrix_chart
from crosstune.report._tables import control_matrix, correlations, end_of_scale, transfer_matrix
from crosstune.report._words import task_title

ACROSS = 3
"""The number of small charts in a row, which is as wide as a journal's page. Four are arranged two by two."""

Charts = list[tuple[str, Any]]
"""(title, chart)"""


def write_figures(findings: Findings, folder: Path) -> list[Path]:
    """Writes NAME.svg and NAME.png into ``folder`` for every figure that has data.

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
            continue  # the PNG depends only on the SVG, and takes as long to draw as everything else
        paths[0].unlink(missing_ok=True)
        paths[1].write_bytes(png(svg))
        paths[0].write_bytes(svg.encode())
    return written


def _pictures(findings: Findings) -> Iterator[tuple[str, str]]:
    roles = [] if findings.run.evaluation else list(ROLES.items())
    legends = {"rates": roles, "verdicts": _statuses(findings)}
    with unchecked():
        for name, charts in figures(findings):
            pictures = [(title, drawn(chart)) for title, chart in charts]
            across = 2 if len(pictures) == 4 else ACROSS
            yield name, FigureSheet(pictures, across, legends.get(name, ())).svg()


def figures(findings: Findings) -> Iterator[tuple[str, Charts]]:
    """(name, its charts)"""
    if not findings.rates:
        return
    task_keys = findings.task_keys
    if not findings.run.evaluation:
        yield "transfer", [("", matrix_chart(transfer_matrix(findings)))]
    if control := control_matrix(findings):
        yield "control", [("", matrix_chart(control))]
    yield "rates", _panels(findings, task_keys, lambda key: rates_figure(findings, key))
    if findings.gains:
        reach = end_of_scale(findings.gains.values())
        gained = [key for key in task_keys if any(key == own for _, own in findings.gains)]
        yield "gains", _panels(findings, gained, lambda key: gains_figure(findings, key, reach))
    yield "verdicts", _panels(findings, task_keys, lambda key: verdicts_figure(findings, key, SHADES))
    for correlation in correlations(findings):
        if not correlation.redundant:
            yield correlation.name, [("", correlation_chart(correlation))]
    if losses := loss_figures(findings):
        yield "losses", losses


def _panels(findings: Findings, task_keys: Iterable[TaskKey], chart: Callable[[TaskKey], Any]) -> Charts:
    return [(task_title(task_key, findings), chart(task_key)) for task_key in task_keys]


def _statuses(findings: Findings) -> list[tuple[str, str]]:
    given = {status for counts in findings.failures.values() for status in counts}
    return [
        (str(status).replace("_", " "), THEME[SHADES.get(status, "other")])
        for status in Status
        if status in given
    ]
