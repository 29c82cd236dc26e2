"""The gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS, _rows
from crosstune.errors import DataError, GateFailed
from crosstune.execution import requirements
from crosstune.scoring._gate import Gate, gate
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


def run(place: Path, rows: list[dict[str, str]]) -> Gate:
    (place / "python.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return gate(BENCHMARK, BENCHMARK.settings(data=place), ["python"])  # type: ignore[call-arg]


def test_a_gate_that_holds(tmp_path: Path) -> None:
    found = run(tmp_path, [row(0, "n + n", "n"), row(1, "2 * n", "n - 1")])
    tried = found.languages["python"]
    assert (tried["canonical"].passed, tried["canonical"].total, tried["canonical"].failed) == (2, 2, ())
    assert (tried["buggy"].passed, tried["buggy"].total, tried["buggy"].failed) == (0, 2, ())
    assert tried["buggy"].statuses == {"wrong_answer": 2}
    found.check()
    assert {"python"} == set(json.loads(json.dumps(found.rows())))
    assert {"passed", "total", "failed", "excused", "statuses", "seconds"} == set(
        found.rows()["python"]["buggy"]
    )


def test_a_gate_that_does_not(tmp_path: Path) -> None:
    found = run(tmp_path, [row(0, "n + n", "n"), row(1, "n", "n"), row(2, "n * 2", "n * 2")])
    assert found.languages["python"]["canonical"].failed == ("Python/1",)
    assert found.languages["python"]["buggy"].failed == ("Python/2",)
    with pytest.raises(
        GateFailed, match=r"canonical solution of Python/1 failed\n.*buggy solution of Python/2 passed"
    ):
        found.check()


def test_known_defects_are_excused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BENCHMARKS.load("humanevalpack").problems.__globals__["DEFECTS"], "Python/1", "known")
    found = run(tmp_path, [row(0, "n + n", "n"), row(1, "n", "2 * n")])
    tried = found.languages["python"]
    assert [tried["canonical"].failed, tried["buggy"].failed] == [("Python/1",), ("Python/1",)]
    assert [tried["canonical"].excused, tried["buggy"].excused] == [("Python/1",), ("Python/1",)]
    found.check()


def test_progress(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    (tmp_path / "python.jsonl").write_text(json.dumps(row(0, "n + n", "n")), "utf-8")
    settings = BENCHMARK.settings(data=tmp_path)  # type: ignore[call-arg]
    gate(BENCHMARK, settings, ["python"], progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_a_language_that_it_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no problems in 'html'; its languages: python"):
        gate(BENCHMARK, BENCHMARK.settings(data=tmp_path), ["html"])  # type: ignore[call-arg]


# Rows at which to begin, so that none of the buggy solutions that never end is among them: each costs
# all of its time.
SAMPLES = [("python", 3, 2), ("javascript", 3, 8), ("cpp", 3, 50), ("java", 3, 50)]


@pytest.mark.parametrize(("language", "first", "step"), SAMPLES)
def test_the_published_solutions(language: str, first: int, step: int, tmp_path: Path) -> None:
    file = _rows.find(shared_data("humanevalpack"), language)
    rows = _rows.read(file, ("task_id",))[first::step]
    (tmp_path / f"{language}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    settings = BENCHMARK.settings(data=tmp_path)  # type: ignore[call-arg]
    if missing := [n for n in [*requirements(language), *_rows.libraries(language)] if not n.met]:
        pytest.skip(f"{language} cannot be run here: {missing[0].what} is missing")
    tried = gate(BENCHMARK, settings, [language], workers=2)
    tried.check()
    found = tried.languages[language]
    assert (len(rows), len(rows), 0) == (
        found["canonical"].passed,
        found["buggy"].total,
        found["buggy"].passed,
    )
