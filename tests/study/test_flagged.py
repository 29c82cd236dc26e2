"""Problems flagged by decontamination reach the analysis, also through a mixed corpus."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.errors import SettingsError
from crosstune.hardware import GIB
from crosstune.study import Machine, Store, load_study, make_plan
from crosstune.study._gather import gather
from crosstune.study._manifest import manifest
from crosstune.study._recorded import RecordedRun
from crosstune.study._run import run
from tests.study.test_run import Notes

STUDY = """\
name: gated
corpora:
  leaky: {source: {jsonl: {path: leaky.jsonl, language: python}}}
  clean: {source: {jsonl: {path: clean.jsonl, language: python}}, near_duplicates: true, private: true}
  open: {source: {jsonl: {path: clean.jsonl, language: python}}, decontaminate: false}
  mixed: {mix: {leaky: 1, clean: 1}, size: 4}
  part-open: {mix: {leaky: 1, open: 1}, size: 4}
models:
  base: {corpus: mixed, recipe: tiny-base}
evaluate:
- {benchmark: exercises, languages: [python], tasks: [synthesize]}
"""


def test_flagged_problems_reach_the_analysis(tmp_path: Path) -> None:
    benchmark = BENCHMARKS.load("exercises")
    problem = benchmark.problems(benchmark.settings(), "python", "synthesize")[0]
    rows = [{"prompt": f"Say {word}.", "completion": f"print({word!r})"} for word in ("one", "two")]
    leak = {"prompt": "Do it.", "completion": f"{problem.canonical}\n{problem.tests}"}
    private = {"prompt": "Write to us.", "completion": "to = 'ann.lee@corp-mail.com'"}
    write(tmp_path / "leaky.jsonl", [*rows, leak])
    write(tmp_path / "clean.jsonl", [*rows, private, {"prompt": "NUL", "completion": "\0"}])
    (tmp_path / "study.yaml").write_text(STUDY)
    plan = make_plan(load_study(tmp_path / "study.yaml"))
    steps = tuple(step for step in plan.steps if step.kind.result == "corpus")
    store = Store(tmp_path / "store")
    machine = Machine(1, 8 * GIB)
    state = run(dataclasses.replace(plan, steps=steps), store, machine, Notes(), tmp_path / "errors")
    assert not state.messages
    corpora = {each.name: each for each in gather(RecordedRun(manifest(plan, state), store.root)).corpora}
    leaked = corpora["leaky"].flagged
    assert leaked
    assert ("exercises", "python", problem.id) in leaked
    assert corpora["clean"].flagged == ()
    assert corpora["open"].flagged is None
    assert corpora["mixed"].flagged == tuple(sorted(leaked))
    assert corpora["part-open"].flagged is None
    report = state.artifacts["corpus/clean"].metrics["corpus"]
    assert report["private"] == {"e-mail address": 1}
    assert report["clusters"] == []
    assert corpora["clean"].funnel == (("there were", 4), ("without: unusable: NUL", 3), ("taken", 3))
    assert "contains a NUL" in (state.artifacts["corpus/clean"].folder / "quarantine.jsonl").read_text()
    assert "user1@example.org" in " ".join(each.completion for each in corpora["clean"].samples)


def test_mixed_corpus_takes_no_filter_settings(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(STUDY.replace("size: 4}", "size: 4, private: true}", 1))
    with pytest.raises(SettingsError, match=r"study.yaml:6: corpora.mixed.private: only for a corpus with"):
        load_study(tmp_path / "study.yaml")


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
