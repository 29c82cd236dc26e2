"""`crosstune benchmarks` lists and shows problems, and forms are accepted where a benchmark's name is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from crosstune.errors import SettingsError
from crosstune.study import load_study
from tests.benchmarks.rows import write_rows
from tests.cli.test_main import _crosstune

FORM = """\
name: own
title: Our own
data: rows.jsonl
languages: [python]
id: "{id}"
instruction: "{question}"
entry_point: "{function}"
tests: "{tests}"
solution: "{solution}"
"""
ROW = {
    "id": "a",
    "question": "Double a number.",
    "function": "double",
    "tests": "assert double(2) == 4",
    "solution": "def double(n):\n    return 2 * n",
}
STUDY = """\
name: own
benchmarks: {forms/own.yaml: {cpu_seconds: 3}}
models: {given: {path: ./model}}
evaluate: [{benchmark: forms/own.yaml}]
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    write_rows(tmp_path / "forms" / "rows.jsonl", ROW, {**ROW, "id": "b", "solution": "def double(n): ..."})
    path = tmp_path / "forms" / "own.yaml"
    path.write_text(FORM, "utf-8")
    return path


def test_all_benchmarks_are_listed() -> None:
    done = _crosstune("benchmarks", "list")
    assert done.returncode == 0, done.stderr
    assert "multipl-e-humaneval" in done.stdout
    assert "give --data" in done.stdout


def test_form_is_listed_shown_and_judged(form: Path) -> None:
    listed = _crosstune("benchmarks", "list", form)
    assert "python 2" in listed.stdout, listed.stderr
    shown = _crosstune("benchmarks", "show", form, "a", "--prompt", "chat")
    assert "----- prompt (chat) -----\nDouble a number.\n" in shown.stdout, shown.stderr
    assert "----- tests -----\nassert double(2) == 4\n" in shown.stdout
    gate = _crosstune("gate", form, "--json", form.with_name("gate.json"))
    assert (gate.returncode, "python: canonical solution of b failed" in gate.stderr) == (5, True)
    assert json.loads(form.with_name("gate.json").read_text())["python"]["canonical"]["passed"] == 1


def test_answers_to_a_forms_problems_are_judged(form: Path) -> None:
    answers = form.with_name("answers.jsonl")
    write_rows(answers, {"problem": "a", "language": "python", "answer": "def double(n):\n    return n + n"})
    verdicts = form.with_name("verdicts.jsonl")
    done = _crosstune("judge", "--answers", answers, "--benchmark", form, "-o", verdicts)
    assert done.returncode == 0, done.stderr
    assert json.loads(verdicts.read_text())["verdict"] == "passed"


def test_bad_rows_are_refused_or_left_out(form: Path) -> None:
    write_rows(form.with_name("rows.jsonl"), ROW, {"id": "b"}, ROW)
    done = _crosstune("benchmarks", "show", form, "a")
    assert done.returncode == 2
    assert "rows.jsonl:2: instruction: column 'question': expected text, found nothing" in done.stderr
    assert "rows.jsonl:3: an earlier row has the id 'a' too" in done.stderr
    assert _crosstune("benchmarks", "show", form, "a", "--allow-partial").returncode == 0
    gate = _crosstune("gate", form, "--allow-partial")
    assert (gate.returncode, gate.stderr.count("left out: ")) == (0, 2)


def test_gate_takes_solutions_from_answers(form: Path) -> None:
    answers = write_rows(
        form.with_name("answers.jsonl"),
        {"problem": "b", "language": "python", "answer": "```python\ndef double(n):\n    return n + n\n```"},
    )
    done = _crosstune("gate", form, "--solutions", answers)
    assert done.returncode == 0, done.stderr
    assert "1/1" in done.stdout
    assert _crosstune("gate", form, "--solutions", "none.jsonl").returncode == 2


def test_form_is_proposed(form: Path) -> None:
    out = form.with_name("proposed.yaml")
    done = _crosstune("benchmarks", "extract-form", form.with_name("rows.jsonl"), "-o", out, "--name", "new")
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(out.read_text())["name"] == "new"
    assert "python 2" in _crosstune("benchmarks", "list", out).stdout
    out.write_text(FORM)
    again = ("benchmarks", "extract-form", form.with_name("rows.jsonl"), "-o", out)
    refused = _crosstune(*again)
    assert (refused.returncode, out.read_text()) == (2, FORM)
    assert "give --replace" in refused.stderr
    assert (_crosstune(*again, "--replace").returncode, out.read_text() == FORM) == (0, False)


def test_gate_without_solutions_is_none(form: Path) -> None:
    write_rows(form.with_name("rows.jsonl"), {**ROW, "solution": ""})
    gate = _crosstune("gate", form)
    assert gate.returncode == 2
    assert "own has no solutions in python, so nothing was judged; --solutions takes them" in gate.stderr


def test_study_evaluates_a_form(form: Path) -> None:
    path = form.parent.parent / "study.yaml"
    path.write_text(STUDY, "utf-8")
    study = load_study(path)
    (selection,) = study.evaluated()
    assert (selection.benchmark, [each.id for each in selection.problems()]) == ("own", ["a", "b"])
    assert [evaluation.name for evaluation in study.evaluations()] == ["given/s0/own"]
    assert [each.met for each in selection.requirements()] == [True]
    limits = next(iter(selection.problems())).limits
    assert limits is not None
    assert limits.cpu_seconds == 3


def test_two_forms_of_one_name_are_refused(form: Path) -> None:
    path = form.parent.parent / "study.yaml"
    form.with_name("copy.yaml").write_text(FORM, "utf-8")
    two = "evaluate: [{benchmark: forms/own.yaml}, {benchmark: forms/copy.yaml}]"
    path.write_text(STUDY.replace("evaluate: [{benchmark: forms/own.yaml}]", two), "utf-8")
    with pytest.raises(SettingsError, match=r"study.yaml:4: .*have the same name, 'own'"):
        load_study(path)


def test_steps_depend_on_the_contents_of_form_and_rows(form: Path) -> None:
    path = form.parent.parent / "study.yaml"
    write_rows(path.with_name("model") / "config.json", {})
    path.write_text(STUDY, "utf-8")
    keys = {_plan(path)}
    form.write_text(FORM.replace("{question}", "{question} Quickly."), "utf-8")
    keys.add(_plan(path))
    write_rows(form.with_name("rows.jsonl"), ROW)
    keys.add(_plan(path))
    form.rename(form.with_name("other.yaml"))
    path.write_text(STUDY.replace("own.yaml", "other.yaml"), "utf-8")
    keys.add(_plan(path))  # the name is not part of it
    assert len(keys) == 3


def _plan(path: Path) -> str:
    """The key of the generation, computed in a process that has loaded nothing."""
    code = (
        "import sys; from pathlib import Path; from crosstune.study import load_study, make_plan;"
        "print([s.key for s in make_plan(load_study(Path(sys.argv[1]))).steps if 'generate/' in s.name])"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert len(done.stdout) > 60
    return done.stdout
