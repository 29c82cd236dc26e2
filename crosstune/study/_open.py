"""A study with its folder of results: the one object that the command line speaks to."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from crosstune.analysis import Findings
from crosstune.errors import Incomplete
from crosstune.study._conclude import conclude
from crosstune.study._explain import Recorded, record, recorded
from crosstune.study._plan import Plan, make_plan
from crosstune.study._run import Board, Listener, run, survey
from crosstune.study._spec import load_study
from crosstune.study._store import Store


@dataclass(frozen=True)
class Outcome:
    """Where each step stands after a run, and what came out; None while there is no verdict."""

    board: Board
    findings: Findings | None


@dataclass(frozen=True)
class OpenRun:
    """``folder`` is RUNS/NAME; ``store`` is RUNS/store, which all studies of RUNS share."""

    plan: Plan
    store: Store
    folder: Path
    before: Recorded
    """What the steps were made of when the study last ran."""

    @property
    def report(self) -> Path:
        return self.folder / "report" / "index.html"

    def survey(self) -> Board:
        return survey(self.plan, self.store)

    def run(self, workers: int, listener: Listener, *, allow_partial: bool = False) -> Outcome:
        """Runs what can run, ``workers`` steps at a time, then concludes.

        Raises:
            Incomplete: another process is running this study here.
        """
        with self._alone():
            record(self.plan, self.folder / "plan.json")
            board = run(self.plan, self.store, workers, listener, self.folder / "faults")
            return self.conclude(board, allow_partial=allow_partial)

    def conclude(
        self, board: Board | None = None, *, allow_partial: bool = False, forms: Collection[str] = ()
    ) -> Outcome:
        """Writes manifest.json and, where there are verdicts, results.json, the report and, as ``forms``
        say (all without any), tables and exports.

        Without a ``board`` the store is asked; where steps have changed since the last run, its own
        verdicts are taken, and the findings' run has a notice.

        Raises:
            UnknownName: a form that nobody writes.
            CorruptArtifact: a stored result does not match its digest.
            Incomplete: the harness could not judge some programs, and ``allow_partial`` is not set.
        """
        findings = conclude(
            self.plan,
            asked := board or self.survey(),
            self.store,
            self.folder,
            allow_partial=allow_partial,
            forms=forms,
            recorded=board is None,
        )
        return Outcome(asked, findings)

    def running(self) -> bool:
        """Whether some process is running this study here."""
        try:
            with self._alone(patience=0):
                return False
        except Incomplete:
            return True

    @contextlib.contextmanager
    def _alone(self, patience: float = 0.5) -> Iterator[None]:
        """Held by one process at a time; waits a moment, since asking for the status holds it briefly."""
        self.folder.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + patience
        with (self.folder / ".lock").open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError:
                    if time.monotonic() >= until:
                        raise Incomplete(
                            f"{self.folder}: this study is being run by another process; "
                            "see how far it is with: crosstune study status"
                        ) from None
                    time.sleep(0.05)
            yield


def open_run(study: Path, runs: Path) -> OpenRun:
    """The study in the file ``study``, with its results below the folder ``runs``.

    Raises:
        SettingsError: see `load_study`.
        CorruptArtifact: what was recorded of its last run can't be read.
    """
    plan = make_plan(load_study(study))
    folder = runs / plan.study.spec.name
    return OpenRun(plan, Store(runs / "store"), folder, recorded(folder / "plan.json"))
