"""Read run folders and stores written by version 0.1."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from crosstune.records import from_row

R = TypeVar("R")

_FIELDS = {"label": "status", "finish": "finish_reason"}
"""Fields in version 0.1 and their present names."""


def read(kind: type[R], line: str | bytes) -> R:
    """Read a record of this version or of 0.1; see `crosstune.records.from_json`."""
    row = json.loads(line)
    return from_row(kind, {_FIELDS.get(name, name): value for name, value in row.items()})


def with_subjects(facts: Any) -> dict[str, Any]:
    """Add the kind and the subject of each step to a run's manifest.

    A manifest of 0.1 has neither. They are read from the steps' names, ``tune/MODEL/sSEED`` and
    ``judge/MODEL/sSEED/BENCHMARK/LANGUAGE``, with the models and seeds that the manifest lists.

    Raises:
        TypeError, KeyError: ``facts`` is not a manifest.
    """
    if not isinstance(facts, Mapping):
        raise TypeError(f"expected a JSON object, found {type(facts).__name__}")
    subjects = dict(_subjects(facts))
    return {**facts, "steps": [{**_subject(step, subjects), **step} for step in facts["steps"]]}


def _subject(step: Mapping[str, Any], subjects: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    if "kind" in step:
        return {}
    kind, _, rest = step["name"].partition("/")
    if kind == "corpus":
        return {"kind": kind, "result": kind, "corpus": rest}
    owner = next((subject for name, subject in subjects.items() if f"{rest}/".startswith(f"{name}/")), {})
    return {"kind": kind, "result": kind, **owner}


def _subjects(facts: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield model and seed by the common part of their steps' names, the longest first."""
    names = [model["name"] for model in facts.get("design", {}).get("models", [])]
    for model in sorted(names, key=len, reverse=True):
        for seed in facts.get("seeds", []):
            yield f"{model}/s{seed}", {"model": model, "seed": seed}
