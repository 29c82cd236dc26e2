"""Open a study with its folder of results, to run it and write its results."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crosstune.analysis import Findings
from crosstune.errors import Incomplete
from crosstune.files import full_disk_is_incomplete, locked
from crosstune.study._conclude import conclude
from crosstune.study._explain import RecordedPlan, record, recorded
from crosstune.study._load import load_study
from crosstune.study._machine import Machine
from crosstune.study._place import Place
from crosstune.study._plan import Plan, Step, make_plan
from crosstune.study._run import run, run_there
from crosstune.study._state import Listener, RunState, StepState, survey
from crosstune.study._store import Store
from crosstune.study._under_way import Progress, UnderWay, under_way


@dataclass(frozen=True)
class RunResult:
    """The state of each step after a run, and the findings, which are None without any verdict."""

    state: RunState
    findings: Findings | None


@dataclass(frozen=True)
class OpenRun:
    """``folder`` is RUNS/NAME; ``store`` is RUNS/store, which all studies of RUNS share."""

    plan: Plan
    store: Store
    folder: Path
    before: RecordedPlan
    """The plan of the study's last run."""

    @property
    def report(self) -> Path:
        return self.folder / "report" / "index.html"

    def survey(self) -> RunState:
        return survey(self.plan, self.store)

    def run(
        self,
        machine: Machine | None = None,
        listener: Listener | None = None,
        *,
        place: Place | None = None,
        allow_partial: bool = False,
    ) -> RunResult:
        """Run the steps that can run, as many at a time as fit on ``machine`` (default: all of this machine)
        or, if given, at another ``place``, then write the results.

        Raises:
            Incomplete: another process is running this study here; or see `conclude`.
        """
        with self._alone():
            record(self.plan, self.folder / "plan.json")
            errors = self.folder / "errors"
            with UnderWay(listener or _SilentListener(), self._under_way) as recorder:
                if place is not None:
                    state = run_there(self.plan, self.store, place, recorder, errors)
                else:
                    state = run(self.plan, self.store, machine or Machine.here(), recorder, errors)
            return self.conclude(state, allow_partial=allow_partial)

    def conclude(
        self, state: RunState | None = None, *, allow_partial: bool = False, formats: Collection[str] = ()
    ) -> RunResult:
        """Write manifest.json and, if there are verdicts, results.json, the report, and tables and exports in
        ``formats`` (empty: all).

        Without a ``state``, it is read from the store; if steps have changed since the last run, the verdicts
        of that run are used, and the findings' run has a notice.

        Raises:
            UnknownName: an unknown format.
            CorruptArtifact: a stored result does not match its digest.
            Incomplete: the harness could not judge some programs, and ``allow_partial`` is not set; or the
                disk is full.
        """
        current = state or self.survey()
        with full_disk_is_incomplete(self.folder):
            findings = conclude(
                self.plan,
                current,
                self.store,
                self.folder,
                allow_partial=allow_partial,
                formats=formats,
                recorded=state is None,
            )
        return RunResult(current, findings)

    def under_way(self) -> Mapping[str, Progress]:
        """The steps that a process is running here, by name."""
        return under_way(self._under_way) if self.running() else {}

    @property
    def _under_way(self) -> Path:
        return self.folder / "under-way.json"

    def running(self) -> bool:
        """Whether a process is running this study here."""
        try:
            with self._alone(patience=0):
                return False
        except Incomplete:
            return True

    @contextlib.contextmanager
    def _alone(self, patience: float = 0.5) -> Iterator[None]:
        """Hold the run's lock, and wait ``patience`` seconds for it, because `running` takes it briefly."""
        until = time.monotonic() + patience
        with contextlib.ExitStack() as stack:
            while True:
                try:
                    stack.enter_context(locked(self.folder / ".lock"))
                    break
                except BlockingIOError:
                    if time.monotonic() >= until:
                        raise Incomplete(
                            f"{self.folder}: this study is being run by another process; "
                            "see how far it is with: crosstune study status"
                        ) from None
                    time.sleep(0.05)
            yield


class _SilentListener:
    def changed(self, step: Step, state: StepState, message: str = "", seconds: float = 0.0) -> None:
        del step, state, message, seconds

    def advanced(self, step: Step, done: int, total: int) -> None:
        del step, done, total


def open_run(study: Path, runs: Path) -> OpenRun:
    """The study in the file ``study``, with its results below the folder ``runs``.

    Raises:
        SettingsError: see `load_study`.
        CorruptArtifact: the recorded plan of its last run cannot be read.
    """
    plan = make_plan(load_study(study))
    folder = runs / plan.study.spec.name
    return OpenRun(plan, Store(runs / "store"), folder, recorded(folder / "plan.json"))
