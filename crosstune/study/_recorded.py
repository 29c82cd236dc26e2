"""The verdicts of a run that is over, found through its own manifest: no study file is needed."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crosstune.errors import CorruptArtifact, DataError
from crosstune.records import Judged, from_json
from crosstune.study._steps import JUDGED
from crosstune.study._store import MANIFEST, Artifact

JUDGING = re.compile(r"judge/(?P<model>.+)/s(?P<seed>\d+)/[^/]+/[^/]+")
"""The name of a step that judges: the model and seed are nowhere else, since equal answers of two models
share one artifact."""


def recorded_verdicts(run: Path) -> list[Judged]:
    """What the run in the folder ``run`` (RUNS/NAME) judged, out of RUNS/store.

    Raises:
        DataError: no run stands there, or it has no verdicts yet.
        CorruptArtifact: a stored result is gone or does not match its digest.
    """
    path = run / MANIFEST
    if not path.is_file():
        raise DataError(
            f"{run}: no run stands here: expected a folder RUNS/NAME with a {MANIFEST}, as `crosstune study "
            "run` leaves it"
        )
    try:
        steps = json.loads(path.read_bytes())["steps"]
        found = list(_verdicts(run.absolute().parent / "store", steps))
    except (ValueError, KeyError, TypeError) as fault:
        raise CorruptArtifact(f"{path}: not the manifest of a run: {fault}") from None
    if not found:
        raise DataError(f"{run}: this run has no verdicts yet; finish it with: crosstune study run")
    return found


def _verdicts(store: Path, steps: list[Mapping[str, Any]]) -> Iterator[Judged]:
    for step in steps:
        name = JUDGING.fullmatch(step["name"])
        if not name or not step["artifact"]:
            continue
        folder = store / step["artifact"]
        if not (folder / MANIFEST).is_file():
            raise CorruptArtifact(f"{folder}: the verdicts of {step['name']} are gone; run the study again")
        artifact = Artifact(folder, json.loads((folder / MANIFEST).read_bytes()))
        artifact.verify()
        with gzip.open(folder / JUDGED, "rt", encoding="utf-8") as file:
            for line in file:
                row = from_json(Judged, line)
                yield dataclasses.replace(row, model=name["model"], seed=int(name["seed"]))
