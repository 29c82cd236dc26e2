"""`crosstune compare`: two run folders, read from their stored verdicts."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from crosstune.cli._main import app
from crosstune.errors import CorruptArtifact, DataError, GateFailed, Incomplete, UnknownName
from crosstune.records import EvaluatedSample, Status, to_json
from crosstune.study import Store, recorded_verdicts
from tests.analysis import synthetic

MODELS = ("base", "python", "javascript", "mixed")
ROWS = [row for row in synthetic.run().judged if row.model in MODELS]
FALLEN = ("python", "python", "synthesize")


def write(folder: Path, rows: Sequence[EvaluatedSample]) -> Path:
    """A run folder as a study leaves it, with one stored step a model, seed and language."""
    store = Store(folder.parent / "store")
    steps: list[dict[str, object]] = [
        {"name": "tune/python/s0", "kind": "tune", "result": "tune", "artifact": None}
    ]
    for key in sorted({(row.model, row.seed, row.language) for row in rows}):
        model, seed, language = key
        name = f"judge/{model}/s{seed}/exercises/{language}"
        digest = hashlib.sha256(f"{folder} {key}".encode()).hexdigest()
        with store.claim("judge", name, digest) as (out, _):
            with gzip.open(out / "judged.jsonl.gz", "wt", encoding="utf-8") as file:
                own = (row for row in rows if (row.model, row.seed, row.language) == key)
                file.writelines(to_json(replace(row, model="", seed=0)) + "\n" for row in own)
            made = store.commit("judge", name, digest, {"seconds": 1.0, "metrics": {}})
        about = {"kind": "judge", "result": "judge", "model": model, "seed": seed}
        steps.append({"name": name, **about, "artifact": f"judge/{made.folder.name}"})
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"steps": steps}))
    return folder


def broken(rows: Iterable[EvaluatedSample], share: int = 2) -> list[EvaluatedSample]:
    """The same, but every ``share``-th solved problem of one score is now wrong."""
    return [
        replace(row, status=Status.WRONG_ANSWER)
        if (row.model, row.language, row.task) == FALLEN and int(row.problem[-2:]) % share == 0
        else row
        for row in rows
    ]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("runs")
    return write(root / "before", ROWS), write(root / "after", broken(ROWS))


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["compare", *map(str, words)], env={"COLUMNS": "140"})


def test_stored_verdicts_are_read_without_a_study_file(runs: tuple[Path, Path]) -> None:
    result = recorded_verdicts(runs[0])
    assert sorted(map(to_json, result)) == sorted(map(to_json, ROWS))


def test_a_named_score_that_fell_ends_with_5(runs: tuple[Path, Path], tmp_path: Path) -> None:
    result = run(*runs, "--score", "python/python/synthesize", "--json", tmp_path / "out.json")
    assert isinstance(result.exception, GateFailed)
    assert result.exception.exit_status == 5
    assert "python/exercises/python/synthesize fell from 97.8 to 49.4 %" in str(result.exception)
    values = json.loads((tmp_path / "out.json").read_text())
    assert values["fallen"] == ["python/exercises/python/synthesize"]
    (row,) = [row for row in values["comparisons"] if row["fell"]]
    assert row["score"] == "python/exercises/python/synthesize"
    assert row["difference_points"] == pytest.approx(-48.3, abs=0.1)
    assert {each["problem"] for each in row["fell"]} <= {f"scale-{n:02}" for n in range(0, 60, 2)}
    assert all(each["after"] == 0 for each in row["fell"])
    assert row["rose"] == []
    assert len(values["comparisons"]) == 16


def test_the_whole_command_ends_with_5(
    runs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from crosstune.cli._main import main

    monkeypatch.setattr("sys.argv", ["crosstune", "compare", *map(str, runs), "--score", "python"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 5
    assert "fell from" in capsys.readouterr().err


@pytest.mark.parametrize("score", ["javascript", "python/javascript", "python/exercises/python/fix"])
def test_other_scores_do_not_fail(runs: tuple[Path, Path], score: str) -> None:
    assert run(*runs, "--score", score).exit_code == 0


def test_it_prints_what_changed(runs: tuple[Path, Path]) -> None:
    result = run(*runs)
    assert result.exit_code == 0
    assert "programs judged" not in result.stdout
    (line,) = [line for line in result.stdout.splitlines() if "\u221248.3" in line]
    assert line.split()[:5] == ["python", "python", "synthesize", "97.8", "49.4"]
    assert "fell: scale-00 (1 → 0), scale-02" in result.stdout
    assert re.search(r" and 2\d more", result.stdout)
    assert "  rose:" not in result.stdout


def test_a_rise_is_printed_too(runs: tuple[Path, Path]) -> None:
    result = run(runs[1], runs[0], "--score", "python")
    assert result.exit_code == 0
    assert "+48.3**" in result.stdout
    assert "rose: scale-" in result.stdout


def test_a_small_fall_passes(tmp_path: Path) -> None:
    rows = [row for row in ROWS if row.model == "python"]
    before = write(tmp_path / "before", rows)
    after = write(tmp_path / "after", broken(rows, share=30))
    result = run(before, after, "--score", "python")
    assert result.exit_code == 0
    assert "\u22123.3" in result.stdout


def test_an_unknown_score_names_the_known(runs: tuple[Path, Path]) -> None:
    result = run(*runs, "--score", "pyton/python/synthesize")
    assert isinstance(result.exception, UnknownName)
    assert "python/exercises/python/synthesize" in str(result.exception)


def test_other_problems_are_refused(runs: tuple[Path, Path], tmp_path: Path) -> None:
    fewer = [row for row in ROWS if row.problem != "scale-07"]
    result = run(runs[0], write(tmp_path / "fewer", fewer))
    assert isinstance(result.exception, DataError)
    assert "different problems (60 and 59; 'scale-07' is only in the first)" in str(result.exception)


def test_a_missing_score_is_refused(runs: tuple[Path, Path], tmp_path: Path) -> None:
    fewer = [row for row in ROWS if row.model != "mixed"]
    result = run(runs[0], write(tmp_path / "fewer", fewer))
    assert isinstance(result.exception, DataError)
    assert "lacks the score of mixed" in str(result.exception)


def test_seeds_must_overlap(tmp_path: Path) -> None:
    rows = [row for row in ROWS if row.model == "python" and row.seed == 0]
    before = write(tmp_path / "before", rows)
    result = run(before, write(tmp_path / "after", [replace(row, seed=5) for row in rows]))
    assert isinstance(result.exception, DataError)
    assert "share no seed" in str(result.exception)


def test_harness_errors_are_refused_unless_allowed(runs: tuple[Path, Path], tmp_path: Path) -> None:
    rows = [replace(ROWS[0], status=Status.HARNESS_ERROR), *ROWS[1:]]
    after = write(tmp_path / "after", rows)
    assert isinstance(run(runs[0], after).exception, Incomplete)
    path = tmp_path / "out.json"
    result = run(runs[0], after, "--allow-partial", "--json", path)
    assert result.exit_code == 0
    assert "2,880 of 2,880 programs judged before, 2,879 of 2,880 programs judged after" in result.stdout
    first = ROWS[0]
    counts = {
        (row["model"], row["language"], row["task"]): row["problems"]
        for row in json.loads(path.read_text())["comparisons"]
    }
    assert counts.pop((first.model, first.language, first.task)) == 59
    assert set(counts.values()) == {60}


def test_a_folder_without_a_run_is_refused(tmp_path: Path, runs: tuple[Path, Path]) -> None:
    result = run(tmp_path, runs[1])
    assert isinstance(result.exception, DataError)
    assert "expected a folder RUNS/NAME" in str(result.exception)


def test_a_damaged_store_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "one", [row for row in ROWS if row.model == "base"])
    victim = next((tmp_path / "store" / "judge").glob("*/judged.jsonl.gz"))
    victim.write_bytes(b"other")
    with pytest.raises(CorruptArtifact, match="expected sha256"):
        recorded_verdicts(folder)
    victim.with_name("manifest.json").unlink()
    with pytest.raises(CorruptArtifact, match="is missing"):
        recorded_verdicts(folder)
    (folder / "manifest.json").write_text("[]")
    with pytest.raises(CorruptArtifact, match="not the manifest of a run"):
        recorded_verdicts(folder)
