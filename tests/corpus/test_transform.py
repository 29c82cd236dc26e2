"""Corpora made from corpora: the contents of the folder, reruns, and what a killed process leaves."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasets
import pytest

from crosstune import corpus
from crosstune.corpus import _folder
from crosstune.corpus._store import ShardWriter
from crosstune.errors import DataError, Incomplete, UsageError
from crosstune.files import locked
from crosstune.records import Example
from tests.corpus.samples import KEEP_ODD, example, file_contents, keep_odd, write_corpus
from tests.shared import ROOT


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = [example(n, "c++" if n % 3 else "python", licence="mit") for n in range(10)]
    return write_corpus(tmp_path / "in", [*rows, example(11, "")])


def test_transform_makes_a_corpus_that_datasets_loads(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = corpus.transform([source], out, KEEP_ODD)
    assert (made.read, made.rows, dict(made.dropped), made.reused) == (11, 6, {"even": 5}, False)
    assert sorted(file_contents(out)) == [
        "README.md",
        "data/cpp-00000.parquet",
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
    assert corpus.transform([source], tmp_path / "again", KEEP_ODD).rows == 6
    assert file_contents(out) == file_contents(tmp_path / "again")


def test_card_has_the_funnel_of_all_steps(source: Path, tmp_path: Path) -> None:
    corpus.transform([source], tmp_path / "a", KEEP_ODD)
    corpus.transform(
        [tmp_path / "a"], tmp_path / "b", corpus.Transformation("dedup", {}, [corpus.ExactDedup()])
    )
    card = (tmp_path / "b" / "README.md").read_text()
    assert "| odd: rows of in |  | 11 |\n| odd: even | 5 | 6 |\n| dedup: rows of a |  | 6 |\n" in card
    assert "| s | mit | 5 |\n| s | unknown | 1 |\n" in card


def test_rerun_does_nothing_and_other_data_or_settings_are_refused(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    corpus.transform([source], out, KEEP_ODD)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert corpus.transform([source], out, KEEP_ODD).reused
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    other = corpus.Transformation("odd", {"rule": 2}, [keep_odd])
    with pytest.raises(
        UsageError, match=r"not this corpus \(settings.rule: 1, now 2\); give another folder, or"
    ):
        corpus.transform([source], out, other)
    assert not corpus.transform([source], out, other, replace=True).reused
    (out / "data" / "python-00000.parquet").write_bytes(b"cut")
    assert not corpus.transform([source], out, other, replace=True).reused
    assert len(list(corpus.read(out))) == 6
    write_corpus(source, [example(1)])
    with pytest.raises(UsageError, match=r"not this corpus \(inputs: .* has other contents now\)"):
        corpus.transform([source], out, other)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_transform_does_not_replace_other_folders(source: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "text").write_text("mine")
    for replace in (False, True):
        with pytest.raises(UsageError, match="thesis: "):
            corpus.transform([source], tmp_path / "thesis", KEEP_ODD, replace=replace)
    with pytest.raises(UsageError, match="is also an input"):
        corpus.transform([source], source, KEEP_ODD, replace=True)
    with pytest.raises(DataError, match="no such file or folder"):
        corpus.transform([tmp_path / "nothing"], tmp_path / "out", KEEP_ODD)
    assert (tmp_path / "thesis" / "text").read_text() == "mine"


def test_corpus_without_rows_says_so(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    none = corpus.Transformation("none", {}, [lambda each: corpus.Dropped(each.id, "all")])
    assert corpus.transform([source], out, none).rows == 0
    assert list(corpus.read(out)) == []
    assert "This corpus has no rows" in (out / "README.md").read_text()
    streamed = datasets.load_dataset(str(out), streaming=True, cache_dir=str(tmp_path / "cache"))["train"]
    assert list(streamed) == []
    # Once `datasets` accepts this, the card need not warn.
    with pytest.raises(ValueError, match="corresponds to no data"):
        datasets.load_dataset(str(out), cache_dir=str(tmp_path / "cache"))


def test_unusable_rows_are_quarantined_and_counted(tmp_path: Path) -> None:
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
    made = corpus.transform([tmp_path / "in.jsonl"], out, corpus.Transformation("all", {}))
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
    quarantined = [json.loads(line) for line in (out / "quarantine.jsonl").read_text().splitlines()]
    assert [int(each["place"].rpartition(":")[2]) for each in quarantined] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert "| all: unusable, too long | 1 | 4 |" in (out / "README.md").read_text()
    first, second = corpus.read(out)
    assert first.provenance == {"licence": "mit", "n": "3"}
    assert (second.prompt, second.completion, second.source) == ("Q", "A", "in.jsonl")
    (tmp_path / "bad.jsonl").write_bytes(b"\n".join(rows[2:5]))
    with pytest.raises(DataError, match="no row is usable; the first error: .*bad.jsonl:1: .*U[+]202E"):
        corpus.transform([tmp_path / "bad.jsonl"], tmp_path / "other", corpus.Transformation("all", {}))
    assert not (tmp_path / "other").exists()


def test_files_of_one_name_keep_their_rows(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        row = {"prompt": f"Write {name}.", "completion": f"print('{name}')"}
        (tmp_path / name / "train.jsonl").write_text(json.dumps(row) + "\n")
    inputs = [tmp_path / name / "train.jsonl" for name in ("a", "b")]
    dedup = corpus.Transformation("dedup", {}, [corpus.ExactDedup()])
    assert corpus.transform(inputs, tmp_path / "out", dedup).rows == 2
    rows = list(corpus.read(tmp_path / "out"))
    assert [(each.source, each.id) for each in rows] == [
        ("a/train.jsonl", "a/train.jsonl:0"),
        ("b/train.jsonl", "b/train.jsonl:0"),
    ]


def test_one_file_given_twice_gives_rows_with_their_own_ids(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"id": 1, "prompt": "Write x.", "completion": "x"}\n')
    corpus.transform([file, file], tmp_path / "out", corpus.Transformation("all", {}))
    assert [each.id for each in corpus.read(tmp_path / "out")] == ["1", "1~2"]


@pytest.mark.parametrize(
    ("row", "licence"),
    [
        ({"license": "MIT"}, "MIT"),
        ({"licenses": ["mit", "isc"]}, "mit + isc"),
        ({"provenance": {"license": "MIT"}}, "MIT"),
        ({"provenance": {"licence": "isc", "license": "MIT"}, "license": "MIT"}, "isc"),
        ({"license": None, "licenses": []}, None),
        ({"license": 3}, None),
    ],
)
def test_licences_are_read_from_the_usual_columns(tmp_path: Path, row: dict[str, Any], licence: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"prompt": "Write x.", "completion": "x", **row}) + "\n")
    [example] = corpus.load(file)
    assert example.provenance.get("licence") == licence


def test_large_languages_have_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_folder, "SHARD_CHARACTERS", 20_000)
    monkeypatch.setattr("crosstune.corpus._store.GROUP_CHARACTERS", 5_000)
    examples = [Example(f"e{n}", "x" * 900, "y" * 100, "go", "t", "s") for n in range(50)]
    files = _folder.write_shards(tmp_path, examples)
    assert list(files) == [f"data/go-{n:05}.parquet" for n in range(3)]
    assert [each.id for each in corpus.read(tmp_path)] == [each.id for each in examples]
    assert dict(_folder.by_language(files)) == {"go": list(files)}


def test_failing_shard_is_closed(tmp_path: Path) -> None:
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
        pytest.skip("cannot mount a disk of a given size here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_keeps_the_old_corpus(small_disk: Path, tmp_path: Path) -> None:
    from random import Random

    small = write_corpus(tmp_path / "few", [example(1)])
    noise = [Example(f"e{n}", Random(n).randbytes(4000).hex(), "x", "go", "t", "s") for n in range(200)]
    large = write_corpus(tmp_path / "many", noise)
    step = corpus.Transformation("all", {})
    corpus.transform([small], small_disk / "out", step)
    with pytest.raises(Incomplete, match="the disk is full"):
        corpus.transform([large], small_disk / "out", step, replace=True)
    assert [each.id for each in corpus.read(small_disk / "out")] == ["e1"]
    assert [path.name for path in small_disk.iterdir()] == ["out"]


def test_folder_of_version_0_1_is_read_and_its_funnel_shown(tmp_path: Path) -> None:
    former = tmp_path / "former"
    corpus.write(former / "data" / "python-00000.parquet", [example(n) for n in range(4)])
    size = (former / "data" / "python-00000.parquet").stat().st_size
    made = {
        "step": "decontaminate",
        "settings": {"problems": "00"},
        "inputs": [{"name": "rows.jsonl"}],
        "read": 6,
        "quarantined": {"NUL": 1},
        "dropped": {"tests, whole": 1},
        "rows": 4,
        "report": {
            "guarded": [{"benchmark": "b", "language": "go", "problems": 2, "flagged": ["P"], "examples": 1}],
            "lacking": {"c": "no data"},
            "notes": [],
        },
    }
    index = {"key": "00", "files": {"data/python-00000.parquet": size}, "made": made}
    (former / "funnel.json").write_text(json.dumps(index))
    assert corpus.transform([former], tmp_path / "out", KEEP_ODD).rows == 2
    card = (tmp_path / "out" / "README.md").read_text()
    assert "| decontaminate: tests, whole | 1 | 4 |\n| odd: rows of former |  | 4 |" in card
    (former / "funnel.json").write_text("[]")
    with pytest.raises(DataError, match="funnel.json: not the index of a corpus"):
        corpus.transform([former], tmp_path / "other", KEEP_ODD)
    (former / "funnel.json").write_text(json.dumps({"funnel": {}, "files": index["files"]}))
    with pytest.raises(DataError, match="does not say which repositories were read; mine it again"):
        corpus.describe(former)


def test_only_one_process_writes_a_corpus(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with (
        locked(tmp_path / ".out.lock"),
        pytest.raises(Incomplete, match="out: another process is writing it; wait for it"),
    ):
        corpus.transform([source], out, KEEP_ODD)
    assert not out.exists()
    assert corpus.transform([source], out, KEEP_ODD).rows == 6


KILLED_BETWEEN_RENAMES = """
import os, signal, sys
from pathlib import Path
from crosstune import corpus
rename = Path.rename
def rename_and_die(self, to):
    rename(self, to)
    os.kill(os.getpid(), signal.SIGKILL)
