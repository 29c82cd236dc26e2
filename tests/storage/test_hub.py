"""Commands whose rows and results are on a Hub: a server on this machine that speaks its protocol."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.in_process import Done
from tests.cli.test_judge import RIGHT
from tests.cli.test_main import _crosstune
from tests.hub_server import TOKEN, HubServer, hub_server

PLACE = "hf://datasets/ann/set"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubServer]:
    """The library reads its environment when it is imported, so each command is a process of its own."""
    pytest.importorskip("fsspec", reason="the extra storage is not installed")
    with hub_server() as server:
        environment = {
            "HF_ENDPOINT": server.url,
            "HF_HUB_OFFLINE": "0",
            "HF_HOME": str(tmp_path / "home"),
            "HF_TOKEN": TOKEN,
            "XDG_CACHE_HOME": str(tmp_path / "machine"),
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield server


def run(*words: str) -> Done:
    done = _crosstune(*words)
    return Done(done.returncode, done.stdout + done.stderr)


def rows(*names: str) -> bytes:
    return "".join(json.dumps(RIGHT | {"id": name}) + "\n" for name in names).encode()


def test_verdicts_are_written_and_continued(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hub.files["a/programs.jsonl"] = rows("p0", "p1")
    words = ("judge", f"{PLACE}/a/programs.jsonl", "-o", f"{PLACE}/a/verdicts.jsonl", "--workers", "1")
    done = run(*words)
    assert done.status == 0, done.output
    assert f"2 judged, 0 kept from before: {PLACE}/a/verdicts.jsonl" in done.output
    hub.files["a/programs.jsonl"] = rows("p0", "p1", "p2")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    again = run(*words)
    assert "1 judged, 2 kept from before" in again.output
    verdicts = [json.loads(line) for line in hub.files["a/verdicts.jsonl"].splitlines()]
    assert [(row["id"], row["verdict"]) for row in verdicts] == [(f"p{n}", "passed") for n in range(3)]
    assert set(hub.files) == {"a/programs.jsonl", "a/verdicts.jsonl"}


def test_shards_are_merged(hub: HubServer) -> None:
    hub.files["programs.jsonl"] = rows("p0", "p1", "p2")
    words = ("judge", f"{PLACE}/programs.jsonl", "-o", f"{PLACE}/verdicts.jsonl", "--workers", "1")
    for index in range(2):
        done = run(*words, "--shard", f"{index}/2")
        assert done.status == 0, done.output
    merged = run("merge", f"{PLACE}/verdicts.jsonl")
    assert merged.status == 0, merged.output
    assert [json.loads(line)["id"] for line in hub.files["verdicts.jsonl"].splitlines()] == ["p0", "p1", "p2"]


@pytest.mark.parametrize(
    ("where", "status", "message"),
    [
        ((PLACE, "hf_of_another"), 3, "set HF_TOKEN, or log in: hf auth login"),
        (("hf://datasets/ann/other", TOKEN), 2, "hf://datasets/ann/other/v.jsonl: there is nothing"),
    ],
)
def test_refusals_name_the_cause(
    hub: HubServer, monkeypatch: pytest.MonkeyPatch, where: tuple[str, str], status: int, message: str
) -> None:
    hub.files["programs.jsonl"] = rows("p0")
    place, token = where
    monkeypatch.setenv("HF_TOKEN", token)
    done = run("judge", f"{PLACE}/programs.jsonl", "-o", f"{place}/v.jsonl", "--workers", "1")
    assert (done.status, message in done.output) == (status, True), done.output
    missing = run("judge", f"{PLACE}/none.jsonl", "-o", "here.jsonl")
    assert (missing.status, f"no file and no folder at {PLACE}/none.jsonl" in missing.output) == (2, True)
