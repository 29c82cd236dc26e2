"""A run as analysis sees it, out of its manifest and the store alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from crosstune import analysis, corpus
from crosstune.study._recorded import Record
from crosstune.study._steps import EXAMPLES, LOSSES
from crosstune.study._store import Artifact

SAMPLES = 4
"""Rows of a corpus that the report shows."""
RAW = "raw"
"""The task of text that is only read: no instruction is in it."""
Problem = tuple[str, str, str]
"""Benchmark, language and id."""


def gather(
    record: Record, *, tests: Mapping[tuple[str, str, str, str], str] | None = None, notice: str = ""
) -> analysis.Run:
    """All that the run brought forth; ``tests`` and ``notice`` as `analysis.Run` has them.

    Raises:
        CorruptArtifact: a stored result is gone or does not match its digest.
    """
    design = record.facts["design"]
    corpora = {name.partition("/")[2]: artifact for name, artifact in record.made("corpus")}
    return analysis.Run(
        name=record.facts["study"],
        title=design["title"],
        baseline=design["baseline"],
        control=design["control"],
        models=tuple(_model(each, corpora) for each in design["models"]),
        corpora=tuple(_corpus(record, name, artifact) for name, artifact in corpora.items()),
        task_keys=tuple(analysis.TaskKey(*key) for key in design["cells"]),
        judged=list(record.judged()),
        losses={trained: list(_losses(artifact)) for trained, artifact in record.by_model("tune")},
        steps=tuple(map(_step, record.steps.values())),
        manifest=record.facts,
        tests=tests or {},
        notice=notice,
    )


def _model(told: Mapping[str, Any], corpora: Mapping[str, Artifact]) -> analysis.Model:
    made = corpora.get(told["corpus"])
    cells = _statistics(made)["cells"] if made else []
    return analysis.Model(
        name=told["name"],
        base=told["base"],
        corpus=told["corpus"],
        recipe=told["recipe"],
        trained=tuple((cell["language"], cell["task"]) for cell in cells if cell["task"] != RAW),
    )


def _statistics(artifact: Artifact) -> Mapping[str, Any]:
    found: Mapping[str, Any] = artifact.metrics["corpus"]["statistics"]
    return found


def _flagged(record: Record, artifact: Artifact) -> tuple[Problem, ...] | None:
    """The problems that rows of the corpus's sources held; None where one of them was not gated."""
    if not artifact.inputs:
        found = artifact.metrics["corpus"].get("flagged")
        return None if found is None else tuple((each[0], each[1], each[2]) for each in found)
    made = dict(record.made("corpus"))
    parts = [_flagged(record, made[record.names[key]]) for key in artifact.inputs.values()]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return tuple(sorted({problem for part in known for problem in part}))


def _corpus(record: Record, name: str, artifact: Artifact) -> analysis.Corpus:
    statistics = _statistics(artifact)
    source = ", ".join(statistics["sources"])
    return analysis.Corpus(
        name=name,
        composition=tuple(
            analysis.CorpusPart(
                language=cell["language"], task=cell["task"], source=source, rows=cell["rows"]
            )
            for cell in statistics["cells"]
        ),
        characters=statistics["prompts"]["total"] + statistics["completions"]["total"],
        funnel=tuple(_funnel(artifact.metrics, statistics["rows"])),
        samples=tuple(itertools.islice(corpus.read(artifact.folder / EXAMPLES), SAMPLES)),
        flagged=_flagged(record, artifact),
    )


def _funnel(metrics: Mapping[str, Any], rows: int) -> Iterator[tuple[str, int]]:
    """How many rows were there, what each filter left, how many were taken."""
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


def _losses(artifact: Artifact) -> Iterator[tuple[int, float]]:
    with (artifact.folder / LOSSES).open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield int(row["step"]), float(row["loss"])


def _step(told: Mapping[str, Any]) -> analysis.StepSummary:
    return analysis.StepSummary(
        name=told["name"],
        kind=told["name"].partition("/")[0],
        state=told["state"],
        seconds=told["seconds"],
        tokens=told.get("tokens"),  # a manifest of an earlier version says nothing of these two
        cost=told.get("cost"),
        key=told["key"],
    )
