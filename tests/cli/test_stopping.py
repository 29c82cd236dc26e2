"""A signal ends every command with a message, a status, and no process, traceback or lock left behind."""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crosstune import stopping
from tests.cli.test_main import CROSSTUNE
from tests.study.conftest import BASE

DEADLINE_SECONDS = 60.0
STUDY = """\
name: small
title: Small
seeds: [0]
corpora:
  raw:
    source:
      exercises: {cells: {python: [raw]}}
    size: 100000000
models:
  base: {corpus: raw, recipe: ./recipe.yaml}
evaluate:
- {benchmark: exercises, languages: [python], tasks: [synthesize]}
"""


class Running:
    """A started command; ``below`` are the processes that it has started."""

    def __init__(self, *words: str | Path, path: Path | None = None, cwd: Path | None = None) -> None:
        search = os.pathsep.join([*([str(path)] if path else []), os.environ["PATH"]])
        self.process = subprocess.Popen(
            [CROSSTUNE, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=cwd,
            env={**os.environ, "PATH": search},
            start_new_session=True,
        )

    @property
    def below(self) -> list[int]:
        found, waiting, children = list[int](), [self.process.pid], stopping._children()
        while waiting:
            new = children.get(waiting.pop(), [])
            found += new
            waiting += new
        return found

    def await_(self, ready: Callable[[], object]) -> None:
        until = time.monotonic() + DEADLINE_SECONDS
        while not ready():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < until
            time.sleep(0.02)

    def stop(self, number: signal.Signals, *, group: bool = False) -> str:
        """Send the signal, check how the command ends, and return its message."""
        below = self.below
        (os.killpg if group else os.kill)(self.process.pid, number)
        _, errors = self.process.communicate(timeout=DEADLINE_SECONDS)
        assert self.process.returncode == 128 + number, errors
        _await_end(below)
        (message,) = errors.splitlines()
        assert message.startswith(f"crosstune: stopped by {number.name}; ")
        return message.partition("; ")[2]


def _await_end(pids: list[int]) -> None:
    """Wait until init has reaped what was killed."""
    until = time.monotonic() + DEADLINE_SECONDS
    while left := [pid for pid in pids if stopping._runs(pid)]:
        assert time.monotonic() < until, left
        time.sleep(0.02)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Two programs that end, and two that wait as long as they may."""
    rows = [
        {
            "id": str(n),
            "language": "python",
            "candidate": f"import time\ntime.sleep({n // 2 * 1000})",
            "tests": "assert time",
        }
        for n in range(4)
    ]
    path = tmp_path / "programs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _judging(programs: Path) -> tuple[Running, Path]:
    out = programs.with_name("verdicts.jsonl")
    running = Running("judge", programs, "-o", out, "--workers", "2")
    running.await_(lambda: out.exists() and out.read_bytes().count(b"\n") == 2)
    return running, out


@pytest.mark.parametrize("number", stopping.SIGNALS)
@pytest.mark.parametrize("group", [False, True], ids=["process", "group"])
def test_judge_is_stopped_and_keeps_its_verdicts(programs: Path, number: signal.Signals, group: bool) -> None:
    running, out = _judging(programs)
    message = running.stop(number, group=group)
    assert message == f"finished verdicts are in {out}; the same command judges only the others"
    assert sorted(path.name for path in out.parent.iterdir()) == ["programs.jsonl", "verdicts.jsonl"]
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["0", "1"]


def test_a_stopped_cache_is_used_by_the_next_run(programs: Path) -> None:
    running, out = _judging(programs)
    running.stop(signal.SIGTERM)
    text = programs.read_text().replace("2000", "0").replace("1000", "0")
    programs.write_text(text)
    done = subprocess.run(
        [CROSSTUNE, "judge", programs, "-o", out], capture_output=True, text=True, check=True
    )
    assert "2 judged, 2 kept from before" in done.stdout


def test_a_signal_that_the_caller_ignores_stays_ignored(programs: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        running, _ = _judging(programs)
    finally:
        signal.signal(signal.SIGHUP, before)
    running.process.send_signal(signal.SIGHUP)
    running.stop(signal.SIGTERM)


def test_a_closed_pipe_does_not_disturb_the_end(programs: Path) -> None:
    running, _ = _judging(programs)
    below = running.below
    assert running.process.stdout is not None
    assert running.process.stderr is not None
    running.process.stdout.close()
    running.process.stderr.close()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(DEADLINE_SECONDS) == 130
    _await_end(below)


def test_gate_says_how_to_keep_verdicts(tmp_path: Path) -> None:
    for options, kept in [
        ((), "nothing is kept. With --cache FILE, a stopped gate continues"),
        (
            ("--cache", tmp_path / "cache"),
            f"its verdicts are in {tmp_path / 'cache'}; the same command judges only the other solutions",
        ),
    ]:
        running = Running("gate", "exercises", *options)
        running.await_(functools.partial(_has_processes, running, 3))
        assert running.stop(signal.SIGTERM) == kept


def _has_processes(running: Running, number: int) -> bool:
    return len(running.below) >= number


@pytest.mark.parametrize(("number", "group"), [(signal.SIGTERM, False), (signal.SIGINT, True)])
def test_study_is_stopped_with_its_workers(tmp_path: Path, number: signal.Signals, group: bool) -> None:
    (tmp_path / "study.yaml").write_text(STUDY)
    (tmp_path / "recipe.yaml").write_text(BASE)
    running = Running("study", "run", "study.yaml", cwd=tmp_path)
    running.await_(lambda: list(tmp_path.glob("runs/store/.partial/*/out")))
    message = running.stop(number, group=group)
    assert message == "finished steps, answers and checkpoints are in runs/store; the same command continues"
    assert not (tmp_path / "runs" / "small" / ".lock").exists()


@pytest.fixture
def slow_git(tmp_path: Path) -> Path:
    """A folder with a git that waits before it prints the log."""
    real = shutil.which("git")
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "git"
    script.write_text(f'#!/bin/sh\ncase " $* " in *" log "*) sleep 1000;; esac\nexec {real} "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(("number", "group"), [(signal.SIGTERM, False), (signal.SIGINT, True)])
def test_mine_is_stopped_while_git_works(
    tmp_path: Path, slow_git: Path, workers: str, number: signal.Signals, group: bool
) -> None:
    clones = [tmp_path / name for name in ("one", "two", "three")]
    for clone in clones:
        for words in (
            ["init", "-q", str(clone)],
            ["-C", str(clone), "commit", "-q", "--allow-empty", "-m", "A"],
        ):
            author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
            subprocess.run(["git", *author, *words], check=True)
    out = tmp_path / "out"
    running = Running("mine", *clones, "-o", out, "--workers", workers, path=slow_git)
    running.await_(lambda: sum(map(_sleeps, running.below)) >= int(workers))
    message = running.stop(number, group=group)
    assert message == f"decisions on finished repositories are kept in {out}; the same command continues"
    assert not (out / ".crosstune" / "lock").exists()


def _sleeps(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"sleep\0")
    except OSError:
        return False


@pytest.fixture
def silent_server() -> Iterator[int]:
    """The port of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_mine_is_stopped_while_it_waits_for_a_server(tmp_path: Path, silent_server: int) -> None:
    urls = [f"http://127.0.0.1:{silent_server}/{number}.git" for number in range(9)]
    running = Running("mine", *urls, "-o", tmp_path / "out", "--cache", tmp_path / "cache")
    running.await_(lambda: len(running.below) >= 4)
    assert running.stop(signal.SIGTERM) == "fetched repositories are kept; the same command continues"
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_corpus_that_is_being_written_is_as_it_was(tmp_path: Path) -> None:
    rows, out = tmp_path / "rows", tmp_path / "out"
    os.mkfifo(rows)
    running = Running("corpus", "convert", rows, "-o", out)
    running.await_(lambda: running.process.poll() is None and _handles(running.process.pid))
    running.stop(signal.SIGTERM)
    assert not out.exists()


def _handles(pid: int) -> bool:
    """Whether the process handles SIGTERM."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(next(line for line in status.splitlines() if line.startswith("SigCgt")).split()[1], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)
