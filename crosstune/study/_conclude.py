"""From what is in the store to results.json, the manifest and the report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from crosstune import analysis, report
from crosstune.errors import UnknownName
from crosstune.study._gather import gather
from crosstune.study._machine import design, manifest
from crosstune.study._plan import Plan
from crosstune.study._recorded import Record, recorded_run
from crosstune.study._run import Board
from crosstune.study._steps import JudgeAnswers
from crosstune.study._store import MANIFEST, Store, write_json

RESULTS = "results.json"
FORMS = ("html", *report.TABLE_FORMS, *report.EXPORT_FORMS)
"""What may be written of findings into a run's folder: the page, tables, and what others read."""


def conclude(
    plan: Plan,
    board: Board,
    store: Store,
    folder: Path,
    *,
    allow_partial: bool = False,
    forms: Collection[str] = (),
    recorded: bool = False,
) -> analysis.Findings | None:
    """Writes what ``board`` has into ``folder``; None where there is no verdict yet, and then earlier
    results and their manifest stay.

    ``forms`` are names of `FORMS`; without any, all of them are written. ``recorded``: where steps have
    changed since the run in ``folder`` was judged, its own verdicts are taken, all of them from its
    manifest, which stays; the findings' run has a notice that says so.

    Raises:
        UnknownName: a form that nobody writes.
        CorruptArtifact: a stored result does not match its digest.
        Incomplete: the harness could not judge some programs, and ``allow_partial`` is not set.
    """
    for form in forms:
        if form not in FORMS:
            raise UnknownName("form", form, FORMS)
    run = (_earlier(plan, board, folder) if recorded else None) or _current(plan, board, store)
    # Where keys have changed nothing is found; what tells of the results that stand there must stay.
    if not run.notice and (run.judged or not (folder / RESULTS).exists()):
        write_json(folder / MANIFEST, run.manifest)
    if not run.judged:
        return None
    findings = analysis.analyse(run, allow_partial=allow_partial)
    write_json(folder / RESULTS, analysis.results(findings))
    _write(findings, folder, forms or FORMS)
    return findings


def _write(findings: analysis.Findings, folder: Path, forms: Collection[str]) -> None:
    """The forms asked for, and nothing of an earlier run beside them."""
    if "html" in forms:
        report.write(findings, folder / "report")
    if tables := [form for form in report.TABLE_FORMS if form in forms]:
        before = {path for form in tables for path in (folder / "tables").glob(f"*.{_ending(form)}")}
        _drop(before.difference(report.write_tables(findings, folder / "tables", tables)))
    if exports := [form for form in report.EXPORT_FORMS if form in forms]:
        before = {path for name in _export_names(exports) for path in (folder / "exports").glob(f"*/{name}")}
        _drop(before.difference(report.write_exports(findings, folder / "exports", exports)))


def _ending(form: str) -> str:
    return report.TABLE_FORMS[form][0]


def _export_names(forms: Collection[str]) -> Iterator[str]:
    for form in forms:
        yield from report.EXPORT_FORMS[form]


def _drop(stale: Iterable[Path]) -> None:
    for path in stale:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()


def _current(plan: Plan, board: Board, store: Store) -> analysis.Run:
    return gather(Record(manifest(plan, board), store.root), tests=_tests(plan, board))


def _tests(plan: Plan, board: Board) -> dict[tuple[str, str, str, str], str]:
    """Of the judged problems: a step's key holds the digest of its data, so these are the ones it ran."""
    found = {}
    for job in dict.fromkeys(each.step.job for each in plan.evaluated if each.step.name in board.artifacts):
        assert isinstance(job, JudgeAnswers)
        for problem in job.cells.problems():
            found[problem.benchmark, problem.language, problem.task, problem.id] = problem.tests
    return found


def _earlier(plan: Plan, board: Board, folder: Path) -> analysis.Run | None:
    """The run that ``folder`` tells of, where ``board`` lacks verdicts that it had; they are not mixed,
    since what is compared must have been judged in one way."""
    judging = {each.step.name for each in plan.evaluated}
    if judging <= board.artifacts.keys() or not (folder / MANIFEST).is_file():
        return None
    record = recorded_run(folder)
    had = {name for name, _ in record.made("judge")}
    none_left = had and not judging & board.artifacts.keys()
    if not none_left and not had & (judging - board.artifacts.keys()):
        return None
    changed = sum(record.steps.get(step.name, {}).get("key") != step.key for step in plan.steps)
    # A manifest of an earlier version does not say what its models were.
    facts: dict[str, Any] = {"design": design(plan), **record.facts}
    partial = "" if facts["complete"] else ", of a run that was not complete"
    notice = (
        f"Verdicts as recorded on {record.judged_on}{partial}; {changed} of {len(plan.steps)} steps have "
        f"changed since. To renew them: crosstune study run {plan.study.document.path.name}"
    )
    return gather(Record(facts, record.store), notice=notice)
