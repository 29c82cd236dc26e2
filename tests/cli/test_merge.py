"""`--shard` and `crosstune merge`: the shards together give what one process gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.execution import _stream
from tests.cli.in_process import Done, run
from tests.cli.test_generate import ASKED, PROBLEMS, solve
from tests.cli.test_judge import RIGHT, _write
from tests.mining.repositories import Repo
from tests.scripted_server import ScriptedServer, scripted

CODE = "\n".join(f"def number_{n}():\n    return {n}\n" for n in range(12))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_shards_of_judge(tmp_path: Path) -> None:
    tests = ["assert one() == 1", "assert one() == 2"]
    programs = _write(
        tmp_path / "programs.jsonl", *[RIGHT | {"id": f"p{n}", "tests": tests[n % 2]} for n in range(5)]
    )
    out = tmp_path / "verdicts.jsonl"
    arguments = ("judge", programs, "-o", out, "--workers", "1")
    assert run(*arguments, "--shard", "0/2").status == 0
    early = run("merge", out)
    assert early.status == 4
    assert "shard 1/2 has not finished: run its command with --shard 1/2" in early.output
    task = {"SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "1"}
    second = run(*arguments, "--shard", "env/2", environment=task)
    assert "2 judged, 0 kept from before" in second.output
    done = run("merge", out)
    assert done.status == 0, done.output
    assert "5 rows of 2 shards (5 inputs, none missing or doubled)" in done.output
    assert [(row["id"], row["verdict"]) for row in rows(out)] == [
        (f"p{n}", ["passed", "wrong_answer"][n % 2]) for n in range(5)
    ]
    whole = run(*arguments)
    assert "0 judged, 5 kept from before" in whole.output  # the merged file is that of a whole run


def test_shards_judged_with_other_tools_are_not_joined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = _write(tmp_path / "programs.jsonl", RIGHT, RIGHT | {"id": "b"})
    out = tmp_path / "verdicts.jsonl"
    assert run("judge", programs, "-o", out, "--shard", "0/2").status == 0
    monkeypatch.setattr(_stream, "rules_of", lambda language: f"{language} of another machine")
    assert run("judge", programs, "-o", out, "--shard", "1/2").status == 0
    done = run("merge", out)
    assert (done.status, out.exists()) == (4, False)
    assert "shard 1/2 used 'python of another machine' for python, shard 0/2 'cpython" in done.output


def test_bad_lines_of_a_shard_are_named(tmp_path: Path) -> None:
    programs = _write(tmp_path / "programs.jsonl", RIGHT, [1], RIGHT | {"id": "b"}, RIGHT | {"id": "c"})
    out = tmp_path / "verdicts.jsonl"
    for shard, status in (("0/2", 0), ("1/2", 4)):
        assert run("judge", programs, "-o", out, "--shard", shard).status == status
    refused = run("merge", out)
    assert refused.status == 4
    assert "1 of 4 inputs have no result:\n  shard 1/2: line 2: a bad line" in refused.output
    assert not out.exists()
    partial = run("merge", out, "--partial")
    assert (partial.status, [row["id"] for row in rows(out)]) == (4, ["a", "b", "c"])


def generate(server: ScriptedServer, out: Path, *more: str) -> Done:
    return run("generate", "-m", "m", "--server", server.url, *ASKED, "-o", out, *more)


def test_shards_of_generate(tmp_path: Path) -> None:
    with scripted(solve) as server:
        assert generate(server, tmp_path / "whole.jsonl", "--samples", "2").status == 0
        out = tmp_path / "answers.jsonl"
        for index in range(3):
            done = generate(server, out, "--samples", "2", "--shard", f"{index}/3")
            assert done.status == 0, done.output
        assert len(server.bodies) == 2 * 2 * len(PROBLEMS)
        again = generate(server, out, "--samples", "2", "--shard", "0/3")
        assert (again.status, len(server.bodies)) == (0, 2 * 2 * len(PROBLEMS))
    merged = run("merge", out)
    assert merged.status == 0, merged.output
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_shards_of_other_settings_are_not_joined(tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    with scripted(solve) as server:
        generate(server, out, "--shard", "0/2")
        generate(server, out, "--shard", "1/2", "--max-new-tokens", "7")
    done = run("merge", out)
    assert done.status == 4
    assert "shard 1/2 has decoding.max_new_tokens 7, shard 0/2 1024" in done.output


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """A list of five repositories with common commits, one damaged, and a URL of none."""
    names = []
    for number in range(5):
        repo = Repo(tmp_path / f"repository-{number}")
        repo.commit("wip", {"numbers.py": CODE})
        for value in (number, number + 1):  # the first change of each is the second of the one before
            changed = CODE.replace(f"return {value}\n", f"return {value}0\n")
            repo.commit(f"Return {value}0 where {value} was wrong", {"numbers.py": changed})
            repo.commit("wip", {"numbers.py": CODE})
        names.append(str(repo.path))
    (tmp_path / "repository-3" / ".git" / "HEAD").write_text("garbage")
    names.insert(2, f"file://{tmp_path}/gone")
    (tmp_path / "names.txt").write_text("\n".join(names))
    return tmp_path / "names.txt"


def files(folder: Path) -> dict[str, bytes]:
    """The files that belong to a corpus, without the work folder and the figures of the card."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".crosstune" not in path.parts and path.suffix not in {".svg", ".png"}
    }


def test_shards_of_mine_make_the_corpus_of_one_process(repositories: Path, tmp_path: Path) -> None:
    common = ("mine", "--from", repositories, "--cache", tmp_path / "cache", "--workers", "1")
    whole = run(*common, "-o", tmp_path / "whole")
    assert whole.status == 0, whole.output
    for index in range(2):
        done = run(*common, "-o", tmp_path / "out", "--shard", f"{index}/2")
        assert done.status == 0, done.output
        assert "3 of 6 repositories" in done.output
    merged = run("merge", tmp_path / "out")
    assert merged.status == 0, merged.output
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    index_ = json.loads((tmp_path / "out" / "funnel.json").read_text())
    assert index_["funnel"]["dropped"]["duplicate: in another repository"] > 0
    assert len(index_["funnel"]["unreadable"]) == 2
