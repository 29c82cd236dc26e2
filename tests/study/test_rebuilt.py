"""`crosstune study report` uses stored verdicts only, also when the study's steps have changed since."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from crosstune.cli._main import app
from crosstune.errors import CorruptArtifact, Incomplete
from crosstune.records import to_json
from crosstune.study import OpenRun, Step, open_run
from tests.analysis import synthetic

STUDY = """\
name: given
baseline: base
models:
  base: {path: models/base}
  python: {path: models/python}
evaluate:
- {benchmark: exercises, languages: [python, javascript], tasks: [synthesize], decoding: {max_new_tokens: 64}}
"""
ROWS = [row for row in synthetic.run(hostile=False).judged if row.seed == 0 and row.task == "synthesize"]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The file of a study with all its verdicts in the store."""
    path = tmp_path / "study.yaml"
    path.write_text(STUDY)
    opened = open_run(path, tmp_path)
    judge(opened, opened.plan.making("judge"))
    opened.conclude(formats=["csv"])
    return path


def judge(opened: OpenRun, steps: Iterable[Step]) -> None:
    """Store verdicts as the steps would."""
    for step in steps:
        (language,) = step.subject.languages
        rows = [row for row in ROWS if (row.model, row.language) == (step.subject.model, language)]
        with opened.store.claim("judge", step.name, step.key) as (out, _):
            with gzip.open(out / "judged.jsonl.gz", "wt", encoding="utf-8") as file:
                file.writelines(to_json(replace(row, model="")) + "\n" for row in rows)
            facts = {"inputs": {}, "metrics": {}, "seconds": 1.0}
            opened.store.commit("judge", step.name, step.key, facts)


def edit(study: Path, before: str, after: str) -> OpenRun:
    text = study.read_text()
    assert before in text
    study.write_text(text.replace(before, after))
    return open_run(study, study.parent)


def scores(folder: Path) -> dict[str, float]:
    found = json.loads((folder / "results.json").read_bytes())["scores"]
    return {f"{score['model']}/{score['language']}": score["pass_at_1"] for score in found}


def test_run_needs_neither_machine_nor_listener(study: Path) -> None:
    findings = open_run(study, study.parent).run().findings
    assert findings is not None
    assert len(findings.scores) == 4


def report(study: Path, *more: str) -> Result:
    words = ["study", "report", str(study), "--runs", str(study.parent), *more]
    return CliRunner().invoke(app, words, env={"COLUMNS": "120"})


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_verdicts_of_changed_steps_are_read_through_the_manifest(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    before, manifest = scores(folder), (folder / "manifest.json").read_bytes()
    (folder / "results.json").unlink()
    edit(study, "max_new_tokens: 64", "max_new_tokens: 65")
    found = report(study, "--format", "html,csv")
    assert found.exit_code == 0
    output = " ".join(found.output.split())
    assert "Verdicts as recorded on 20" in output
    assert "6 of 6 steps have changed since. To renew them: crosstune study run study.yaml" in output
    assert "6 of 6 steps have changed since" in (folder / "report" / "index.html").read_text()
    assert scores(folder) == before
    assert (folder / "manifest.json").read_bytes() == manifest


def test_new_verdicts_are_not_mixed_with_old_ones(study: Path, tmp_path: Path) -> None:
    before = scores(tmp_path / "given")
    opened = edit(study, "max_new_tokens: 64", "max_new_tokens: 65")
    judge(opened, opened.plan.making("judge")[:2])
    findings = opened.conclude(formats=["csv"]).findings
    assert findings
    assert "steps have changed since" in findings.run.notice
    assert scores(tmp_path / "given") == before
    judge(opened, opened.plan.making("judge")[2:])
    findings = opened.conclude(formats=["csv"]).findings
    assert findings
    assert not findings.run.notice


def test_added_model_is_missing_and_others_are_reported(study: Path) -> None:
    opened = edit(study, "evaluate:", "  third: {path: models/third}\nevaluate:")
    outcome = opened.conclude(formats=["csv"])
    assert outcome.findings
    assert not outcome.findings.run.notice
    assert outcome.findings.models == ("base", "python")
    assert isinstance(report(study, "--format", "csv").exception, Incomplete)


def test_finished_run_uses_no_earlier_verdicts(study: Path) -> None:
    opened = edit(study, "max_new_tokens: 64", "max_new_tokens: 65")
    assert opened.conclude(opened.survey(), formats=["csv"]).findings is None


def test_deleted_verdicts_are_reported(study: Path, tmp_path: Path) -> None:
    edit(study, "max_new_tokens: 64", "max_new_tokens: 65")
    victim = next((tmp_path / "store" / "judge").iterdir())
    victim.rename(tmp_path / "elsewhere")
    found = report(study)
    assert isinstance(found.exception, CorruptArtifact)
    assert f"{victim}: the result of judge/" in str(found.exception)


@pytest.mark.parametrize(
    ("form", "where", "written"),
    [
        ("html", "report", {"index.html", "figures"}),
        ("markdown", "tables", {"transfer.md", "gains.md", "problems.md", "verdicts.md"}),
        ("latex", "tables", {"transfer.tex", "gains.tex", "problems.tex", "verdicts.tex"}),
        ("lm-eval", "exports/python", {"lm-eval.json"}),
        ("hub", "exports/python", {"model-index.yaml"}),
    ],
)
def test_each_format_writes_its_own_files(
    study: Path, tmp_path: Path, form: str, where: str, written: set[str]
) -> None:
    folder = tmp_path / "given"
    for path in (folder / "tables").iterdir():
        path.unlink()
    found = report(study, "--format", form)
    assert isinstance(found.exception, Incomplete)  # nothing was generated, only judged
    assert written <= names(folder / where)
    assert names(folder) <= {"manifest.json", "results.json", "tables", where.partition("/")[0]}
    assert str(folder / where.partition("/")[0]) in found.output


def test_stale_files_of_an_earlier_run_are_removed(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    for name in ("tables/control.csv", "tables/own.txt", "exports/gone/lm-eval.json", "exports/gone/own.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "exports" / "gone" / ".eval_results").mkdir()
    (folder / "exports" / "gone" / ".eval_results" / "humanevalpack.yaml").touch()
    report(study, "--format", "csv,lm-eval,hub")
    assert names(folder / "exports" / "gone") == {"own.txt"}
    assert "own.txt" in names(folder / "tables")
    assert "control.csv" not in names(folder / "tables")


def test_unknown_format_is_reported(study: Path) -> None:
    found = report(study, "--format", "csv,pdf")
    assert "unknown format 'pdf'" in str(found.exception)
    assert "latex" in str(found.exception)


def test_tests_of_the_problems_reach_the_report(study: Path) -> None:
    findings = open_run(study, study.parent).conclude(formats=["csv"]).findings
    assert findings
    keys = {(benchmark, language, task) for benchmark, language, task, _ in findings.run.tests}
    assert keys == set(findings.task_keys)
    assert all(findings.run.tests.values())
