"""From what is in the store to results.json, the manifest and the report."""

from __future__ import annotations

import dataclasses
import gzip
import itertools
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from crosstune import analysis, corpus, report
from crosstune.errors import UnknownName
from crosstune.records import Judged, from_json
from crosstune.study._machine import manifest
from crosstune.study._plan import Plan, Step
from crosstune.study._run import Board
from crosstune.study._steps import EXAMPLES, JUDGED, LOSSES, TakeCorpus
from crosstune.study._store import Artifact, write_json

SAMPLES = 4
"""Rows of a corpus that the report shows."""
Problem = tuple[str, str, str]
"""Benchmark, language and id."""
RAW = "raw"
"""The task of text that is only read: no instruction is in it."""


FORMS = ("html", *report.TABLE_FORMS, *report.EXPORT_FORMS)
"""What may be written of findings into a run's folder: the page, tables, and what others read."""


def conclude(
    plan: Plan, board: Board, folder: Path, *, allow_partial: bool = False, forms: Collection[str] = ()
) -> analysis.Findings | None:
    """Writes what ``board`` has into ``folder``; None where there is no verdict yet, and then earlier
    results and their manifest stay.

    ``forms`` are names of `FORMS`; without any, all of them are written.

    Raises:
        UnknownName: a form that nobody writes.
        CorruptArtifact: a stored result does not match its digest.
        Incomplete: the harness could not judge some programs, and ``allow_partial`` is not set.
    """
    for form in forms:
        if form not in FORMS:
            raise UnknownName("form", form, FORMS)
    facts = manifest(plan, board)
    judged = list(_judged(plan, board))
    # Where keys have changed nothing is found; what tells of the results that stand there must stay.
    if judged or not (folder / "results.json").exists():
        write_json(folder / "manifest.json", facts)
    if not judged:
        return None
    findings = analysis.analyse(_run(plan, board, judged, facts), allow_partial=allow_partial)
    write_json(folder / "results.json", analysis.results(findings))
    _write(findings, folder, forms or FORMS)
    return findings


def _write(findings: analysis.Findings, folder: Path, forms: Collection[str]) -> None:
    if "html" in forms:
        report.write(findings, folder / "report")
    if tables := [form for form in report.TABLE_FORMS if form in forms]:
        report.write_tables(findings, folder / "tables", tables)
    if exports := [form for form in report.EXPORT_FORMS if form in forms]:
        report.write_exports(findings, folder / "exports", exports)


def _judged(plan: Plan, board: Board) -> Iterator[Judged]:
    for evaluated in plan.evaluated:
        artifact = board.artifacts.get(evaluated.step.name)
        if artifact is None:
            continue
        artifact.verify()
        with gzip.open(artifact.folder / JUDGED, "rt", encoding="utf-8") as file:
            for line in file:
                row = from_json(Judged, line)
                yield dataclasses.replace(row, model=evaluated.model, seed=evaluated.seed)


def _run(plan: Plan, board: Board, judged: list[Judged], facts: Mapping[str, Any]) -> analysis.Run:
    spec = plan.study.spec
    return analysis.Run(
        name=spec.name,
        title=spec.title or spec.name,
        baseline=plan.study.baseline,
        control=spec.control or "",
        models=tuple(_model(plan, board, name) for name in spec.models),
        corpora=tuple(
            _corpus(name, artifact, _flagged(step, board))
            for name, step in plan.corpora.items()
            if (artifact := board.artifacts.get(step.name))
        ),
        cells=tuple(_cells(plan)),
        judged=judged,
        losses={
            trained: list(_losses(artifact))
            for trained, step in plan.trained.items()
            if (artifact := board.artifacts.get(step.name))
        },
        steps=tuple(_step(board, step) for step in plan.steps),
        manifest=facts,
    )


def _cells(plan: Plan) -> Iterator[analysis.Cell]:
    """The columns, in the order of the study file."""
    for entry in plan.study.spec.evaluate:
        benchmark, _ = plan.study.benchmarks[entry.benchmark]
        for language in entry.languages or benchmark.languages:
            for task in entry.tasks or benchmark.tasks:
                yield analysis.Cell(benchmark.name, language, task)


def _model(plan: Plan, board: Board, name: str) -> analysis.Model:
    spec = plan.study.spec.models[name]
    recipe = plan.study.recipes.get(name)
    made = board.artifacts.get(plan.corpora[spec.corpus].name) if spec.corpus else None
    cells = _statistics(made)["cells"] if made else []
    return analysis.Model(
        name=name,
        base=spec.base or spec.path or "",
        corpus=spec.corpus or "",
        recipe=recipe.model_dump(mode="json", exclude_none=True) if recipe else {},
        trained=tuple((cell["language"], cell["task"]) for cell in cells if cell["task"] != RAW),
    )


def _statistics(artifact: Artifact) -> Mapping[str, Any]:
    found: Mapping[str, Any] = artifact.metrics["corpus"]["statistics"]
    return found


def _flagged(step: Step, board: Board) -> tuple[Problem, ...] | None:
    """The problems that rows of the corpus's sources held; None where one of them was not gated."""
    if isinstance(step.job, TakeCorpus):
        artifact = board.artifacts.get(step.name)
        found = artifact.metrics["corpus"].get("flagged") if artifact else None
        return None if found is None else tuple((each[0], each[1], each[2]) for each in found)
    parts = [_flagged(part, board) for part in step.inputs.values()]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return tuple(sorted({problem for part in known for problem in part}))


def _corpus(name: str, artifact: Artifact, flagged: tuple[Problem, ...] | None) -> analysis.Corpus:
    statistics = _statistics(artifact)
    source = ", ".join(statistics["sources"])
    return analysis.Corpus(
        name=name,
        cells=tuple(
            analysis.CorpusCell(
                language=cell["language"], task=cell["task"], source=source, rows=cell["rows"]
            )
            for cell in statistics["cells"]
        ),
        characters=statistics["prompts"]["total"] + statistics["completions"]["total"],
        funnel=tuple(_funnel(artifact.metrics, statistics["rows"])),
        samples=tuple(itertools.islice(corpus.read(artifact.folder / EXAMPLES), SAMPLES)),
        flagged=flagged,
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


def _step(board: Board, step: Step) -> analysis.Step:
    artifact = board.artifacts.get(step.name)
    return analysis.Step(
        name=step.name,
        kind=step.kind,
        state=str(board.states[step.name]),
        seconds=artifact.seconds if artifact else None,
        key=step.key,
    )
