"""The gate."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS, _rows
from crosstune.errors import DataError, GateFailed, PrerequisiteError
from crosstune.execution import requirements
from crosstune.records import CallCase, Problem
from crosstune.scoring import Gate, GateTask, gate
from tests.shared import shared_data

BENCHMARK = BENCHMARKS.load("humanevalpack")


def row(number: int, canonical: str, buggy: str) -> dict[str, str]:
    return {
        "task_id": f"Python/{number}",
        "prompt": "def double(n):\n",
        "declaration": "def double(n):\n",
        "canonical_solution": f"    return {canonical}\n",
        "buggy_solution": f"    return {buggy}\n",
        "test": f"assert double(2) == 4  # {number}\n",
        "entry_point": "double",
        "docstring": "Twice n.",
        "instruction": "Twice n.",
    }


def run(folder: Path, rows: list[dict[str, str]]) -> Gate:
    (folder / "python.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return gate(BENCHMARK, BENCHMARK.settings(data=folder), ["python"])  # type: ignore[call-arg]


def test_a_gate_passes(tmp_path: Path) -> None:
    result = run(tmp_path, [row(0, "n + n", "n"), row(1, "2 * n", "n - 1")])
    counts = result.languages["python"]
    assert (counts["canonical"].passed, counts["canonical"].total, counts["canonical"].failed) == (2, 2, ())
    assert (counts["buggy"].passed, counts["buggy"].total, counts["buggy"].failed) == (0, 2, ())
    assert counts["buggy"].statuses == {"wrong_answer": 2}
    result.check()
    assert {"python"} == set(json.loads(json.dumps(result.rows())))
    assert {
        *("passed", "total", "failed", "excused", "unstable", "statuses", "seconds"),
        *("unjudged", "reasons"),
    } == set(result.rows()["python"]["buggy"])


def test_a_gate_fails(tmp_path: Path) -> None:
    result = run(tmp_path, [row(0, "n + n", "n"), row(1, "n", "n"), row(2, "n * 2", "n * 2")])
    assert result.languages["python"]["canonical"].failed == ("Python/1",)
    assert result.languages["python"]["buggy"].failed == ("Python/2",)
    with pytest.raises(
        GateFailed, match=r"canonical solution of Python/1 failed\n.*buggy solution of Python/2 passed"
    ):
        result.check()


def test_known_defects_are_excused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BENCHMARKS.load("humanevalpack").problems.__globals__["DEFECTS"], "Python/1", "known")
    result = run(tmp_path, [row(0, "n + n", "n"), row(1, "n", "2 * n")])
    counts = result.languages["python"]
    assert [counts["canonical"].failed, counts["buggy"].failed] == [("Python/1",), ("Python/1",)]
    assert [counts["canonical"].excused, counts["buggy"].excused] == [("Python/1",), ("Python/1",)]
    result.check()


def test_progress_is_reported(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    (tmp_path / "python.jsonl").write_text(json.dumps(row(0, "n + n", "n")), "utf-8")
    settings = BENCHMARK.settings(data=tmp_path)  # type: ignore[call-arg]
    gate(BENCHMARK, settings, ["python"], progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 2), (2, 2)]


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no problems in 'html'; its languages: python"):
        gate(BENCHMARK, BENCHMARK.settings(data=tmp_path), ["html"])  # type: ignore[call-arg]


def test_tasks_with_the_same_solutions_are_judged_once() -> None:
    exercises = BENCHMARKS.load("exercises")
    assert len(exercises.tasks) > 1
    one = GateTask(benchmark=exercises, settings=exercises.settings(), languages=["python"])
    assert [each.task for each in one.distinct()] == [exercises.tasks[0]]
    changed = replace(exercises, problems=_numbered_by_task)
    several = replace(one, benchmark=changed).distinct()
    assert [each.task for each in several] == list(exercises.tasks)


def _numbered_by_task(settings: object, language: str, task: str) -> list[Problem]:
    (problem, *_) = BENCHMARKS.load("exercises").problems(settings, language, task)
    return [replace(problem, tests="", cases=(CallCase(problem.entry_point, [[len(task)]], [task]),))]


# Rows at which to begin, so that none of the buggy solutions that never end is among them: each costs
# all of its time.
SAMPLES = [("python", 3, 2), ("javascript", 3, 8), ("cpp", 3, 50), ("java", 3, 50)]


@pytest.mark.parametrize(("language", "first", "step"), SAMPLES)
def test_the_published_solutions_pass_the_gate(language: str, first: int, step: int, tmp_path: Path) -> None:
    file = _rows.find(shared_data("humanevalpack"), language)
    rows = _rows.read(file, ("task_id",))[first::step]
    (tmp_path / f"{language}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    settings = BENCHMARK.settings(data=tmp_path)  # type: ignore[call-arg]
    if missing := [n for n in [*requirements(language), *_rows.libraries(language)] if not n.met]:
        pytest.skip(f"{language} cannot be run here: {missing[0].what} is missing")
    counts = gate(BENCHMARK, settings, [language], workers=2)
    counts.check()
    result = counts.languages[language]
    assert (len(rows), len(rows), 0) == (
        result["canonical"].passed,
        result["buggy"].total,
        result["buggy"].passed,
    )


def test_what_could_not_be_judged_is_named_once_and_is_no_wrong_outcome(tmp_path: Path) -> None:
    broken = {"test": "import no_such_package\nassert double(2) == 4\n"}
    result = run(tmp_path, [row(n, "n + n", "n") | broken for n in range(3)])
    assert result.failures == []
    assert result.languages["python"]["buggy"].unjudged == ("Python/0", "Python/1", "Python/2")
    with pytest.raises(PrerequisiteError, match="6 solutions could not be judged") as caught:
        result.check()
    assert str(caught.value).count("no_such_package") == 1
    assert "\n  6 x python: the tests need" in str(caught.value)
    other = tmp_path / "other"
    other.mkdir()
    wrong = run(other, [row(0, "n + n", "n") | broken, row(1, "n", "n")])
    with pytest.raises(GateFailed, match=r"Python/1 failed\n2 solutions could not be judged") as failed:
        wrong.check()
    assert "Python/0" not in str(failed.value)
