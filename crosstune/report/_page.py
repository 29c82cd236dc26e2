"""The page: everything in one file that asks nothing of a network."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosstune.analysis import Findings
from crosstune.errors import MissingExtra
from crosstune.records import Status
from crosstune.report import _compared, _correlation_charts, _grids, _provenance, _view
from crosstune.report._draw import page_svg, unchecked
from crosstune.report._figures import loss_figures, rates_figure
from crosstune.report._files import write_figures
from crosstune.report._heatmaps import correlation_chart
from crosstune.report._key_figures import key_figures
from crosstune.report._packed import Packed, packed
from crosstune.report._script import asset, script
from crosstune.report._summary import summary
from crosstune.report._words import (
    TIMES,
    basis,
    count,
    language_title,
    listing,
    points,
    task_title,
    visible,
)

STYLES = ("page.css", "figures.css", "answers.css")
MOST_BYTES = 15_000_000
"""Of the whole page. Where the texts of answers would make it larger, some are left out; the page says so."""


def write(findings: Findings, out_dir: Path, *, most_bytes: int = MOST_BYTES) -> Path:
    """Writes ``out_dir``/index.html and returns its path; equal findings give equal bytes.

    Beside it, in ``out_dir``/figures, the figures as SVG and PNG (`write_figures`); what earlier findings
    left there and these have nothing to draw of is removed.

    Raises:
        MissingExtra: jinja2, altair or vl-convert-python is not installed.
    """
    page = render(findings, most_bytes=most_bytes)
    out_dir.mkdir(parents=True, exist_ok=True)
    target = out_dir / "index.html"
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=out_dir, delete=False) as aside:
        aside.write(page)
    drawn = write_figures(findings, out_dir / "figures")
    for stale in {*(out_dir / "figures").glob("*.svg")}.difference(drawn):
        stale.unlink()
        stale.with_suffix(".png").unlink(missing_ok=True)
    path = Path(aside.name)
    path.chmod(0o644)
    return path.replace(target)


def render(findings: Findings, *, most_bytes: int = MOST_BYTES) -> str:
    """The page as text, of at most ``most_bytes`` as far as leaving texts out can make it so."""
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
    code = script()
    return {
        "run": findings.run,
        "found": findings,
        "subtitle": _subtitle(findings),
        "statements": summary(findings),
        "key_figures": key_figures(findings),
        "basis": basis(findings),
        "headings": _view.headings(findings),
        "transfer": _view.transfer_rows(findings),
        "control": _view.control_rows(findings),
        "lines": _view.lines(findings),
        "largest": points(_view.largest_gain(findings.gains.values())).lstrip("+"),
        "reach": _view.reach(findings.gains.values()),
        "compared": count(len(findings.gains), "comparison"),
        "panels": [
            (task_title(task_key, findings), _drawn(rates_figure(findings, task_key)))
            for task_key in findings.task_keys
        ],
        "losses": [(name, _drawn(chart)) for name, chart in loss_figures(findings)],
        **_relations(findings),
        "failures": _view.failures(findings),
        "labels": _labels(findings),
        "correlations": _correlations(findings),
        "corpora": _provenance.corpora(findings),
        "kinds": _provenance.steps_by_kind(findings),
        "all_steps": _provenance.steps_in_all(findings),
        "money": _provenance.money,
        "facts": _facts(findings.run.manifest),
        "language_title": language_title,
        "styles": _own("".join(map(asset, STYLES))),
        "script": _own(code),
        "script_digest": base64.b64encode(hashlib.sha256(code.encode()).digest()).decode(),
        "shades": _view.SHADES,
    }


def _relations(findings: Findings) -> dict[str, Any]:
    unmeasured = _compared.unmeasured(findings)
    return {
        "exchange": _grids.exchange(findings),
        "abilities": _grids.abilities(findings),
        "matrices": _grids.matrices(findings),
        "by_task": _grids.by_task(findings),
        "at_k": _grids.at_k(findings),
        "mixed": _compared.mixed(findings),
        "published": _compared.published(findings),
        "flagged": _compared.flagged(findings),
        "unsolved": _compared.unsolved(findings),
        "unmeasured": listing(unmeasured),
        "measured": listing([model for model in findings.models if model not in unmeasured]),
    }


def _correlations(
    findings: Findings,
) -> list[tuple[_correlation_charts.CorrelationTable, list[tuple[Any, Any]]]]:
    """Each table with its parts, and each of these with its picture."""
    return [
        (
            table,
            [(part, _drawn(correlation_chart(table.names, part.matrix, part.tree))) for part in table.parts],
        )
        for table in _correlation_charts.correlation_tables(findings)
    ]


def _drawn(chart: Any) -> Any:
    return _own(page_svg(chart))


def _own(text: str) -> Any:
    """Markup that this package made itself, or text that can hold none (base 64)."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  (see above: nothing of a model or a user is in it unescaped)


def _subtitle(findings: Findings) -> str:
    shape = f"{count(len(findings.models), 'model')} {TIMES} {count(len(findings.task_keys), 'task_key')}"
    return f"{shape} over {basis(findings)} · {count(len(findings.run.judged), 'program')} judged"


def _labels(findings: Findings) -> list[tuple[str, int]]:
    totals = {
        status: sum(counts.get(status, 0) for counts in findings.failures.values()) for status in Status
    }
    return [(str(status), n) for status, n in totals.items() if n]


def _facts(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What the manifest says beside the models and the steps, which have tables of their own."""
    return {key: value for key, value in manifest.items() if key not in ("design", "steps")}