Path.rename = rename_and_die
corpus.transform([Path(sys.argv[1])], Path(sys.argv[2]), corpus.Transformation("all", {}), replace=True)
"""


def test_next_call_restores_a_corpus_killed_between_two_renames(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    corpus.transform([source], out, KEEP_ODD)
    whole = file_contents(out)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BETWEEN_RENAMES, str(source), str(out)], cwd=ROOT, check=False
    )
    assert (killed.returncode, out.exists()) == (-signal.SIGKILL, False)
    with pytest.raises(UsageError, match="or --replace"):
        corpus.transform([source], out, corpus.Transformation("all", {}))
    assert file_contents(out) == whole
    assert corpus.transform([source], out, KEEP_ODD).reused
    assert corpus.transform([source], out, corpus.Transformation("all", {}), replace=True).rows == 11
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_failing_rename_keeps_the_old_corpus(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    corpus.transform([source], out, KEEP_ODD)
    before, replace = file_contents(out), Path.replace

    def refused(self: Path, to: Path) -> Path:
        if to == out:
            raise PermissionError(13, "no", str(to))
        return replace(self, to)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refused)
        with pytest.raises(PermissionError):
            corpus.transform([source], out, corpus.Transformation("all", {}), replace=True)
    assert file_contents(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_corpus_with_a_longer_name_is_kept(source: Path, tmp_path: Path) -> None:
    other = tmp_path / ".out.b.123.part"
    other.mkdir()
    corpus.transform([source], tmp_path / "out", KEEP_ODD)
    assert other.exists()


SLOW_STEP = """
import sys, time
from pathlib import Path
from crosstune import corpus
def slow(each):
    time.sleep(0.01)
    return each
print("ready", flush=True)
corpus.transform([Path(sys.argv[1])], Path(sys.argv[2]), corpus.Transformation("slow", {}, [slow]))
"""


@pytest.mark.slow
def test_rerun_after_a_kill_gives_the_same_corpus(source: Path, tmp_path: Path) -> None:
    step = corpus.Transformation("slow", {}, [lambda each: each])
    corpus.transform([source], tmp_path / "whole", step)
    killed = 0
    for number, seconds in enumerate((0.01, 0.06, 0.12, 0.3)):
        out = tmp_path / f"out{number}"
        command = [sys.executable, "-c", SLOW_STEP, str(source), str(out)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            time.sleep(seconds)
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
        if out.exists():
            assert file_contents(out) == file_contents(tmp_path / "whole")
        corpus.transform([source], out, step)
        assert file_contents(out) == file_contents(tmp_path / "whole")
        assert not list(tmp_path.glob(f".out{number}.*"))
    assert killed
