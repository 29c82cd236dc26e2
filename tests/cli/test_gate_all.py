"""`crosstune benchmarks gate-all` judges the solutions of all benchmarks that are on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.rows import write_rows
from tests.cli.test_main import _crosstune

HUMANEVAL = {
    "task_id": "HumanEval/0",
    "prompt": "def double(n):\n",
    "entry_point": "double",
    "canonical_solution": "    return n + n\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}
MBPP = {
    "task_id": 11,
    "text": "Twice n.",
    "code": "def double(n):\n    return n + n\n",
    "test_setup_code": "",
    "test_list": ["assert double(2) == 4"],
}
CRUXEVAL = {"id": "sample_0", "code": "def f(n):\n    return n + 1", "input": "1", "output": "2"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One benchmark in a folder with its own name, one as in the Hub's cache, one below another folder."""
    cached = tmp_path / "datasets--google-research-datasets--mbpp" / "snapshots" / "0123"
    for folder, name, row in (
        (tmp_path / "HumanEval", "HumanEval.jsonl", HUMANEVAL),
        (cached, "mbpp.jsonl", MBPP),
        (tmp_path / "reasoning" / "cruxeval", "cruxeval.jsonl", CRUXEVAL),
    ):
        folder.mkdir(parents=True)
        write_rows(folder / name, row)
    return tmp_path


def gate_all(*arguments: Any, json_file: Path) -> dict[str, Any]:
    done = _crosstune("benchmarks", "gate-all", *arguments, "--json", json_file)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(json_file.read_text("utf-8"))
    return found


def test_benchmarks_are_found_and_judged(data: Path) -> None:
    names = ("humaneval", "mbpp", "cruxeval", "mceval")
    done = _crosstune("benchmarks", "gate-all", *names, "--data", data, "--languages", "python")
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    passed = {" ".join(line[:-4]): line[-4] for line in lines if line and "/" in line[-3]}
    assert set(passed.values()) == {"1/1"}
    assert set(passed) == {"humaneval", "mbpp", "cruxeval (output)", "cruxeval (input)"}
    assert "4 solutions in " in done.stdout
    assert "not judged: mceval: its files are not there" in done.stderr


def test_only_some_benchmarks_and_the_folder_of_one(data: Path) -> None:
    file = data / "gate.json"
    rows = gate_all("humaneval", "exercises", "--data", data, "--languages", "python", json_file=file)
    assert set(rows) == {"humaneval", "exercises"}
    assert (
        rows["exercises"]["python"]["buggy"]["passed"],
        rows["exercises"]["python"]["buggy"]["total"],
    ) == ((0, 60))
    elsewhere = (data / "HumanEval").rename(data / "elsewhere")
    rows = gate_all("humaneval", "--data", f"humaneval={elsewhere}", json_file=file)
    assert rows["humaneval"]["python"]["canonical"]["passed"] == 1


def test_a_stopped_gate_continues_from_its_cache(data: Path) -> None:
    cache = data / "verdicts.sqlite"
    arguments = ("humaneval", "mbpp", "--data", data, "--languages", "python", "--cache", cache)
    first = gate_all(*arguments, json_file=data / "first.json")
    assert cache.is_file()
    second = gate_all(*arguments, json_file=data / "second.json")
    assert [_passed(first), _passed(second)] == [{"humaneval": 1, "mbpp": 1}] * 2


def _passed(rows: dict[str, Any]) -> dict[str, int]:
    return {name: row["python"]["canonical"]["passed"] for name, row in rows.items()}


def test_a_wrong_solution_fails_the_gate_of_its_benchmark(data: Path) -> None:
    write_rows(data / "HumanEval" / "HumanEval.jsonl", HUMANEVAL | {"canonical_solution": "    return n\n"})
    done = _crosstune("benchmarks", "gate-all", "humaneval", "mbpp", "--data", data, "--languages", "python")
    assert done.returncode == 5
    assert "the gate of humaneval failed:\npython: canonical solution of HumanEval/0 failed" in done.stderr
    assert "the gate of mbpp" not in done.stderr


def test_bad_rows_are_named_and_left_out_on_request(data: Path) -> None:
    rows = data / "HumanEval" / "HumanEval.jsonl"
    write_rows(rows, HUMANEVAL, HUMANEVAL)
    words = ("benchmarks", "gate-all", "humaneval", "exercises", "--data", data, "--languages", " python")
    done = _crosstune(*words)
    assert done.returncode == 2
    assert f"{rows}:2: an earlier row has the id 'HumanEval/0' too" in done.stderr
    done = _crosstune(*words, "--allow-partial")
    assert done.returncode == 0, done.stderr
    assert f"left out: {rows}:2: an earlier row" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "nowhere"], "no such file or folder"),
        (["--data", "mbbp=."], "unknown benchmark 'mbbp'"),
        (["mceval"], "mceval: its files are not there"),
        (["humanevl"], "did you mean 'humaneval'"),
        (["--languages", "python,pyhton"], "unknown language 'pyhton'; "),
    ],
)
def test_invalid_option_is_reported(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = _crosstune("benchmarks", "gate-all", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
