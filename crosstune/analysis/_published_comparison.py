"""A study's numbers compared with published ones, task by task."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crosstune.analysis._contrast import Gain
from crosstune.analysis._findings import Findings
from crosstune.analysis._language_transfer import own_language
from crosstune.analysis._published import BASE, MIXED, PublishedTable, published_tables
from crosstune.analysis._published_codem import PREFIX
from crosstune.analysis._rate import Rate
from crosstune.analysis._run import TaskKey
from crosstune.languages import LANGUAGES

TASK = "synthesize"
"""CodeM's task."""
OCTOPACK_BASE = "StarCoder 16B"
_OCTOPACK = "humanevalpack"


@dataclass(frozen=True, slots=True)
class PublishedComparison:
    """``published`` is a fraction of 1, ``published_gain`` in points over the paper's base. Gains are None
    for a base itself. Models differ, and often problems too: compare the direction, not the size."""

    paper: str
    model: str
    published_model: str
    task_key: TaskKey
    rate: Rate
    published: float
    gain: Gain | None
    published_gain: float | None


def published_comparisons(findings: Findings) -> tuple[PublishedComparison, ...]:
    """The study's rates whose model has the same role as one in a paper.

    CodeM's rows are matched by what a model was taught (one language alone, several, nothing), its columns
    by language; OctoPack's rows by the model's name, on its own benchmark. An evaluation teaches nothing, so
    none of its models has a role. Empty without a match.
    """
    roles = () if findings.run.evaluation else _codem(findings)
    return (*roles, *_octopack(findings))


def _codem(findings: Findings) -> Iterator[PublishedComparison]:
    table = published_tables("codem")[0]
    for model in findings.models:
        name = _codem_model(findings, model)
        if name not in table.rates:
            continue
        for task_key in findings.task_keys:
            if task_key.task == TASK:
                yield from _compared(findings, table, (model, name), task_key, base=BASE)


def _codem_model(findings: Findings, model: str) -> str:
    if model == findings.run.baseline:
        return BASE
    taught = findings.model(model).trained
    if any(task != TASK for _, task in taught):
        return ""
    language = own_language(findings.run, model)
    if language:
        return PREFIX + _title(language)
    return MIXED if taught else ""


def _octopack(findings: Findings) -> Iterator[PublishedComparison]:
    for table in published_tables("octopack"):
        names = {_normalised(name): name for name in table.rates}
        for model in findings.models:
            name = names.get(_normalised(model))
            if name:
                measured = (_OCTOPACK, table.name)
                for task_key in (key for key in findings.task_keys if (key.benchmark, key.task) == measured):
                    yield from _compared(findings, table, (model, name), task_key, base=OCTOPACK_BASE)


def _normalised(model: str) -> str:
    """``octocoder`` for ``OctoCoder 16B``."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\s\d+B$", "", model).lower())


def _compared(
    findings: Findings, table: PublishedTable, models: tuple[str, str], task_key: TaskKey, *, base: str
) -> Iterator[PublishedComparison]:
    model, name = models
    column = _title(task_key.language)
    rate = findings.rates.get((model, task_key))
    if rate is None or column not in table.columns:
        return
    gain = table.gain(name, column, base) if name != base and base in table.rates else None
    published = table.rates[name][column] / 100
    own = findings.gains.get((model, task_key))
    yield PublishedComparison(table.paper, model, name, task_key, rate, published, own, gain)


def _title(language: str) -> str:
    return LANGUAGES.load(language).title if language in LANGUAGES.names() else language
