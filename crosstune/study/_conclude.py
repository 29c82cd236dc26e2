"""Write results.json, the manifest and the report from the results in the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from crosstune import analysis, report
from crosstune.errors import UnknownName
from crosstune.files import write_json
from crosstune.study._gather import gather
from crosstune.study._manifest import design, manifest
from crosstune.study._plan import Plan
from crosstune.study._recorded import RecordedRun, recorded_run
from crosstune.study._state import RunState
from crosstune.study._store import MANIFEST, Store
from crosstune.study.steps.judge import tests_of

RESULTS = "results.json"
FORMATS = ("html", *report.TABLE_FORMATS, *report.EXPORT_FORMATS)
"""The formats of a run's findings: the page, tables for papers, and exports for other programs."""


def conclude(
    plan: Plan,
    state: RunState,
    store: Store,
    folder: Path,
    *,
    allow_partial: bool = False,
    formats: Collection[str] = (),
    recorded: bool = False,
) -> analysis.Findings | None:
    """Write the results of ``state`` into ``folder``. Without any verdict, return None and leave earlier
    results and their manifest unchanged.

    ``formats`` are names of `FORMATS`; empty: all. With ``recorded``, if steps have changed since the run in
    ``folder`` was judged, all verdicts are taken from that run; its manifest is not changed, and the
    findings' run has a notice.

    Raises:
        UnknownName: an unknown format.
        CorruptArtifact: a stored result does not match its digest.
        Incomplete: the harness could not judge some programs, and ``allow_partial`` is not set.
    """
    for name in formats:
        if name not in FORMATS:
            raise UnknownName("format", name, FORMATS)
    run = (_earlier(plan, state, folder) if recorded else None) or _current(plan, state, store)
    # Without a verdict (after a change of keys), the manifest must keep matching the results in the folder.
    if not run.notice and (run.judged or not (folder / RESULTS).exists()):
        write_json(folder / MANIFEST, run.manifest, sync=True)
    if not run.judged:
        return None
    findings = analysis.analyse(run, allow_partial=allow_partial)
    write_json(folder / RESULTS, report.results(findings), sync=True)
    _write(findings, folder, formats or FORMATS)
    return findings


def _write(findings: analysis.Findings, folder: Path, formats: Collection[str]) -> None:
    """Write the findings in these formats, and remove files that an earlier run left in them."""
    if "html" in formats:
        report.write(findings, folder / "report")
    if tables := [name for name in report.TABLE_FORMATS if name in formats]:
        before = {path for name in tables for path in (folder / "tables").glob(f"*.{_ending(name)}")}
        _remove(before.difference(report.write_tables(findings, folder / "tables", tables)))
    if exports := [name for name in report.EXPORT_FORMATS if name in formats]:
        before = {path for name in _export_names(exports) for path in (folder / "exports").glob(f"*/{name}")}
        _remove(before.difference(report.write_exports(findings, folder / "exports", exports)))


def _ending(table_format: str) -> str:
    return report.TABLE_FORMATS[table_format][0]


def _export_names(formats: Collection[str]) -> Iterator[str]:
    for name in formats:
        yield from report.EXPORT_FORMATS[name]


def _remove(stale: Iterable[Path]) -> None:
    for path in stale:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()


def _current(plan: Plan, state: RunState, store: Store) -> analysis.Run:
    # A judge step's key contains the digest of the problems' data, so these are the tests that it ran.
    judged = (step.settings for step in plan.making("judge") if step.name in state.artifacts)
    return gather(RecordedRun(manifest(plan, state), store.root), tests=tests_of(judged))


def _earlier(plan: Plan, state: RunState, folder: Path) -> analysis.Run | None:
    """The earlier run in ``folder`` if ``state`` lacks verdicts that it had; otherwise None.

    Old and new verdicts are not mixed, because compared verdicts must have been judged in the same way.
    """
    judging = {step.name for step in plan.making("judge")}
    if judging <= state.artifacts.keys() or not (folder / MANIFEST).is_file():
        return None
    run = recorded_run(folder, design(plan))
    had = {step.name for step in run.results("judge")}
    none_left = had and not judging & state.artifacts.keys()
    if not none_left and not had & (judging - state.artifacts.keys()):
        return None
    return gather(run, notice=_notice(plan, run))


def _notice(plan: Plan, run: RecordedRun) -> str:
    changed = sum(run.steps.get(step.name, {}).get("key") != step.key for step in plan.steps)
    partial = "" if run.facts["complete"] else ", of a run that was not complete"
    return (
        f"Verdicts as recorded on {run.judged_on}{partial}; {changed} of {len(plan.steps)} steps have "
        f"changed since. To renew them: crosstune study run {plan.study.document.path.name}"
    )
