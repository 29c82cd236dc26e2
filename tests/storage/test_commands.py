"""Commands whose rows, verdicts and corpora are in S3."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosstune import corpus, files
from crosstune.errors import CrosstuneError
from crosstune.tuning._checkpoints import mark
from tests.cli.in_process import run
from tests.cli.test_generate import ASKED, PROBLEMS, solve
from tests.cli.test_judge import RIGHT
from tests.cli.test_tune import ROWS, options
from tests.mining.repositories import Repo
from tests.scripted_server import Action, RequestBody, http_error, scripted
from tests.sources.teacher.test_teacher import SEEDS, teacher
from tests.storage_server import client, objects
from tests.tuning import families

CODE = "\n".join(f"def number_{n}():\n    return {n}\n" for n in range(12))


def test_shards_are_judged_and_merged(bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = "".join(json.dumps(RIGHT | {"id": f"p{n}"}) + "\n" for n in range(3))
    client(bucket).put_object(Bucket="bucket", Key="a/programs.jsonl", Body=lines.encode())
    arguments = ("judge", "s3://bucket/a/programs.jsonl", "-o", "s3://bucket/a/verdicts.jsonl")
    for index in range(2):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"machine-{index}"))
        done = run(*arguments, "--workers", "1", "--shard", f"{index}/2")
        assert done.status == 0, done.output
        assert f"s3://bucket/a/verdicts-{index:05}-of-00002.jsonl" in done.output
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "machine-2"))
    merged = run("merge", "s3://bucket/a/verdicts.jsonl")
    assert merged.status == 0, merged.output
    there = objects(bucket)
    verdicts = [json.loads(line) for line in there["a/verdicts.jsonl"].splitlines()]
    assert [(row["id"], row["verdict"]) for row in verdicts] == [(f"p{n}", "passed") for n in range(3)]
    marker = json.loads(there["a/verdicts-00001-of-00002.jsonl.done.json"])
    shard = tmp_path / "shard"
    shard.write_bytes(there["a/verdicts-00001-of-00002.jsonl"])
    assert marker["outputs"] == {"verdicts-00001-of-00002.jsonl": files.file_digest(shard)}


def test_a_corpus_is_mined_into_the_store_and_read(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repo = Repo(tmp_path / "repository")
    repo.commit("wip", {"numbers.py": CODE})
    repo.commit("Return thirty where three was wrong", {"numbers.py": CODE.replace("return 3", "return 30")})
    done = run("mine", repo.path, "-o", "s3://bucket/corpora/one", "--workers", "1")
    assert done.status == 0, done.output
    assert "corpus   s3://bucket/corpora/one" in done.output
    keys = set(objects(bucket))
    assert {"corpora/one/funnel.json", "corpora/one/README.md"} <= keys
    assert not [key for key in keys if key.endswith((".lock", ".part", "/lock", ".state.json"))]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    (example,) = corpus.load(Path("s3://bucket/corpora/one"))
    assert "thirty" in example.prompt
    again = run("mine", repo.path, "-o", "s3://bucket/corpora/one", "--workers", "1")
    assert "(nothing new)" in again.output
    assert set(objects(bucket)) == keys


def test_a_model_is_evaluated_into_the_store(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = [PROBLEMS[1].instruction]

    def act(body: RequestBody, _: int) -> Action:
        message = body["messages"][-1]["content"]
        return http_error(400, "boom") if broken and broken[0] in message else solve(body)

    with scripted(act) as server:
        words = ("eval", "-m", "m", "--server", server.url, *ASKED, "-o", "s3://bucket/runs/one")
        failed = run(*words)
        assert failed.status == 4, failed.output
        assert {key for key in objects(bucket) if "answers-1" in key}, "what was answered is kept"
        broken.clear()
        before = len(server.bodies)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
        done = run(*words)
        assert done.status == 0, done.output
        assert len(server.bodies) == before + 1  # only the missing one
    assert "results: s3://bucket/runs/one/results.json" in done.output
    there = objects(bucket)
    assert {"runs/one/answers.jsonl", "runs/one/judged.jsonl.gz", "runs/one/results.json"} <= there.keys()
    assert not [key for key in there if key.endswith((".sqlite", ".part", ".lock", "/lock"))]
    scores = json.loads(there["runs/one/results.json"])["scores"]
    assert [(each["judged"], each["pass_at_1"]) for each in scores] == [(4, 1.0)]


def test_a_training_in_the_store_is_continued_by_another_machine(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    base = families.make("qwen2", tmp_path / "qwen2")
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    words = ["tune", "sft", *map(str, options(rows, base, "--set", "epochs=4", "-o"))]
    whole = run(*words, tmp_path / "whole")
    assert whole.status == 0, whole.output

    class Killed(CrosstuneError):
        pass

    def kill(folder: Path, rank: int, name: str) -> None:
        mark(folder, rank, name)
        raise Killed("killed after a checkpoint")

    with monkeypatch.context() as patched:
        patched.setattr("crosstune.tuning._train.mark", kill)
        stopped = run(*words, "s3://bucket/models/one")
    assert "killed after a checkpoint" in stopped.output
    assert [key for key in objects(bucket) if key.startswith("models/one/.work/checkpoint-2/")]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    done = run(*words, "s3://bucket/models/one")
    assert done.status == 0, done.output
    assert "s3://bucket/models/one/model" in done.output
    there = objects(bucket)
    assert not [key for key in there if "/.work/" in key]
    expected = (tmp_path / "whole/model/model.safetensors").read_bytes()
    assert there["models/one/model/model.safetensors"] == expected
    assert "(nothing new)" in run(*words, "s3://bucket/models/one").output


def test_a_teacher_and_a_conversion_write_to_the_store(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text("\n".join(map(json.dumps, SEEDS)))
    with scripted(teacher) as server:
        words = ["evolve", "--seeds", str(seeds), "--language", "javascript", "--teacher", server.url]
        words += ["--model", "m", "--count", "4", "-o", "s3://bucket/corpora/taught"]
        done = run(*words)
        assert done.status == 0, done.output
        assert "4 rows in s3://bucket/corpora/taught" in done.output
        asked = len(server.bodies)
        keys = objects(bucket).keys()
        assert "corpora/taught/funnel.json" in keys
        assert [key for key in keys if key.startswith("corpora/taught.answers/")]
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
        again = run(*words)
        assert (again.status, "(nothing new)" in again.output, len(server.bodies)) == (0, True, asked)
    converted = run("corpus", "convert", "s3://bucket/corpora/taught", "-o", "s3://bucket/rows.jsonl")
    assert converted.status == 0, converted.output
    assert "4 rows in s3://bucket/rows.jsonl" in converted.output
    assert len(objects(bucket)["rows.jsonl"].splitlines()) == 4
    card = run("corpus", "card", "s3://bucket/corpora/taught")
    assert (card.status, "writes to this machine only" in card.output) == (2, True)
