"""`crosstune evolve` with a scripted teacher."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from crosstune import corpus
from tests.cli.test_main import _crosstune
from tests.scripted_server import Action, RequestBody, http_error, scripted
from tests.sources.teacher.test_teacher import SEEDS, teacher


def evolve(tmp_path: Path, url: str, *more: Any) -> CompletedProcess[str]:
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text("\n".join(map(json.dumps, SEEDS)))
    fast = ("--set", "server.first_wait_seconds=0.01", "--set", "server.attempts=2")
    return _crosstune(
        "evolve",
        *("--seeds", seeds, "--language", "javascript", "--teacher", url, "--model", "m"),
        *("-o", tmp_path / "out", *fast, *more),
    )


def test_a_corpus_is_made_and_nothing_is_asked_twice(tmp_path: Path) -> None:
    with scripted(teacher) as server:
        done = evolve(tmp_path, server.url, "--count", "4", "--prices", "1,2", "--budget", "5")
        assert done.returncode == 0, done.stderr
        assert len(server.bodies) == 12
        assert "4 rows in" in done.stdout
        assert "4 draws of 12 seeds" in done.stdout
        assert "spent of a budget of 5" in done.stdout
        again = evolve(tmp_path, server.url, "--count", "4")
        assert (again.returncode, "(nothing new)" in again.stdout) == (0, True)
        other = evolve(tmp_path, server.url, "--count", "6")
        assert "not this corpus (settings.count: 4, now 6); give another folder" in other.stderr
        more = evolve(tmp_path, server.url, "--count", "6", "--replace")
        assert (more.returncode, len(server.bodies)) == (0, 18)
    rows = list(corpus.read(tmp_path / "out"))
    assert [(row.language, row.source) for row in rows] == [("javascript", "teacher")] * 6
    assert "javascript" in (tmp_path / "out" / "README.md").read_text()


def test_failed_requests_are_asked_for_again(tmp_path: Path) -> None:
    def act(body: RequestBody, number: int) -> Action:
        return http_error(500, "boom") if broken and "number 3." in str(body) else teacher(body, number)

    broken = True
    with scripted(act) as server:
        done = evolve(tmp_path, server.url, "--count", "12")
        assert done.returncode == 4
        assert "1 requests failed: HTTP 500 (1); the last: HTTP 500: boom. Run again" in done.stderr
        assert not (tmp_path / "out").exists()
        broken, before = False, len(server.bodies)
        assert evolve(tmp_path, server.url, "--count", "12").returncode == 0
        assert len(server.bodies) == before + 3


def test_wrong_options_are_named(tmp_path: Path) -> None:
    url = "http://127.0.0.1:9/v1"
    for more, status, message in (
        ((), 3, f"nothing answers at {url}"),
        (("--budget", "5"), 2, "a budget needs prices"),
        (("--prices", "1"), 2, "expected two numbers"),
        (("--set", "juge=false"), 2, "did you mean 'judge'"),
    ):
        done = evolve(tmp_path, url, *more)
        assert (done.returncode, message in done.stderr) == (status, True), done.stderr
    done = _crosstune(
        *("evolve", "--seeds", tmp_path / "none.json", "--language", "go", "--teacher", url, "-m", "m"),
        *("-o", tmp_path / "out"),
    )
    assert "none.json" in done.stderr
