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
from crosstune.records import Label
from crosstune.report import _material, _view
from crosstune.report._figures import loss_figure, rates_figure, thinned
from crosstune.report._packed import Packed, packed
from crosstune.report._script import asset, script
from crosstune.report._summary import summary
from crosstune.report._words import TIMES, basis, cell_title, count, duration, language_title, points, visible

STYLES = ("page.css", "figures.css", "answers.css")
MOST_BYTES = 15_000_000
"""Of the whole page. Where the texts of answers would make it larger, some are left out; the page says so."""


def write(findings: Findings, out_dir: Path, *, most_bytes: int = MOST_BYTES) -> Path:
    """Writes ``out_dir``/index.html and returns its path; equal findings give equal bytes.

    Raises:
        MissingExtra: jinja2, altair or vl-convert-python is not installed.
    """
    page = render(findings, most_bytes=most_bytes)
    out_dir.mkdir(parents=True, exist_ok=True)
    target = out_dir / "index.html"
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=out_dir, delete=False) as aside:
        aside.write(page)
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
        "basis": basis(findings),
        "headings": _view.headings(findings),
        "transfer": _view.transfer_rows(findings),
        "control": _view.control_rows(findings),
        "lines": _view.lines(findings),
        "largest": points(_view.largest_gain(findings.gains.values())).lstrip("+"),
        "reach": _view.reach(findings.gains.values()),
        "compared": count(len(findings.gains), "comparison"),
        "panels": [
            (cell_title(cell, findings), _own(rates_figure(findings, cell))) for cell in findings.cells
        ],
        "losses": [(name, _own(svg)) for name, svg in _loss_panels(findings)],
        "failures": _view.failures(findings),
        "labels": _labels(findings),
        "correlations": _view.correlation_tables(findings),
        "corpora": _material.corpora(findings),
        "kinds": _material.steps_by_kind(findings),
        "seconds": duration(_material.seconds_in_all(findings)),
        "facts": _facts(findings.run.manifest),
        "language_title": language_title,
        "styles": _own("".join(map(asset, STYLES))),
        "script": _own(code),
        "script_digest": base64.b64encode(hashlib.sha256(code.encode()).digest()).decode(),
        "shades": _view.SHADES,
    }


def _own(text: str) -> Any:
    """Markup that this package made itself, or text that can hold none (base 64)."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  (see above: nothing of a model or a user is in it unescaped)


def _subtitle(findings: Findings) -> str:
    shape = f"{count(len(findings.models), 'model')} {TIMES} {count(len(findings.cells), 'cell')}"
    return f"{shape} over {basis(findings)} · {count(len(findings.run.judged), 'program')} judged"


def _labels(findings: Findings) -> list[tuple[str, int]]:
    totals = {label: sum(counts.get(label, 0) for counts in findings.failures.values()) for label in Label}
    return [(str(label), n) for label, n in totals.items() if n]


def _loss_panels(findings: Findings) -> list[tuple[str, str]]:
    curves: dict[str, dict[int, Any]] = {}
    for (model, seed), curve in sorted(findings.run.losses.items()):
        if thinned(curve):
            curves.setdefault(model, {})[seed] = curve
    tops = [loss for by_seed in curves.values() for curve in by_seed.values() for _, loss in thinned(curve)]
    order = [model.name for model in findings.run.models if model.name in curves]
    return [(model, loss_figure(curves[model], max(tops))) for model in order]


def _facts(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What the manifest says beside the steps, which have a table of their own."""
    return {key: value for key, value in manifest.items() if key != "steps"}
