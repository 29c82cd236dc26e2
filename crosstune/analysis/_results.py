"""Findings as plain values for a JSON file: sorted, without times, equal for equal verdicts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from crosstune.analysis._contrast import Contrast, Gain
from crosstune.analysis._findings import Findings
from crosstune.analysis._flagged import Flagged
from crosstune.analysis._language_transfer import LanguageTransfer, PairTransfer
from crosstune.analysis._mixed import MixedComparison
from crosstune.analysis._problems import ProblemTable
from crosstune.analysis._published_comparison import PublishedComparison, published_comparisons
from crosstune.analysis._rate import Rate
from crosstune.analysis._run import Corpus


def results(findings: Findings) -> dict[str, Any]:
    """``scores``: the fields of each `Score`. ``transfer``: each model against the baseline;
    ``control``: each against the control, if there is one.

    ``rates``: pass@1 over all seeds. ``problems``, one a cell: the share of samples that passed, models down,
    problems across (None: not judged with every seed). ``correlations``: Pearson's r between the ``names``,
    with the tree's ``order`` and ``merges`` (None where some r is undefined). ``flagged`` lacks what was not
    measured. ``notice`` is the run's. The rest is as `Findings` has it.

    ``pass_at_1``, ``low``, ``high`` are fractions of 1; ``gain_*`` and ``difference_*`` are points.
    """
    return {
        "notice": findings.run.notice,
        "scores": [dataclasses.asdict(score) for score in findings.scores],
        "rates": [_rate(findings.rates[key]) for key in sorted(findings.rates)],
        "transfer": [_transfer(findings, findings.gains[key]) for key in sorted(findings.gains)],
        "control": [_control(findings.against_control[key]) for key in sorted(findings.against_control)],
        "at_k": [
            {"model": model, **task_key._asdict(), **one._asdict()}
            for (model, task_key), several in sorted(findings.at_k.items())
            for one in several
        ],
        "tasks": [dataclasses.asdict(findings.averages[key]) for key in sorted(findings.averages)],
        "abilities": [
            {"model": model, "cells": str(kind), **_contrast(findings.abilities[model, kind])}
            for model, kind in sorted(findings.abilities)
        ],
        "exchanges": [_exchange(one) for one in findings.exchanges],
        "balances": [_balance(one) for one in findings.balances],
        "mixed": [_mixed(one) for one in findings.mixed],
        "flagged": [_flagged(findings.flagged[key]) for key in sorted(findings.flagged)],
        "correlations": list(_correlations(findings)),
        "problems": [_problems(findings.problems[task_key]) for task_key in sorted(findings.problems)],
        "published": [_published(one) for one in published_comparisons(findings)],
        "corpora": [_corpus(corpus) for corpus in findings.run.corpora],
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "model": rate.model,
        **rate.task_key._asdict(),
        "pass_at_1": rate.value,
        "low": rate.low,
        "high": rate.high,
        "problems": rate.problems,
        "seeds": rate.seeds,
    }


def _correlations(findings: Findings) -> Iterator[dict[str, Any]]:
    found = findings.correlations
    if found is None:
        return
    task_keys = ["/".join(task_key) for task_key in found.task_keys]
    sides = (
        ("cells", task_keys, found.columns, found.column_trees),
        ("models", list(found.models), found.rows, found.row_trees),
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
        "nobody": table.nobody,
        "everybody": table.everybody,
    }


def _published(one: PublishedComparison) -> dict[str, Any]:
    return {
        "paper": one.paper,
        "model": one.model,
        "published_model": one.published_model,
        **one.task_key._asdict(),
        "pass_at_1": one.rate.value,
        "published_pass_at_1": one.published,
        "gain_points": one.gain.value if one.gain else None,
        "published_gain_points": one.published_gain,
    }


def _corpus(corpus: Corpus) -> dict[str, Any]:
    return {
        "name": corpus.name,
        "rows": corpus.rows,
        "characters": corpus.characters,
        "cells": [dataclasses.asdict(task_key) for task_key in corpus.composition],
        "stages": [{"stage": stage, "rows": left} for stage, left in corpus.funnel],
        "flagged_problems": None if corpus.flagged is None else len(corpus.flagged),
    }


def _contrast(one: Contrast | Gain) -> dict[str, Any]:
    return {
        "points": one.value,
        "low": one.low,
        "high": one.high,
        "p": one.p,
        "p_holm": one.p_holm,
        "significant": one.significant,
        "problems": one.problems,
        "seeds": one.seeds,
    }


def _exchange(one: LanguageTransfer) -> dict[str, Any]:
    parts = {"gives": one.gives, "takes": one.takes, "net": one.net}
    told = {name: _contrast(part) if part else None for name, part in parts.items()}
    return {"language": one.language, **told}


def _balance(one: PairTransfer) -> dict[str, Any]:
    parts = {"there": one.there, "back": one.back, "difference": one.difference}
    return {
        "first": one.first,
        "second": one.second,
        **{name: _contrast(part) for name, part in parts.items()},
    }


def _mixed(one: MixedComparison) -> dict[str, Any]:
    return {
        "mixed": one.gain.model,
        "mono": one.gain.against,
        **one.gain.task_key._asdict(),
        **_contrast(one.gain),
        "rows": one.rows,
        "mono_rows": one.against_rows,
        "equal_size": one.equal_size,
    }


def _flagged(one: Flagged) -> dict[str, Any]:
    return {
        "model": one.model,
        **one.task_key._asdict(),
        "problems": one.flagged,
        "pass_at_1": one.with_them.value,
        "without": one.without.value if one.without else None,
    }


def _transfer(findings: Findings, gain: Gain) -> dict[str, Any]:
    rate = findings.rates[gain.model, gain.task_key]
    return {
        "model": gain.model,
        "baseline": gain.against,
        **gain.task_key._asdict(),
        "problems": gain.problems,
        "seeds": gain.seeds,
        "pass_at_1": rate.value,
        "low": rate.low,
        "high": rate.high,
        "baseline_pass_at_1": findings.rates[gain.against, gain.task_key].value,
        "gain_points": gain.value,
        "gain_low": gain.low,
        "gain_high": gain.high,
        "p": gain.p,
        "p_holm": gain.p_holm,
        "beyond_interval": gain.beyond,
        "significant": gain.significant,
        "trained": findings.trained(gain.model, gain.task_key),
    }


def _control(gain: Gain) -> dict[str, Any]:
    return {
        "model": gain.model,
        "control": gain.against,
        **gain.task_key._asdict(),
        "difference_points": gain.value,
        "difference_low": gain.low,
        "difference_high": gain.high,
        "p": gain.p,
        "p_holm": gain.p_holm,
        "beyond_interval": gain.beyond,
        "significant": gain.significant,
    }
