"""Make a corpus folder from one source, by the same filters as a study's corpus."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune.corpus import _folder
from crosstune.corpus._assemble import assemble
from crosstune.corpus._card import write_card
from crosstune.corpus._mix import Part
from crosstune.corpus._mixture import path_digests, settings_with_digests
from crosstune.corpus._transform import TransformResult
from crosstune.corpus.filters import Dropped
from crosstune.files import write_text
from crosstune.made_with import CONTENTS
from crosstune.records import Problem, Progress
from crosstune.settings import Settings, digest
from crosstune.sources import Source

REPORT = "report.json"
"""A source may write this file with figures about its examples into its work folder: ``dropped`` counts rows
that it has dropped by reason."""


def make(
    source: Source,
    settings: Settings,
    out: Path,
    *,
    work: Path,
    problems: Sequence[Problem] = (),
    lacking: Mapping[str, str] | None = None,
    seed: int = 0,
    replace: bool = False,
    plot: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> TransformResult:
    """Make the corpus ``out``; a second call with the same settings and data does nothing.

    ``work`` is the source's folder, which survives a killed run. Examples that contain one of ``problems``
    are dropped; ``lacking`` are benchmarks without data, which the data card names. ``plot``: see
    `transform`.

    Raises:
        UsageError: ``out`` has other contents, and ``replace`` is not set.
        Incomplete: the disk is full, or the source could not make all examples; call it again.
        Other errors of the source.
    """
    texts = [[each.benchmark, each.language, each.id, each.instruction] for each in problems]
    own = [source.name, source.version, settings_with_digests(settings)]
    key = digest([_folder.VERSION, "source", own, seed, texts])

    def fill(folder: Path) -> Mapping[str, Any]:
        examples = source.examples(settings, work, progress)
        made = assemble(
            [Part(name=source.name, share=1, examples=examples)], size=None, seed=seed, problems=problems
        )
        index: dict[str, Any] = {"files": _folder.write_shards(folder, made.examples)}
        quarantined = _quarantine(work, folder)
        own_report = _report(work)
        dropped = Counter(own_report.get("dropped", {}))
        dropped.update(each.reason for each in made.report.dropped[source.name])
        _write_dropped(work, folder, made.report.dropped[source.name])
        index["made"] = {
            "step": source.name,
            "settings": settings.model_dump(mode="json"),
            "inputs": [{"name": source.name}],
            "read": len(made.examples) + dropped.total() + quarantined.total(),
            "quarantined": dict(sorted(quarantined.items())),
            "dropped": dict(dropped),
            "rows": len(made.examples),
            "report": {
                "guarded": [dataclasses.asdict(each) for each in made.report.guarded],
                "lacking": dict(lacking or {}),
                "source": own_report or None,
            },
        }
        write_card(folder, index, plot=plot)
        return index

    made_with = {
        "source": source.name,
        "settings": settings.model_dump(mode="json"),
        "seed": seed,
        "benchmark problems": len(problems),
        CONTENTS: {
            **{f"settings.{name}": found for name, found in path_digests(settings).items()},
            "benchmark problems": digest(texts),
        },
    }
    index, reused = _folder.build(out, key, fill, made_with=made_with, replace=replace)
    made = index["made"]
    return TransformResult(made["read"], made["rows"], made["dropped"], made["quarantined"], made, reused)


def _quarantine(work: Path, folder: Path) -> Counter[str]:
    """Copy the source's unusable rows, and count their reasons."""
    file = work / _folder.QUARANTINE
    if not file.exists():
        return Counter()
    shutil.copyfile(file, folder / _folder.QUARANTINE)
    return Counter(json.loads(line)["reason"] for line in file.read_text("ascii").splitlines())


def _write_dropped(work: Path, folder: Path, dropped: Sequence[Dropped]) -> None:
    """The rows that the source itself has dropped, if it lists them, and those that were dropped here."""
    own = work / _folder.DROPPED
    text = own.read_text("utf-8") if own.exists() else ""
    text += "".join(f"{json.dumps(dataclasses.asdict(each), ensure_ascii=False)}\n" for each in dropped)
    if text:
        write_text(folder / _folder.DROPPED, text)


def _report(work: Path) -> dict[str, Any]:
    path = work / REPORT
    return dict(json.loads(path.read_bytes())) if path.exists() else {}
