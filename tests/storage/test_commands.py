"""Commands whose rows, verdicts and corpora are in S3."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosstune import corpus, files
from tests.cli.in_process import run
from tests.cli.test_judge import RIGHT
from tests.mining.repositories import Repo
from tests.storage_server import client, objects

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
