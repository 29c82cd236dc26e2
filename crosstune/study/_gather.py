"""Convert a recorded run to the values that `crosstune.analysis` uses."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from crosstune import analysis
from crosstune.study._recorded import RecordedRun
from crosstune.study._store import Artifact
from crosstune.study.steps.corpus import read_examples
from crosstune.study.steps.tune import read_losses

SAMPLES = 4
"""Rows of a corpus that the report shows."""
RAW = "raw"
"""The task of text without an instruction."""
ProblemKey = tuple[str, str, str]
"""Benchmark, language and id."""


def gather(
    run: RecordedRun, *, tests: Mapping[tuple[str, str, str, str], str] | None = None, notice: str = ""
) -> analysis.Run:
    """All results of the run; ``tests`` and ``notice`` as in `analysis.Run`.

    Raises:
        CorruptArtifact: a stored result is missing or does not match its digest.
    """
    design = run.facts["design"]
    corpora = {step.corpus: step.artifact for step in run.results("corpus")}
    return analysis.Run(
        name=run.facts["study"],
        title=design["title"],
        baseline=design["baseline"],
        control=design["control"],
        evaluation=design.get("evaluation", False),  # not in manifests of early versions
        models=tuple(_model(each, corpora) for each in design["models"]),
        corpora=tuple(_corpus(run, name, artifact) for name, artifact in corpora.items()),
        task_keys=tuple(analysis.TaskKey(*key) for key in design["cells"]),
        judged=list(run.judged()),
        losses={step.model: list(read_losses(step.artifact.folder)) for step in run.results("tune")},
        steps=tuple(_summary(step, run.metrics(step["name"])) for step in run.steps.values()),
        manifest=run.facts,
        tests=tests or {},
        notice=notice,
    )


def _model(facts: Mapping[str, Any], corpora: Mapping[str, Artifact]) -> analysis.Model:
    artifact = corpora.get(facts["corpus"])
    rows = _statistics(artifact)["cells"] if artifact else []
    return analysis.Model(
        name=facts["name"],
        base=facts["base"],
        corpus=facts["corpus"],
        recipe=facts["recipe"],
        trained=tuple((row["language"], row["task"]) for row in rows if row["task"] != RAW),
    )


def _statistics(artifact: Artifact) -> Mapping[str, Any]:
    statistics: Mapping[str, Any] = artifact.metrics["corpus"]["statistics"]
    return statistics


def _flagged(artifact: Artifact, by_key: Mapping[str, Artifact]) -> tuple[ProblemKey, ...] | None:
    """The problems that rows of the corpus's sources contained; None if a source was not checked."""
    if not artifact.inputs:
        problems = artifact.metrics["corpus"].get("flagged")
        return None if problems is None else tuple((each[0], each[1], each[2]) for each in problems)
    parts = [_flagged(by_key[key], by_key) for key in artifact.inputs.values()]
    checked = [part for part in parts if part is not None]
    if len(checked) < len(parts):
        return None
    return tuple(sorted({problem for part in checked for problem in part}))


def _corpus(run: RecordedRun, name: str, artifact: Artifact) -> analysis.Corpus:
    statistics = _statistics(artifact)
    source = ", ".join(statistics["sources"])
    return analysis.Corpus(
        name=name,
        composition=tuple(
            analysis.CorpusPart(language=row["language"], task=row["task"], source=source, rows=row["rows"])
            for row in statistics["cells"]
        ),
        characters=statistics["prompts"]["total"] + statistics["completions"]["total"],
        funnel=tuple(_funnel(artifact.metrics, statistics["rows"])),
        samples=tuple(itertools.islice(read_examples(artifact.folder), SAMPLES)),
        flagged=_flagged(artifact, {step.key: step.artifact for step in run.results("corpus")}),
    )


def _funnel(metrics: Mapping[str, Any], rows: int) -> Iterator[tuple[str, int]]:
    """The number of rows at the start, after each filter, and in the corpus."""
    report: Mapping[str, Any] = metrics["corpus"]
    reasons = {
        f"unusable: {reason}": count
        for reason, count in ((metrics.get("source") or {}).get("quarantined") or {}).items()
    }
    for dropped in itertools.chain.from_iterable(report.get("dropped", {}).values()):
        reasons[dropped["reason"]] = reasons.get(dropped["reason"], 0) + 1
    left = sum(part["available"] for part in report["parts"]) + sum(reasons.values())
    yield "there were", left
    for reason, count in reasons.items():
        left -= count
        yield f"without: {reason}", left
    yield "taken", rows


def _summary(facts: Mapping[str, Any], metrics: Mapping[str, Any]) -> analysis.StepSummary:
    return analysis.StepSummary(
        name=facts["name"],
        kind=facts["kind"],
        state=facts["state"],
        seconds=facts["seconds"],
        tokens=facts.get("tokens"),  # like cost, not in manifests of early versions
        cost=facts.get("cost"),
        key=facts["key"],
        model=facts.get("model", ""),
        seed=facts.get("seed"),
        metrics=metrics,
    )
