"""Mining into a corpus folder: its files, reruns, kills, full disks and several writers."""

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import datasets
import pytest

from crosstune import corpus
from crosstune.errors import DataError, Incomplete, UsageError
from crosstune.mining import load_profile
from tests.mining.random_history import RandomHistory
from tests.mining.repositories import CODE, MIT, Repo, full
from tests.shared import ROOT


@pytest.fixture(scope="module")
def repos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two repositories; tests must not change them."""
    folder = tmp_path_factory.mktemp("git")
    other = Repo(folder / "other")
    other.commit("Add the licence that we all like", {"LICENSE": MIT})
    other.commit("Add one file to the small tree", {"qq.js": "// " + "x" * 300 + "\nf();\n"})
    return [full(folder / "full").path, other.path]


def mine(out: Path, repos: list[Path], workers: int = 1, **changes: Any) -> corpus.Mining:
    profile = load_profile("commitpackft", changes)
    return corpus.mine(repos, out, profile=profile, workers=workers, progress=lambda *_: None)


def tree(out: Path) -> dict[str, bytes]:
    """Every file below ``out`` except the records."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".crosstune" not in path.parts
    }


def test_mined_corpus_loads_and_describes_itself(repos: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    mining = mine(out, repos)
    assert (mining.reused, mining.funnel.kept, mining.statistics.rows) == (False, 22, 22)
    assert mining.licences == {"mit": 22}
    loaded = datasets.load_dataset(str(out), cache_dir=str(tmp_path / "cache"))["train"]
    assert loaded.num_rows == 22
    python = datasets.load_dataset(str(out), "python", cache_dir=str(tmp_path / "cache"))["train"]
    assert set(python["language"]) == {"python"}
    assert python.num_rows == mining.statistics.languages["python"]
    examples = list(corpus.read(out))
    assert sorted(each.id for each in examples) == sorted(loaded["id"])
    assert {each.provenance["licence"] for each in examples} == {"mit"}
    card = (out / "README.md").read_text()
    assert "| merge commit | 1 | 98 |" in card
    assert "| python | 19 |" in card
    assert "estimated as bytes / 3.5" in card
    index = json.loads((out / "funnel.json").read_text())
    assert index["funnel"]["commits"] == 99
    assert sum(index["funnel"]["dropped"].values()) == 99 - 22
    assert index["profile"]["subject"]["more_words_than"] == 4
    rows = [json.loads(line) for line in (out / "quarantine.jsonl").read_text().splitlines()]
    assert mining.quarantined == index["quarantined"] == len(rows) == 4
    assert {(row["path"], row["reason"]) for row in rows} == {
        ("qq4.py", "contents: too large"),
        ("qq6.py", "contents: not UTF-8"),
        ("qq7.py", "contents: binary"),
    }
    assert set(index["files"]) == {name for name in tree(out) if name.endswith(".parquet")}


def test_language_with_much_text_has_several_files(
    repos: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine(tmp_path / "one", repos)
    monkeypatch.setattr("crosstune.corpus._folder.SHARD_CHARACTERS", 1_000)
    monkeypatch.setattr("crosstune.corpus._store.GROUP_ROWS", 2)
    mine(tmp_path / "many", repos)
    [folder] = (tmp_path / "many").glob("data-*")
    names = sorted(path.name for path in folder.glob("python-*"))
    assert names == [f"python-{number:05}.parquet" for number in range(len(names))]
    assert len(names) > 2
    assert list(corpus.read(tmp_path / "many")) == list(corpus.read(tmp_path / "one"))
    python = datasets.load_dataset(str(tmp_path / "many"), "python", cache_dir=str(tmp_path / "cache"))
    assert python["train"].num_rows == 19


def test_rerun_does_nothing_and_changed_rules_mine_again(repos: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    mine(out, repos[1:])
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    again = mine(out, repos[1:])
    assert again.reused
    assert again.funnel.kept == again.statistics.rows == 1
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    assert mine(out, repos[1:], additions=False).funnel.kept == 0
    assert len(list(out.glob("data-*"))) == 1
    assert list(corpus.read(out)) == []
    assert mine(out, repos).funnel.kept == 22
    assert len(list((out / ".crosstune").iterdir())) == 2


def test_new_commits_are_mined(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("Add one file to the small tree", {"qq.py": CODE})
    assert mine(tmp_path / "out", [repo.path]).funnel.kept == 1
    repo.commit("Add another file to the small tree", {"zz.py": CODE + "z = 1\n"})
    mining = mine(tmp_path / "out", [repo.path])
    assert (mining.reused, mining.funnel.kept) == (False, 2)


def test_missing_or_cut_off_file_is_written_again(repos: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    mine(out, repos)
    whole = tree(out)
    for name in whole:
        if name.endswith(".parquet"):
            (out / name).write_bytes(whole[name][:-5])
            assert not mine(out, repos).reused
            assert tree(out) == whole
    (out / "funnel.json").write_text('{"key": 1')
    assert not mine(out, repos).reused
    assert tree(out) == whole


def test_corpus_without_samples_is_readable(repos: list[Path], tmp_path: Path) -> None:
    mining = mine(tmp_path / "out", repos, contents={"most_tokens": 1})
    assert mining.funnel.kept == 0
    assert list(corpus.read(tmp_path / "out")) == []  # `datasets` refuses a split without rows
    assert "# 0 commits as instructions" in (tmp_path / "out" / "README.md").read_text()


def test_unreadable_repositories_are_listed_and_stop_no_others(repos: list[Path], tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    mining = mine(tmp_path / "out", [nothing, *repos], workers=2)
    assert mining.funnel.unreadable == {str(nothing): "no such folder"}
    assert mining.funnel.kept == 22
    assert f"| {nothing} | no such folder |" in (tmp_path / "out" / "README.md").read_text()
    with pytest.raises(DataError, match="nothing to mine: .*nothing: no such folder"):
        mine(tmp_path / "other", [nothing])


def test_folder_with_other_contents_is_refused(repos: list[Path], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty, and not a mined corpus"):
        mine(tmp_path, repos)
    with pytest.raises(UsageError, match="is a file"):
        mine(tmp_path / "thesis.txt", repos)
    with pytest.raises(UsageError, match="no repository was given"):
        mine(tmp_path / "out", [])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_failed_fetches_are_listed_and_stop_no_others(repos: list[Path], tmp_path: Path) -> None:
    failed = {"https://forge.example.org/ann/gone": "not found"}
    out = tmp_path / "out"
    profile = load_profile("commitpackft")

    def again() -> corpus.Mining:
        return corpus.mine(
            repos[1:], out, profile=profile, workers=1, progress=lambda *_: None, failed=failed
        )

    mining = again()
    assert (mining.funnel.unreadable, mining.funnel.kept, mining.funnel.repositories) == (failed, 1, 2)
    assert again().reused
    with pytest.raises(DataError, match="nothing to mine: https://forge.example.org/ann/gone: not found"):
        corpus.mine([], tmp_path / "no", profile=profile, workers=1, progress=lambda *_: None, failed=failed)


def test_shares_of_one_repository_give_the_same_corpus(
    repos: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine(tmp_path / "one", repos[:1])
    monkeypatch.setattr("crosstune.mining._processes.MIN_CHANGES", 5)
    mine(tmp_path / "two", repos[:1], workers=2)
    assert tree(tmp_path / "two") == tree(tmp_path / "one")


SMALL_DISK = """
mount -t tmpfs -o size=600k none "$1" || exit 77
cd "$1" && shift
"$@"
code=$?
cp -r out "$SAVED" && exit $code
"""


def test_full_disk_stops_and_keeps_finished_repositories(repos: list[Path], tmp_path: Path) -> None:
    large = Repo(tmp_path / "large")
    noise = random.Random(0)
    for number in range(10):
        large.commit(f"Add the noise with number {number}", {f"qq{number}.py": noise.randbytes(60_000).hex()})
    disk = tmp_path / "disk"
    disk.mkdir()

    def run(*names: Path, saved: Path) -> subprocess.CompletedProcess[str]:
        settings = ["--set", "contents.most_tokens=null", "--set", "contents.longest_line=200000"]
        program = "from crosstune.cli import main; main()"
        command = [sys.executable, "-c", program, "mine", "-o", "out", "--workers", "1", *settings]
        shell = ["unshare", "-m", "sh", "-c", SMALL_DISK, "sh", str(disk), *command, *map(str, names)]
        own = os.environ | {"SAVED": str(saved), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(shell, env=own, capture_output=True, text=True, check=False)

    small = run(repos[1], saved=tmp_path / "small")
    if small.returncode in {1, 77} and "ermi" in small.stderr:
        pytest.skip("this system does not allow mounting a file system")
    assert small.returncode == 0, small.stderr
    full_disk = run(repos[1], large.path, saved=tmp_path / "full")
    assert full_disk.returncode == 4, full_disk.stderr
    assert "the disk is full; free some space and run it again" in full_disk.stderr
    assert not list((tmp_path / "full").rglob("*.part"))
    [kept] = (tmp_path / "full" / ".crosstune").iterdir()  # the finished repository is not mined again
    mine(tmp_path / "full", [repos[1], large.path], contents={"most_tokens": None, "longest_line": 200_000})
    mine(tmp_path / "whole", [repos[1], large.path], contents={"most_tokens": None, "longest_line": 200_000})
    assert kept.exists()
    assert tree(tmp_path / "full") == tree(tmp_path / "whole")


SCRIPT = """
import sys
from pathlib import Path
from crosstune import corpus
from crosstune.mining import load_profile
if __name__ == "__main__":
    out, *repos = map(Path, sys.argv[1:])
    print("started", flush=True)
    profile = load_profile("commitpackft")
    corpus.mine(repos, out, profile=profile, workers=2, progress=lambda *_: None)
"""


def killed_after(seconds: float, out: Path, repos: list[Path], script: Path) -> bool:
    """Whether mining into ``out`` was still running when it was killed."""
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(out), *map(str, repos)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True, env={**os.environ}
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"started\n"
        time.sleep(seconds)
        running = process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
    return running


@pytest.mark.slow
def test_rerun_after_a_kill_gives_the_same_corpus(repos: list[Path], tmp_path: Path) -> None:
    mine(tmp_path / "whole", repos)
    killed = 0
    for number, seconds in enumerate((0.05, 0.3, 0.6, 0.9, 1.2)):
        out = tmp_path / f"out{number}"
        killed += killed_after(seconds, out, repos, tmp_path / "script.py")
        if (out / "funnel.json").exists():
            assert len(list(corpus.read(out))) == 22
        mine(out, repos)
        assert tree(out) == tree(tmp_path / "whole")
    assert killed


@pytest.mark.slow
def test_rerun_after_a_kill_with_new_commits_gives_the_same_corpus(repos: list[Path], tmp_path: Path) -> None:
    history = RandomHistory(tmp_path / "grows", 1, rewrites=False)
    history.grow(20)
    paths = [history.repo.path, repos[1]]
    mine(tmp_path / "before", paths)
    history.grow(30)
    mine(tmp_path / "whole", paths)
    allowed = [list(corpus.read(tmp_path / name)) for name in ("before", "whole")]
    killed = 0
    for number, seconds in enumerate((0.1, 0.3, 0.5, 0.7)):
        out = tmp_path / f"out{number}"
        shutil.copytree(tmp_path / "before", out)
        killed += killed_after(seconds, out, paths, tmp_path / "script.py")
        assert list(corpus.read(out)) in allowed  # either corpus, but complete
        mine(out, paths)
        assert tree(out) == tree(tmp_path / "whole")
    assert killed


def test_second_writer_is_refused(repos: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    mine(out, repos[1:])
    whole = tree(out)
    lock = out / ".crosstune" / "lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Incomplete, match="out: another process is writing it; wait for it"):
            mine(out, repos)
        assert mine(out, repos[1:]).reused  # without writing
        assert tree(out) == whole
    assert lock.exists()  # as after a killed run
    assert mine(out, repos).funnel.kept == 22
    assert not lock.exists()
