"""What one task of judging and of mining takes here, measured by the commands themselves, in CPU seconds."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from bench.programs import again, programs, spread
from crosstune.execution import Judge

CROSSTUNE = str(Path(sys.executable).with_name("crosstune"))
_READ, _JOINED = 90_000, 20_000
_REPOSITORIES = 40
_CANDIDATE = "def f(x):\n    return x\n" + "# a line of a comment\n" * 20
_PROGRAM = {"language": "python", "candidate": _CANDIDATE, "tests": "assert f(1) == 1\n"}


@dataclass(frozen=True)
class Clone:
    """A repository: the bytes of the clone and of the commits taken from it, and the seconds that took."""

    name: str
    clone_bytes: int
    row_bytes: int
    seconds: float


@dataclass(frozen=True)
class JudgeTasks:
    """``programs``: the seconds of each program, by language, and ``first``: how many more the first one
    takes, for which compilers and sandboxes start. ``start``: of a command with one program. ``read``: of a
    row that another shard has, and ``merge``: of one to be joined."""

    programs: Mapping[str, Sequence[float]]
    first: Mapping[str, float]
    start: float
    read: float
    merge: float


@dataclass(frozen=True)
class MineTasks:
    """``start``: a command without a repository; ``repository``: one with a single commit. ``merge`` and
    ``memory``: the seconds and the bytes of memory for each byte of rows that are joined."""

    clones: Sequence[Clone]
    start: float
    repository: float
    merge: float
    memory: float


def judge_tasks(languages: Sequence[str], data: Path, count: int) -> JudgeTasks:
    measured = {language: _programs(language, data, count) for language in languages}
    with tempfile.TemporaryDirectory() as folder:
        # All rows of a shard but one belong to others; the only one of its own is part of `start`.
        few, many, joined = (_rows(Path(folder, f"{size}.jsonl"), size) for size in (2, _READ, _JOINED))
        _one_of(few, 2, "first")
        start, alone = _one_of(few, 2), _one_of(many, _READ)
        merges = _merged(few, 2), _merged(joined, _JOINED)
    programs_seconds = {language: usual for language, (_, usual) in measured.items()}
    first = {language: max(0.0, cold - usual[0]) for language, (cold, usual) in measured.items()}
    return JudgeTasks(
        programs_seconds, first, start, (alone - start) / _READ, (merges[1] - merges[0]) / _JOINED
    )


def _one_of(given: Path, count: int, name: str = "out") -> float:
    """The seconds of a shard that has one of the rows."""
    return _run("judge", given, "-o", f"{given}.{name}", "--shard", f"0/{count}", "--workers", "1")[0]


def _programs(language: str, data: Path, count: int) -> tuple[float, list[float]]:
    """The seconds of the first program of a new judge, and of all when they come for the second time."""
    given = spread(programs(language, data), count)
    seconds = []
    with Judge(1) as judge:
        for number in (0, 1):
            for program in given:
                began = machine.cpu_seconds()
                list(judge.run([again(program, number)]))
                seconds.append(machine.cpu_seconds() - began)
    return seconds[0], seconds[len(given) :]


def _rows(path: Path, count: int) -> Path:
    rows = ({"id": f"p{number}", **_PROGRAM} for number in range(count))
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def _merged(given: Path, count: int) -> float:
    """The seconds of a merge of two shards."""
    out = f"{given}.merged"
    for shard in (0, 1):
        _run("judge", given, "-o", out, "--shard", f"{shard}/2", "--workers", "1")
    seconds, _ = _run("merge", out)
    assert Path(out).read_bytes().count(b"\n") == count
    return seconds


def mine_tasks(clones: Sequence[Path]) -> MineTasks:
    with tempfile.TemporaryDirectory() as folder:
        start, one = _empty(Path(folder), 1), _empty(Path(folder), _REPOSITORIES)
        each = (one - start) / (_REPOSITORIES - 1)
        start -= each
        out = Path(folder, "out")
        shards = [_mined(number, clones, out, start + each) for number in range(len(clones))]
        seconds, memory = _run("merge", out)
        few_seconds, few_memory = _run("merge", Path(folder, f"empty-{_REPOSITORIES}"))
    size = sum(clone.row_bytes for clone in shards)
    return MineTasks(shards, start, each, (seconds - few_seconds) / size, (memory - few_memory) / size)


def _mined(number: int, clones: Sequence[Path], out: Path, fixed: float) -> Clone:
    """The shard that has one clone alone."""
    count, clone = len(clones), clones[number]
    seconds, _ = _run(*_mine(clones, out), "--shard", f"{number}/{count}")
    (rows,) = out.parent.glob(f"{out.name}-{number:05}-of-{count:05}/mined.jsonl.gz")
    with gzip.open(rows) as opened:
        size = sum(map(len, opened))
    objects = sum(path.stat().st_size for path in clone.resolve().rglob("*") if path.is_file())
    return Clone(clone.name, objects, size, seconds - fixed)


def _mine(clones: Sequence[Path], out: Path) -> tuple[str, ...]:
    return ("mine", *map(str, clones), "-o", str(out), "--profile", "commitpack", "--workers", "1")


def _empty(folder: Path, count: int) -> float:
    """The seconds of a shard with so many repositories of one commit each."""
    made = []
    for number in range(2 * count):
        made.append(folder / f"repository-{count}-{number}")
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        commit = ("commit", "-q", "--allow-empty", "-m", f"Start {number}")
        for words in (("init", "-q"), (*identity, *commit)):
            made[-1].mkdir(exist_ok=True)
            subprocess.run(["git", "-C", str(made[-1]), *words], check=True)
    out = folder / f"empty-{count}"
    _run(*_mine(made, out), "--shard", "1/2")
    return _run(*_mine(made, out), "--shard", "0/2")[0]


def _run(*words: str | Path) -> tuple[float, int]:
    """The CPU seconds of a command and its processes, and the peak of its memory in bytes."""
    with tempfile.TemporaryFile() as printed:
        running = subprocess.Popen([CROSSTUNE, *map(str, words)], stdout=printed, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            printed.seek(0)
            raise RuntimeError(f"{words}: {printed.read().decode()}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss << 10
