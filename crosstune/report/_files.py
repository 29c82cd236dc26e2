"""The findings' figures as files for papers: SVG, and PNG beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crosstune.analysis import Cell, Findings
from crosstune.report import _view
from crosstune.report._draw import altair, paper_svg, png, unchecked
from crosstune.report._figures import gains_figure, loss_figures, rates_figure, verdicts_figure
from crosstune.report._heatmaps import correlation_chart, transfer_chart
from crosstune.report._words import cell_title

ACROSS = 3
"""Small charts beside each other: as wide as a page of a journal. Four stand two by two."""


def write_figures(findings: Findings, folder: Path) -> list[Path]:
    """Writes NAME.svg and NAME.png into ``folder`` for every figure there is something to draw of.

    Returns the files, in the page's order. Equal findings give equal bytes.

    Raises:
        MissingExtra: altair or vl-convert-python is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with unchecked():
        found = [(name, paper_svg(chart)) for name, chart in charts(findings)]
    for name, svg in found:
        for path, content in ((folder / f"{name}.svg", svg.encode()), (folder / f"{name}.png", png(svg))):
            path.write_bytes(content)
            written.append(path)
    return written


def charts(findings: Findings) -> Iterator[tuple[str, Any]]:
    """(name, chart)"""
    if not findings.rates:
        return
    yield "transfer", transfer_chart(findings, _view.transfer_rows(findings))
    if control := _view.control_rows(findings):
        yield "control", transfer_chart(findings, control)
    yield (
        "rates",
        _panels({cell: rates_figure(findings, cell, legend=True) for cell in findings.cells}, findings),
    )
    if findings.gains:
        reach = _view.reach(findings.gains.values())
        gained = dict.fromkeys(cell for cell in findings.cells for _, own in findings.gains if own == cell)
        yield "gains", _panels({cell: gains_figure(findings, cell, reach) for cell in gained}, findings)
    yield (
        "verdicts",
        _panels({cell: verdicts_figure(findings, cell, _view.SHADES) for cell in findings.cells}, findings),
    )
    for table in _view.correlation_tables(findings):
        for part in table.parts:
            yield (
                f"correlations-{table.name}-{part.kind}",
                correlation_chart(table.names, part.matrix, part.tree),
            )
    if losses := loss_figures(findings):
        yield "losses", _grid([chart.properties(title=name) for name, chart in losses], ACROSS)


def _panels(charts_: dict[Cell, Any], findings: Findings) -> Any:
    titled = [chart.properties(title=cell_title(cell, findings)) for cell, chart in charts_.items()]
    return _grid(titled, 2 if len(titled) == 4 else ACROSS)


def _grid(charts_: list[Any], across: int) -> Any:
    return altair().concat(*charts_, columns=across, spacing=24)
