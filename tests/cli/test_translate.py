"""`crosstune corpus translate` with a scripted teacher: the example of docs/teachers.md, stops and errors."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from crosstune import corpus
from tests.cli.in_process import Done, run
from tests.scripted_server import Action, RequestBody, http_error, scripted
from tests.shared import ROOT
from tests.sources.translate.test_translate import ROWS, Teacher, code

PAGE = (ROOT / "docs" / "teachers.md").read_text("utf-8")


def translate(tmp_path: Path, url: str, *more: Any, rows: Any = ROWS) -> Done:
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    fast = ("--set", "server.first_wait_seconds=0.01", "--set", "server.attempts=2", "--workers", "2")
    options = ("--to", "javascript", "--teacher", url, "--model", "m", "-o", tmp_path / "out")
    return run("corpus", "translate", file, *options, *fast, *more)


def test_the_documented_example_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    _, rows, command, shown = re.split(
        r"^\$ (?:cat rows\.jsonl|(crosstune .*))\n", block, flags=re.MULTILINE
    )[1:]
    (tmp_path / "rows.jsonl").write_text(rows)
    with scripted(Teacher("javascript")) as server:
        done = run(*shlex.split(command)[1:], "--teacher", server.url)
    assert done.status == 0, done.output
    assert shown.strip() in done.output


def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    wrong = code("function allBelow(xs, limit) {\n  return true;\n}")
    with scripted(Teacher("javascript", all_below=[wrong])) as server:
        done = translate(tmp_path, server.url, "--prices", "1,2", "--budget", "5")
        assert done.status == 0, done.output
        assert (len(server.bodies), "1 rows in" in done.output) == (3, True)
        assert re.search(r"its translation fails the tests: wrong_answer +1", done.output)
        assert "spent of a budget of 5" in done.output
        again = translate(tmp_path, server.url)
        assert "(nothing new)" in again.output
        more = translate(tmp_path, server.url, "--answers", "2", "--replace")
        assert (more.status, len(server.bodies)) == (0, 4)
    assert {row.provenance["from"] for row in corpus.read(tmp_path / "out")} == {"1", "3"}
    card = (tmp_path / "out" / "README.md").read_text()
    assert "| tests kill mutants | 2 | 66.7 % | 33.3 % |" in card
    assert "| its translation fails the tests: wrong_answer | 1 |" in card
    lines = (tmp_path / "out" / "dropped.jsonl").read_text().splitlines()
    assert {json.loads(line)["id"] for line in lines} == {"2", "4", "5", "6"}


def test_failed_requests_leave_no_corpus(tmp_path: Path) -> None:
    def act(body: RequestBody, number: int) -> Action:
        return (
            http_error(500) if broken and "def squares" in str(body) else Teacher("javascript")(body, number)
        )

    broken = True
    with scripted(act) as server:
        done = translate(tmp_path, server.url)
        assert (done.status, "1 requests failed: HTTP 500 (1); the last: HTTP 500: " in done.output) == (
            4,
            True,
        )
        assert not (tmp_path / "out").exists()
        broken, before = False, len(server.bodies)
        assert translate(tmp_path, server.url).status == 0
        assert len(server.bodies) == before + 1


@pytest.mark.parametrize(
    ("more", "rows", "status", "message"),
    [
        ((), ROWS, 3, "nothing answers at http://127.0.0.1:9/v1"),
        (("--to", "rusty"), ROWS, 2, "--to: unknown language 'rusty'"),
        (("--to", "html"), ROWS, 2, "--to: html: calls of its functions cannot be judged"),
        (("--budget", "5"), ROWS, 2, "a budget needs prices"),
        (("--set", "kiled=1"), ROWS, 2, "did you mean 'killed'"),
    ],
)
def test_wrong_options_are_named(
    more: tuple[str, ...], rows: Any, status: int, message: str, tmp_path: Path
) -> None:
    done = translate(tmp_path, "http://127.0.0.1:9/v1", *more, rows=rows)
    assert (done.status, message in done.output) == (status, True), done.output


def test_rows_without_tests_are_named(tmp_path: Path) -> None:
    with scripted(Teacher("javascript")) as server:
        done = translate(tmp_path, server.url, rows=[{**ROWS[0], "test_list": []}])
    assert done.status == 2
    assert "rows.jsonl: no row has tests; expected Python assertions" in done.output
