"""Run folders and stores of version 0.1 are read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import CorruptArtifact
from crosstune.records import Completion, Status
from crosstune.study import Store, recorded_verdicts
from crosstune.study._recorded import recorded_run
from crosstune.study.steps.generate import read_completions

ROW = {
    "model": "",
    "seed": 0,
    "benchmark": "exercises",
    "language": "python",
    "task": "fix",
    "problem": "plus-4",
    "sample": 0,
    "prompt": "",
    "text": "",
    "candidate": "",
    "label": "wrong_answer",
    "stage": "run",
    "stdout": "",
    "stderr": "",
    "cpu_seconds": 0.1,
    "defect": "",
}
COMPLETION = {
    "problem": "plus-4",
    "benchmark": "exercises",
    "language": "python",
    "task": "fix",
    "sample": 0,
    "prompt": "",
    "text": "",
    "finish": "length",
}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run with models one of whose names begins with the other's, as version 0.1 left it."""
    steps = [made(tmp_path, "corpus", "corpus/raw", "01")]
    for number, model in enumerate(("base", "base/s1/tuned"), 2):
        steps.append(made(tmp_path, "tune", f"tune/{model}/s1", f"a{number}"))
        steps.append(made(tmp_path, "judge", f"judge/{model}/s1/exercises-2/python", f"b{number}"))
    design = {"models": [{"name": "base"}, {"name": "base/s1/tuned"}]}
    write(tmp_path / "demo" / "manifest.json", {"seeds": [0, 1], "design": design, "steps": steps})
    return tmp_path / "demo"


def made(root: Path, kind: str, name: str, key: str) -> dict[str, Any]:
    folder = Store(root / "store").path(kind, name, key)
    write(folder / "manifest.json", {"key": key, "kind": kind, "metrics": {}, "inputs": {}, "files": {}})
    with gzip.open(folder / "judged.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(ROW) + "\n")
    return {"name": name, "key": key, "state": "done", "artifact": f"{kind}/{folder.name}"}


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), "utf-8")


def test_verdicts_of_a_legacy_run_are_read(run: Path) -> None:
    samples = recorded_verdicts(run)
    assert [(each.model, each.seed) for each in samples] == [("base", 1), ("base/s1/tuned", 1)]
    assert {each.status for each in samples} == {Status.WRONG_ANSWER}


def test_results_of_a_legacy_run_have_kind_and_subject(run: Path) -> None:
    found = recorded_run(run)
    assert [step.corpus for step in found.results("corpus")] == ["raw"]
    assert [step.model for step in found.results("tune")] == [("base", 1), ("base/s1/tuned", 1)]


def test_design_is_given_where_the_manifest_has_none(run: Path) -> None:
    facts = json.loads((run / "manifest.json").read_text())
    design = facts.pop("design")
    write(run / "manifest.json", facts)
    assert [step.model for step in recorded_run(run, design).results("tune")] == [
        ("base", 1),
        ("base/s1/tuned", 1),
    ]


def test_completions_of_a_legacy_store_are_read(tmp_path: Path) -> None:
    (tmp_path / "completions.jsonl").write_text(json.dumps(COMPLETION) + "\n", "utf-8")
    expected = Completion(
        problem="plus-4",
        benchmark="exercises",
        language="python",
        task="fix",
        sample=0,
        prompt="",
        text="",
        finish_reason="length",
    )
    assert list(read_completions(tmp_path)) == [expected]


@pytest.mark.parametrize("text", ["[]", "{}", "{"])
def test_other_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(CorruptArtifact, match=r"manifest.json: not the manifest of a run"):
        recorded_run(tmp_path)
