"""Turn findings into plain values for a JSON file: without times, equal for equal verdicts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from crosstune.analysis import Corpus, Findings, ProblemTable, Run
from crosstune.report._tables import all_tables
from crosstune.tables import json_rows


def results(findings: Findings) -> dict[str, Any]:
    """The content of results.json.

    The tables that have a JSON key are lists of rows: ``rates`` (pass@1 over all seeds), ``transfer`` (each
    model against the baseline), ``differences`` (every two models of an evaluation), ``control`` (each
    against the control), ``at_k``, ``tasks``, ``abilities``, ``exchanges``, ``balances``, ``mixed``,
    ``flagged`` (without what was not measured) and ``published``.
    ``pass_at_1``, ``low`` and ``high`` of rates are fractions of 1; ``gain_*``, ``difference_*`` and
    ``points`` are percentage points.

    ``scores`` are the fields of each `Score`. ``problems``, one for each task: the share of samples that
    passed, models down, problems across (None: not judged with every seed). ``correlations``: Pearson's r
    between the ``names``, with the tree's ``order`` and ``merges`` (None if some r is undefined).
    ``computed_with``, one for each step that generated answers on this machine: device, precision, batches.
    ``notice`` is the run's.
    """
    rows = {table.json: json_rows(table) for table in all_tables(findings) if table.json}
    return {
        "notice": findings.run.notice,
        "scores": [dataclasses.asdict(score) for score in findings.scores],
        **rows,
        "correlations": list(_correlations(findings)),
        "problems": [_problems(findings.problems[task_key]) for task_key in sorted(findings.problems)],
        "corpora": [_corpus(corpus) for corpus in findings.run.corpora],
        "computed_with": list(_computed_with(findings.run)),
    }


def _computed_with(run: Run) -> Iterator[dict[str, Any]]:
    """Without the number of threads, which depends on what else ran, as times do."""
    for step in run.steps:
        seen: list[dict[str, Any]] = []
        for description in step.metrics.get("generation", {}).get("computed_with", ()):
            row = {name: value for name, value in description.items() if name != "threads"}
            if row not in seen:
                seen.append(row)
                yield {"step": step.name, **row}


def _correlations(findings: Findings) -> Iterator[dict[str, Any]]:
    known = findings.correlations
    if known is None:
        return
    task_keys = ["/".join(task_key) for task_key in known.task_keys]
    sides = (
        ("cells", task_keys, known.columns, known.column_trees),
        ("models", list(known.models), known.rows, known.row_trees),
    )
    for between, names, matrices, trees in sides:
        for kind, matrix in matrices.items():
            tree = trees.get(kind)
            yield {
                "between": between,
                "of": kind,
                "names": names,
                "r": matrix,
                "order": tree.order if tree else None,
                "merges": [merge._asdict() for merge in tree.merges] if tree else None,
            }


def _problems(table: ProblemTable) -> dict[str, Any]:
    return {
        **table.task_key._asdict(),
        "problems": table.problems,
        "models": table.models,
        "rates": table.rates,
        "nobody": table.never_passed,
        "everybody": table.always_passed,
    }


def _corpus(corpus: Corpus) -> dict[str, Any]:
    return {
        "name": corpus.name,
        "rows": corpus.rows,
        "characters": corpus.characters,
        "cells": [dataclasses.asdict(part) for part in corpus.composition],
        "stages": [{"stage": stage, "rows": left} for stage, left in corpus.funnel],
        "flagged_problems": None if corpus.flagged is None else len(corpus.flagged),
    }
