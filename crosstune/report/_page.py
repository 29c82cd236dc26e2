"""Write the page: one file with everything, which needs no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosstune.analysis import Findings
from crosstune.errors import MissingExtra
from crosstune.files import write_text
from crosstune.report._bars import SHADES, status_totals, verdict_bars
from crosstune.report._corpora import corpora
from crosstune.report._draw import page_svg, unchecked
from crosstune.report._figure_files import write_figures
from crosstune.report._figures import loss_figures, rates_figure
from crosstune.report._heatmaps import correlation_chart
from crosstune.report._key_figures import key_figures
from crosstune.report._packed import Packed, packed
from crosstune.report._script import asset, script
from crosstune.report._summary import summary
from crosstune.report._tables import PANELS, TABLES, correlations, end_of_scale, largest_gain
from crosstune.report._words import basis, count, language_title, listing, task_title
from crosstune.tables import TIMES, points, visible

STYLES = ("page.css", "figures.css", "answers.css")
MOST_BYTES = 15_000_000
"""The size of the page. If the texts of answers would make it larger, some are omitted; the page says so."""


def write(findings: Findings, out_dir: Path, *, most_bytes: int = MOST_BYTES) -> Path:
    """Writes ``out_dir``/index.html and returns its path; equal findings give equal bytes.

    The figures go to ``out_dir``/figures as SVG and PNG (`write_figures`); those of earlier findings that
    these do not have are removed.

    Raises:
        MissingExtra: jinja2, altair or vl-convert-python is not installed.
    """
    page = render(findings, most_bytes=most_bytes)
    drawn = write_figures(findings, out_dir / "figures")
    for stale in {*(out_dir / "figures").glob("*.svg")}.difference(drawn):
        stale.unlink()
        stale.with_suffix(".png").unlink(missing_ok=True)
    target = out_dir / "index.html"
    write_text(target, page)
    return target


def render(findings: Findings, *, most_bytes: int = MOST_BYTES) -> str:
    """The page as text, of at most ``most_bytes`` if leaving out texts of answers is enough for that."""
    try:
        import jinja2
    except ImportError:
        raise MissingExtra("jinja2", "report") from None
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("crosstune.report", "page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["visible"] = visible
    template = environment.get_template("page.html.jinja")
    with unchecked():
        context = {**_context(findings), "most": f"{most_bytes / 1e6:g}"}
    bare = template.render(context, answers=Packed(index="", blocks=(), rows=1, texts=0))
    answers = packed(findings, most_bytes - len(bare.encode()))
    return template.render(context, answers=answers)


def _context(findings: Findings) -> dict[str, Any]:
    return {
        "run": findings.run,
        "findings": findings,
        "tables": {name: table(findings) for name, table in TABLES.items()},
        "panels": {name: tables(findings) for name, tables in PANELS.items()},
        **_summary(findings),
        **_pictures(findings),
        **_measured(findings),
        "corpora": corpora(findings),
        "facts": _facts(findings.run.manifest),
        "language_title": language_title,
        "shades": SHADES,
        **_assets(),
    }


def _summary(findings: Findings) -> dict[str, Any]:
    gains = findings.differences or tuple(findings.gains.values())
    return {
        "subtitle": _subtitle(findings),
        "statements": summary(findings),
        "key_figures": key_figures(findings),
        "basis": basis(findings),
        "largest": points(largest_gain(gains)).lstrip("+"),
        "reach": end_of_scale(gains),
        "compared": count(len(gains), "comparison"),
    }


def _subtitle(findings: Findings) -> str:
    models, tasks = count(len(findings.models), "model"), count(len(findings.task_keys), "cell")
    programs = count(len(findings.run.judged), "program")
    return f"{models} {TIMES} {tasks} over {basis(findings)} · {programs} judged"


def _pictures(findings: Findings) -> dict[str, Any]:
    sides = {"cells": "Between cells, over models", "models": "Between models, over cells"}
    shown = [each for each in correlations(findings) if not each.redundant]
    drawn = {
        title: [(each, _drawn(correlation_chart(each))) for each in shown if each.between == side]
        for side, title in sides.items()
    }
    return {
        "rates": [
            (task_title(task_key, findings), _drawn(rates_figure(findings, task_key)))
            for task_key in findings.task_keys
        ],
        "losses": [(name, _drawn(chart)) for name, chart in loss_figures(findings)],
        "verdict_bars": verdict_bars(findings),
        "statuses": status_totals(findings),
        "correlations": {title: pairs for title, pairs in drawn.items() if pairs},
    }


def _measured(findings: Findings) -> dict[str, Any]:
    """The models whose corpora were searched for the problems, and the others."""
    known = {model for model, _ in findings.flagged}
    measured, unmeasured = (
        listing([model for model in findings.models if (model in known) == kind]) for kind in (True, False)
    )
    return {"measured": measured, "unmeasured": unmeasured}


def _facts(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest without the models and the steps, which have their own tables."""
    return {key: value for key, value in manifest.items() if key not in ("design", "steps")}


def _assets() -> dict[str, Any]:
    code = script()
    return {
        "styles": _trusted("".join(map(asset, STYLES))),
        "script": _trusted(code),
        "script_digest": base64.b64encode(hashlib.sha256(code.encode()).digest()).decode(),
    }


def _drawn(chart: Any) -> Any:
    return _trusted(page_svg(chart))


def _trusted(text: str) -> Any:
    """Mark text as safe that this package made itself, or that cannot contain markup (base 64)."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  (nothing of a model or a user is in it unescaped)
