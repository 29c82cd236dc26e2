"""Every answer and its verdict, packed so that a page can hold a hundred thousand of them."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from crosstune.analysis import Cell, Findings
from crosstune.records import Judged, Label
from crosstune.report._words import cell_title

TEXTS = ("problem", "prompt", "text", "candidate", "stdout", "stderr", "stage", "defect")


def packed(findings: Findings) -> str:
    """`columns` as JSON, gzipped, in base 64: letters, digits, ``+/=`` only, so no markup can be in it."""
    text = json.dumps(columns(findings), separators=(",", ":"), sort_keys=True)
    return base64.b64encode(gzip.compress(text.encode("ascii"), mtime=0)).decode("ascii")


def columns(findings: Findings) -> dict[str, Any]:
    """All rows by column, in the order of the table.

    ``strings`` holds each text once; columns named in `TEXTS` hold places in it, ``model``, ``cell``
    and ``label`` places in ``models``, ``cells`` and ``labels``.
    """
    models = {name: at for at, name in enumerate(findings.models)}
    cells = {cell: at for at, cell in enumerate(findings.cells)}
    rows = sorted(
        (row for row in findings.run.judged if row.model in models and _cell(row) in cells),
        key=lambda row: (models[row.model], cells[_cell(row)], row.seed, row.problem, row.sample),
    )
    strings: dict[str, int] = {}
    texts = {name: [strings.setdefault(getattr(row, name), len(strings)) for row in rows] for name in TEXTS}
    labels = [label for label in Label if any(row.label is label for row in rows)]
    return {
        **texts,
        "model": [models[row.model] for row in rows],
        "cell": [cells[_cell(row)] for row in rows],
        "seed": [row.seed for row in rows],
        "sample": [row.sample for row in rows],
        "label": [labels.index(row.label) for row in rows],
        "seconds": [round(row.cpu_seconds, 3) for row in rows],
        "models": list(models),
        "cells": [list(cell) for cell in cells],
        "titles": [cell_title(cell, findings) for cell in cells],
        "labels": [str(label) for label in labels],
        "strings": list(strings),
    }


def _cell(row: Judged) -> Cell:
    return Cell(row.benchmark, row.language, row.task)
