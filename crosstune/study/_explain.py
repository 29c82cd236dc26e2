"""Explain why a step will run again: list what has changed since the study last ran."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crosstune.errors import CorruptArtifact
from crosstune.files import write_json
from crosstune.study._manifest import subject_fields
from crosstune.study._plan import Plan, Step

RecordedPlan = Mapping[str, Mapping[str, Any]]
"""By step name: the key, and everything that determines it."""


def record(plan: Plan, path: Path) -> None:
    """Write everything that determines each step's key, for a later `changes`."""
    write_json(
        path,
        {
            step.name: {
                "kind": step.kind.name,
                **subject_fields(step.subject),
                "key": step.key,
                "version": step.kind.version,
                "settings": step.plain_settings,
                "inputs": {role: before.name for role, before in step.inputs.items()},
                "input_keys": {role: before.key for role, before in step.inputs.items()},
            }
            for step in plan.steps
        },
        sync=True,
    )


def recorded(path: Path) -> RecordedPlan:
    """Read what `record` wrote; empty if this study has not run yet.

    Raises:
        CorruptArtifact: the file is not a recorded plan.
    """
    try:
        plan = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        plan = None
    if not isinstance(plan, dict):
        raise CorruptArtifact(f"{path}: not a recorded plan. Remove it: it only explains changes")
    return plan


def changes(step: Step, before: RecordedPlan) -> list[str]:
    """One line per difference, `field: old → new`; empty if the step is new or unchanged."""
    old = before.get(step.name)
    if old is None or old["key"] == step.key:
        return []
    lines = [
        f"{name}: {_short(was)} → {_short(now)}"
        for name, was, now in _differences(_flat(old["settings"]), _flat(step.plain_settings))
    ]
    if old["version"] != step.kind.version:
        lines.append(f"version of this step: {old['version']} → {step.kind.version}")
    for role, now in step.inputs.items():
        if role not in old["inputs"]:
            lines.append(f"{role}: {now.name} is new")
        elif old["inputs"][role] != now.name:
            lines.append(f"{role}: {old['inputs'][role]} → {now.name}")
        elif old["input_keys"][role] != now.key:
            lines.append(f"{role}: {now.name} changed")
    return lines


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield name, old.get(name), new.get(name)


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if isinstance(value, Mapping):
        parts = [_flat(item, f"{name}.{key}" if name else str(key)) for key, item in value.items()]
        return {key: item for part in parts for key, item in part.items()}
    return {name: json.loads(json.dumps(value))}


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
