"""Corpora made of corpora: what stands in the folder, after what, and that nothing half made does."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import datasets
import pytest

from crosstune import corpus
from crosstune.corpus import _folder
from crosstune.corpus._store import ShardWriter
from crosstune.errors import DataError, Incomplete, UsageError
from crosstune.records import Example
from tests.shared import ROOT


def example(number: int, language: str = "python", **provenance: str) -> Example:
    text = f"print({number})\n"
    return Example(f"e{number}", f"Print {number}.", text, language, "synthesize", "s", provenance)


def write(path: Path, examples: list[Example]) -> Path:
    corpus.write(path / "c.parquet", examples)
    return path


def tree(out: Path) -> dict[str, bytes]:
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def odd(each: Example) -> Example | corpus.Dropped:
    return corpus.Dropped(each.id, "even") if int(each.id[1:]) % 2 == 0 else each


WORK = corpus.Work("odd", {"rule": 1}, [odd])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = [example(n, "c++" if n % 3 else "python", licence="mit") for n in range(10)]
    return write(tmp_path / "in", [*rows, example(11, "")])


def test_a_corpus_is_made_and_loads(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = corpus.rework([source], out, WORK)
    assert (made.read, made.rows, dict(made.dropped), made.reused) == (11, 6, {"even": 5}, False)
    assert sorted(tree(out)) == [
        "README.md",
        "data/c++-00000.parquet",
        "data/python-00000.parquet",
        "data/text-00000.parquet",
        "dropped.jsonl",
        "funnel.json",
    ]
    assert {each.id for each in corpus.read(out)} == {"e1", "e3", "e5", "e7", "e9", "e11"}
    assert [json.loads(line)["id"] for line in (out / "dropped.jsonl").read_text().splitlines()] == [
        "e0",
        "e2",
        "e4",
        "e6",
        "e8",
    ]
    loaded = datasets.load_dataset(str(out), cache_dir=str(tmp_path / "cache"))["train"]
    assert loaded.num_rows == 6
    python = datasets.load_dataset(str(out), "python", cache_dir=str(tmp_path / "cache"))["train"]
    assert set(python["language"]) == {"python"}
    assert corpus.rework([source], tmp_path / "again", WORK).rows == 6
    assert tree(out) == tree(tmp_path / "again")


def test_the_way_is_told_from_the_first_step_on(source: Path, tmp_path: Path) -> None:
    corpus.rework([source], tmp_path / "a", WORK)
    corpus.rework([tmp_path / "a"], tmp_path / "b", corpus.Work("dedup", {}, [corpus.Seen()]))
    card = (tmp_path / "b" / "README.md").read_text()
    assert "| odd: rows of in |  | 11 |\n| odd: even | 5 | 6 |\n| dedup: rows of a |  | 6 |\n" in card
    assert "| s | mit | 5 |\n| s | unknown | 1 |\n" in card


def test_a_rerun_does_nothing_and_other_data_or_rules_are_refused(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    corpus.rework([source], out, WORK)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert corpus.rework([source], out, WORK).reused
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    other = corpus.Work("odd", {"rule": 2}, [odd])
    with pytest.raises(UsageError, match="not empty, and not this corpus; give another folder, or --replace"):
        corpus.rework([source], out, other)
    assert not corpus.rework([source], out, other, replace=True).reused
    (out / "data" / "python-00000.parquet").write_bytes(b"cut")
    assert not corpus.rework([source], out, other, replace=True).reused
    assert len(list(corpus.read(out))) == 6
    write(source, [example(1)])
    with pytest.raises(UsageError, match="not this corpus"):
        corpus.rework([source], out, other)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_what_is_no_corpus_is_left_alone(source: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "text").write_text("mine")
    for replace in (False, True):
        with pytest.raises(UsageError, match="thesis: "):
            corpus.rework([source], tmp_path / "thesis", WORK, replace=replace)
    with pytest.raises(UsageError, match="is also read"):
        corpus.rework([source], source, WORK, replace=True)
    with pytest.raises(DataError, match="no such file or folder"):
        corpus.rework([tmp_path / "nothing"], tmp_path / "out", WORK)
    assert (tmp_path / "thesis" / "text").read_text() == "mine"


def test_no_row_left_is_a_corpus_too_and_says_so(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    none = corpus.Work("none", {}, [lambda each: corpus.Dropped(each.id, "all")])
    assert corpus.rework([source], out, none).rows == 0
    assert list(corpus.read(out)) == []
    assert "It holds no rows" in (out / "README.md").read_text()
    streamed = datasets.load_dataset(str(out), streaming=True, cache_dir=str(tmp_path / "cache"))["train"]
    assert list(streamed) == []
    with pytest.raises(ValueError, match="corresponds to no data"):  # when this fails, the card may be milder
        datasets.load_dataset(str(out), cache_dir=str(tmp_path / "cache"))


def test_poison_is_put_aside_and_counted(tmp_path: Path) -> None:
    rows = [
        b'{"prompt": "a", "completion": "b", "id": "1", "provenance": {"licence": "mit", "n": 3}}',
        b'{"prompt": "a", "completion": "b", "id": "1"}',
        b'{"prompt": "\\u202e", "completion": "b"}',
        b'{"prompt": "a", "completion": "\\u0000"}',
        b'{"prompt": "a", "completion": 7}',
        b'{"prompt": "a", "completion": "b", "provenance": "{"}',
        b'{"prompt": "\\udead", "completion": "b"}',
        b"\xff",
        b'{"prompt": "%s", "completion": "b"}' % (b"x" * 10_000_000),
        b'{"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]}',
    ]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(rows))
    out = tmp_path / "out"
    made = corpus.rework([tmp_path / "in.jsonl"], out, corpus.Work("all", {}))
    assert (made.read, made.rows) == (10, 2)
    assert made.quarantined == {
        "NUL": 1,
        "bidi control": 1,
        "duplicate id": 1,
        "lone surrogate": 1,
        "not UTF-8": 1,
        "too long": 1,
        "wrong type": 2,
    }
    told = [json.loads(line) for line in (out / "quarantine.jsonl").read_text().splitlines()]
    assert [int(each["place"].rpartition(":")[2]) for each in told] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert "| all: unusable, too long | 1 | 4 |" in (out / "README.md").read_text()
    first, second = corpus.read(out)
    assert first.provenance == {"licence": "mit", "n": "3"}
    assert (second.prompt, second.completion, second.source) == ("Q", "A", "in.jsonl")
    (tmp_path / "bad.jsonl").write_bytes(b"\n".join(rows[2:5]))
    with pytest.raises(DataError, match="no row can be used; the first: .*bad.jsonl:1: .*U[+]202E"):
        corpus.rework([tmp_path / "bad.jsonl"], tmp_path / "other", corpus.Work("all", {}))
    assert not (tmp_path / "other").exists()


def test_a_language_of_much_text_has_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_folder, "SHARD_CHARACTERS", 20_000)
    monkeypatch.setattr("crosstune.corpus._store.GROUP_CHARACTERS", 5_000)
    examples = [Example(f"e{n}", "x" * 900, "y" * 100, "go", "t", "s") for n in range(50)]
    files = _folder.write_shards(tmp_path, examples)
    assert list(files) == [f"data/go-{n:05}.parquet" for n in range(3)]
    assert [each.id for each in corpus.read(tmp_path)] == [each.id for each in examples]
    assert dict(_folder.by_language(files)) == {"go": list(files)}


def test_a_shard_that_fails_is_closed(tmp_path: Path) -> None:
    shard = ShardWriter(tmp_path, "x", 10)
    shard.put(Example("e", "\ud800", "x", "", "", ""))
    with pytest.raises(DataError, match="'e': its prompt is not text"):
        shard.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk of a given size can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_keeps_what_was_whole(small_disk: Path, tmp_path: Path) -> None:
    from random import Random

    small = write(tmp_path / "few", [example(1)])
    noise = [Example(f"e{n}", Random(n).randbytes(4000).hex(), "x", "go", "t", "s") for n in range(200)]
    large = write(tmp_path / "many", noise)
    work = corpus.Work("all", {})
    corpus.rework([small], small_disk / "out", work)
    with pytest.raises(Incomplete, match="the disk is full"):
        corpus.rework([large], small_disk / "out", work, replace=True)
    assert [each.id for each in corpus.read(small_disk / "out")] == ["e1"]
    assert [path.name for path in small_disk.iterdir()] == ["out"]


BETWEEN = """
import os, signal, sys
from pathlib import Path
from crosstune import corpus
rename = Path.rename
def then_killed(self, to):
    rename(self, to)
    os.kill(os.getpid(), signal.SIGKILL)
