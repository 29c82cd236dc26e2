"""`crosstune study report` from stored verdicts alone, also when the study's steps have changed since."""

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
from crosstune.study import OpenRun, open_run
from crosstune.study._plan import Evaluated
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
    """The file of a study all of whose verdicts are stored."""
    path = tmp_path / "study.yaml"
    path.write_text(STUDY)
    opened = open_run(path, tmp_path)
    judge(opened, opened.plan.evaluated)
    opened.conclude(forms=["csv"])
    return path


def judge(opened: OpenRun, steps: Iterable[Evaluated]) -> None:
    """Stores verdicts as their steps would."""
    for each in steps:
        step, language = each.step, each.step.name.rpartition("/")[2]
        rows = [row for row in ROWS if (row.model, row.language) == (each.model, language)]
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


def report(study: Path, *more: str) -> Result:
    words = ["study", "report", str(study), "--runs", str(study.parent), *more]
    return CliRunner().invoke(app, words, env={"COLUMNS": "120"})


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_verdicts_of_changed_steps_are_found_through_the_manifest(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    before, manifest = scores(folder), (folder / "manifest.json").read_bytes()
    (folder / "results.json").unlink()
    edit(study, "max_new_tokens: 64", "max_new_tokens: 65")
    found = report(study, "--format", "html,csv")
    assert found.exit_code == 0
    told = " ".join(found.output.split())
    assert "Verdicts as recorded on 20" in told
    assert "6 of 6 steps have changed since. To renew them: crosstune study run study.yaml" in told
    assert "6 of 6 steps have changed since" in (folder / "report" / "index.html").read_text()
    assert scores(folder) == before
    assert (folder / "manifest.json").read_bytes() == manifest


def test_half_of_the_verdicts_anew_are_not_mixed_with_old_ones(study: Path, tmp_path: Path) -> None:
    before = scores(tmp_path / "given")
    opened = edit(study, "max_new_tokens: 64", "max_new_tokens: 65")
    judge(opened, opened.plan.evaluated[:2])
    findings = opened.conclude(forms=["csv"]).findings
    assert findings
    assert "steps have changed since" in findings.run.notice
    assert scores(tmp_path / "given") == before
    judge(opened, opened.plan.evaluated[2:])
    findings = opened.conclude(forms=["csv"]).findings
    assert findings
    assert not findings.run.notice


def test_what_is_new_in_a_study_is_missing_and_the_rest_as_it_is(study: Path) -> None:
    opened = edit(study, "evaluate:", "  third: {path: models/third}\nevaluate:")
    outcome = opened.conclude(forms=["csv"])
    assert outcome.findings
    assert not outcome.findings.run.notice
    assert outcome.findings.models == ("base", "python")
    assert isinstance(report(study, "--format", "csv").exception, Incomplete)


def test_what_a_run_makes_is_never_taken_from_an_earlier_one(study: Path) -> None:
    opened = edit(study, "max_new_tokens: 64", "max_new_tokens: 65")
    assert opened.conclude(opened.survey(), forms=["csv"]).findings is None


def test_verdicts_that_are_gone_are_told(study: Path, tmp_path: Path) -> None:
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


def test_nothing_of_an_earlier_run_stays_beside_a_newer_one(study: Path, tmp_path: Path) -> None:
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


def test_an_unknown_format_is_told(study: Path) -> None:
    found = report(study, "--format", "csv,pdf")
    assert "unknown form 'pdf'" in str(found.exception)
    assert "latex" in str(found.exception)


def test_the_problems_own_tests_reach_the_report(study: Path) -> None:
    findings = open_run(study, study.parent).conclude(forms=["csv"]).findings
    assert findings
    keys = {(benchmark, language, task) for benchmark, language, task, _ in findings.run.tests}
    assert keys == set(findings.task_keys)
    assert all(findings.run.tests.values())
