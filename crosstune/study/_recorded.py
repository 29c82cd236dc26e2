"""What the manifest of a run leads to: its steps' results in the store. No study file is needed."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crosstune.errors import CorruptArtifact, DataError
from crosstune.records import EvaluatedSample, from_json
from crosstune.study._steps import JUDGED
from crosstune.study._store import MANIFEST, Artifact

OF_MODEL = re.compile(r"(?P<kind>tune|judge)/(?P<model>.+?)/s(?P<seed>\d+)(?:/[^/]+/[^/]+)?")
"""The name of a step that makes or judges a model: model and seed are nowhere else, since equal work of two
models shares one artifact."""


class Record:
    """``facts`` is what a run's manifest says; ``store`` holds the results it names."""

    def __init__(self, facts: Mapping[str, Any], store: Path) -> None:
        self.facts, self.store = facts, store
        self.steps: Mapping[str, Mapping[str, Any]] = {step["name"]: step for step in facts["steps"]}
        self.names = {step["key"]: name for name, step in self.steps.items() if "key" in step}

    def made(self, kind: str) -> Iterator[tuple[str, Artifact]]:
        """The finished steps of a kind, by name, in the run's order.

        Raises:
            CorruptArtifact: the result of one is gone.
        """
        for name, step in self.steps.items():
            if step["artifact"] and name.partition("/")[0] == kind:
                yield name, self._artifact(name, self.store / step["artifact"])

    def by_model(self, kind: str) -> Iterator[tuple[tuple[str, int], Artifact]]:
        """The same, of a kind that belongs to a model and a seed."""
        for name, artifact in self.made(kind):
            if found := OF_MODEL.fullmatch(name):
                yield (found["model"], int(found["seed"])), artifact

    def judged(self) -> Iterator[EvaluatedSample]:
        """
        Raises:
            CorruptArtifact: a stored result is gone or does not match its digest.
        """
        for (model, seed), artifact in self.by_model("judge"):
            artifact.verify()
            with gzip.open(artifact.folder / JUDGED, "rt", encoding="utf-8") as file:
                for line in file:
                    yield dataclasses.replace(from_json(EvaluatedSample, line), model=model, seed=seed)

    @property
    def judged_on(self) -> str:
        """The day of the newest verdict (UTC); empty where there is none."""
        return max((artifact.finished[:10] for _, artifact in self.made("judge")), default="")

    def _artifact(self, name: str, folder: Path) -> Artifact:
        path = folder / MANIFEST
        if not path.is_file():
            raise CorruptArtifact(f"{folder}: the result of {name} is gone; run the study again")
        return Artifact(folder, json.loads(path.read_bytes()))


def recorded_run(run: Path) -> Record:
    """The run in the folder ``run`` (RUNS/NAME), whose results are in RUNS/store.

    Raises:
        DataError: no run stands there.
        CorruptArtifact: its manifest is not one.
    """
    path = run / MANIFEST
    if not path.is_file():
        raise DataError(
            f"{run}: no run stands here: expected a folder RUNS/NAME with a {MANIFEST}, as `crosstune study "
            "run` leaves it"
        )
    try:
        return Record(json.loads(path.read_bytes()), run.absolute().parent / "store")
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptArtifact(f"{path}: not the manifest of a run: {error}") from None


def recorded_verdicts(run: Path) -> list[EvaluatedSample]:
    """What the run in the folder ``run`` (RUNS/NAME) judged, out of RUNS/store.

    Raises:
        DataError: no run stands there, or it has no verdicts yet.
        CorruptArtifact: a stored result is gone or does not match its digest.
    """
    found = list(recorded_run(run).judged())
    if not found:
        raise DataError(f"{run}: this run has no verdicts yet; finish it with: crosstune study run")
    return found