Path.rename = then_killed
corpus.rework([Path(sys.argv[1])], Path(sys.argv[2]), corpus.Work("all", {}), replace=True)
"""


def test_killed_between_two_renames_the_old_one_comes_back(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    corpus.rework([source], out, WORK)
    whole = tree(out)
    killed = subprocess.run([sys.executable, "-c", BETWEEN, str(source), str(out)], cwd=ROOT, check=False)
    assert (killed.returncode, out.exists()) == (-signal.SIGKILL, False)
    with pytest.raises(UsageError, match="or --replace"):
        corpus.rework([source], out, corpus.Work("all", {}))
    assert tree(out) == whole
    assert corpus.rework([source], out, WORK).reused
    assert corpus.rework([source], out, corpus.Work("all", {}), replace=True).rows == 11
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_a_rename_that_fails_leaves_the_old_one(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    corpus.rework([source], out, WORK)
    whole, rename = tree(out), Path.rename

    def refused(self: Path, to: Path) -> Path:
        if to == out and ".old." not in self.name:
            raise PermissionError(13, "no", str(to))
        return rename(self, to)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refused)
        with pytest.raises(PermissionError):
            corpus.rework([source], out, corpus.Work("all", {}), replace=True)
    assert tree(out) == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_a_corpus_whose_name_begins_alike_is_left_alone(source: Path, tmp_path: Path) -> None:
    other = tmp_path / ".out.b.123.part"
    other.mkdir()
    corpus.rework([source], tmp_path / "out", WORK)
    assert other.exists()


SCRIPT = """
import sys, time
from pathlib import Path
from crosstune import corpus
def slow(each):
    time.sleep(0.01)
    return each
print("begins", flush=True)
corpus.rework([Path(sys.argv[1])], Path(sys.argv[2]), corpus.Work("slow", {}, [slow]))
"""


@pytest.mark.slow
def test_killed_at_any_moment_a_rerun_gives_the_same(source: Path, tmp_path: Path) -> None:
    work = corpus.Work("slow", {}, [lambda each: each])
    corpus.rework([source], tmp_path / "whole", work)
    killed = 0
    for number, seconds in enumerate((0.01, 0.06, 0.12, 0.3)):
        out = tmp_path / f"out{number}"
        command = [sys.executable, "-c", SCRIPT, str(source), str(out)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            assert process.stdout.readline() == b"begins\n"
            time.sleep(seconds)
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
        if out.exists():
            assert tree(out) == tree(tmp_path / "whole")
        corpus.rework([source], out, work)
        assert tree(out) == tree(tmp_path / "whole")
        assert not list(tmp_path.glob(f".out{number}.*"))
    assert killed
