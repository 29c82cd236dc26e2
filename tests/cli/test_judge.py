from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_main import _crosstune

RIGHT = {
    "id": "a",
    "language": "python",
    "candidate": "def one():\n    return 1\n",
    "tests": "assert one() == 1",
}


def _write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_verdicts_are_written_and_counted(tmp_path: Path) -> None:
    programs = _write(tmp_path / "programs.jsonl", RIGHT, RIGHT | {"id": "b", "tests": "assert one() == 2"})
    done = _crosstune("judge", programs, "-o", tmp_path / "verdicts.jsonl", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "2 judged, 0 kept from before" in done.stdout
    header, counts = [line.split() for line in done.stdout.splitlines()[:2]]
    assert dict(zip(header, counts, strict=True)) == {
        "language": "python",
        "programs": "2",
        "passed": "1",
        "wrong_answer": "1",
    }


def test_bad_lines_are_reported_and_make_the_run_incomplete(tmp_path: Path) -> None:
    programs = _write(tmp_path / "programs.jsonl", *[["[bold]"]] * 25, RIGHT)
    done = _crosstune("judge", programs, "-o", tmp_path / "verdicts.jsonl")
    assert done.returncode == 4
    assert f"{programs}, line 20: expected a JSON object, found list" in done.stderr
    assert "line 21:" not in done.stderr
    assert "and 5 more such lines" in done.stderr
    assert "25 bad lines have no verdict" in done.stderr
    assert len((tmp_path / "verdicts.jsonl").read_text().splitlines()) == 1


def test_a_cache_is_used_for_other_files(tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    slow = RIGHT | {"candidate": "import time\ntime.sleep(0.2)\ndef one():\n    return 1\n"}
    for name in ("first", "second"):
        programs = _write(tmp_path / f"{name}.jsonl", slow | {"id": name})
        done = _crosstune("judge", programs, "-o", tmp_path / f"{name}.out", "--cache", cache)
        assert done.returncode == 0, done.stderr
    first, second = (json.loads((tmp_path / f"{name}.out").read_text()) for name in ("first", "second"))
    assert first["wall_seconds"] == second["wall_seconds"]  # it was not run again
    assert (first["id"], second["id"]) == ("first", "second")


def test_wrong_options_are_errors(tmp_path: Path) -> None:
    programs = _write(tmp_path / "programs.jsonl", RIGHT)
    done = _crosstune("judge", programs, "-o", tmp_path / "v", "--sandbox", "docker")
    assert (done.returncode, "expected bubblewrap or none" in done.stderr) == (2, True)
    done = _crosstune("judge", tmp_path / "none", "-o", tmp_path / "v")
    assert (done.returncode, "none: cannot be read" in done.stderr) == (2, True)
    done = _crosstune("judge", programs, "-o", tmp_path / "v", "--sandbox", "none")
    assert done.returncode == 0
    assert "no sandbox" in done.stderr
