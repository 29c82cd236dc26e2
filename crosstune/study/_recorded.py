"""Read a finished or stopped run from its manifest and the store, without the study file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.errors import CorruptArtifact, DataError
from crosstune.records import EvaluatedSample
from crosstune.study import _legacy
from crosstune.study._store import MANIFEST, Artifact
from crosstune.study.steps.judge import read_samples


@dataclass(frozen=True)
class RecordedStep:
    """A finished step of a run: its entry in the run's manifest, and its result."""

    facts: Mapping[str, Any]
    artifact: Artifact

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def key(self) -> str:
        return str(self.facts["key"])

    @property
    def corpus(self) -> str:
        return str(self.facts["corpus"])

    @property
    def model(self) -> tuple[str, int]:
        """The model and the seed that the step is about."""
        return self.facts["model"], self.facts["seed"]


class RecordedRun:
    """``facts`` is a run's manifest; the folder ``store`` has the results that it lists."""

    def __init__(self, facts: Mapping[str, Any], store: Path) -> None:
        self.facts, self.store = _legacy.with_subjects(facts), store
        self.steps: Mapping[str, Mapping[str, Any]] = {step["name"]: step for step in self.facts["steps"]}

    def results(self, result: str) -> Iterator[RecordedStep]:
        """The finished steps with this type of result, in the run's order.

        Raises:
            CorruptArtifact: a result is missing.
        """
        for name, facts in self.steps.items():
            if facts["result"] == result and facts["artifact"]:
                yield RecordedStep(facts, self._artifact(name, self.store / facts["artifact"]))

    def metrics(self, name: str) -> Mapping[str, Any]:
        """The step's metrics; empty if it is not finished or its result has been deleted."""
        artifact = self.steps[name]["artifact"]
        if not artifact or not (self.store / artifact / MANIFEST).is_file():
            return {}
        return self._artifact(name, self.store / artifact).metrics

    def judged(self) -> Iterator[EvaluatedSample]:
        """Yield all evaluated samples, with model and seed.

        Raises:
            CorruptArtifact: a stored result is missing or does not match its digest.
        """
        for step in self.results("judge"):
            step.artifact.verify()
            model, seed = step.model
            for sample in read_samples(step.artifact.folder):
                yield dataclasses.replace(sample, model=model, seed=seed)

    @property
    def judged_on(self) -> str:
        """The date of the newest verdict (UTC); empty if there is none."""
        return max((step.artifact.finished[:10] for step in self.results("judge")), default="")

    def _artifact(self, name: str, folder: Path) -> Artifact:
        path = folder / MANIFEST
        if not path.is_file():
            raise CorruptArtifact(f"{folder}: the result of {name} is missing; run the study again")
        return Artifact(folder, json.loads(path.read_bytes()))


def recorded_run(run: Path, design: Mapping[str, Any] | None = None) -> RecordedRun:
    """The run in the folder ``run`` (RUNS/NAME), whose results are in RUNS/store.

    ``design`` is used if the manifest, made by an early version, does not describe its models.

    Raises:
        DataError: the folder has no run.
        CorruptArtifact: its manifest cannot be read.
    """
    path = run / MANIFEST
    if not path.is_file():
        raise DataError(
            f"{run}: not a run: expected a folder RUNS/NAME with a {MANIFEST}, written by "
            "`crosstune study run`"
        )
    try:
        facts = json.loads(path.read_bytes())
        if design and isinstance(facts, dict):
            facts = {"design": design, **facts}
        return RecordedRun(facts, run.absolute().parent / "store")
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptArtifact(f"{path}: not the manifest of a run: {error}") from None


def recorded_verdicts(run: Path) -> list[EvaluatedSample]:
    """The judged answers of the run in the folder ``run`` (RUNS/NAME), read from RUNS/store.

    Raises:
        DataError: the folder has no run, or the run has no verdicts yet.
        CorruptArtifact: a stored result is missing or does not match its digest.
    """
    samples = list(recorded_run(run).judged())
    if not samples:
        raise DataError(f"{run}: this run has no verdicts yet; finish it with: crosstune study run")
    return samples
