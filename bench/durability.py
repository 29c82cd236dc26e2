"""Kill commands at random moments, and compare what they write with that of undisturbed runs.

    python -m bench.durability --kills 200
    python -m bench.durability --kills 20 --only judge,generate --minutes 10

Each command is run once undisturbed. Then it is started, killed (SIGKILL) after a random part of the time
that it took, and started again, as often as asked; after a run that ends by itself it begins anew in another
folder. Its files must be the same, apart from times. What a server was asked again is counted: at most what
was in flight. Every process that a killed command has started must end. `bench.durable_serving` does the same
with `crosstune serve`.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gzip
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.scripted_server import Action, RequestBody, ScriptedServer, reply_with, scripted
from tests.sources.teacher.test_teacher import SEEDS, teacher
from tests.study.conftest import BASE, TUNE
from tests.study.test_kill import STUDY

CROSSTUNE = str(Path(sys.executable).with_name("crosstune"))
_TIMES = {"peak_bytes", "finished", "second"}
_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE_SECONDS = 300.0
"""How long what a killed command has started may take to end: far more than it needs on a busy machine."""


@dataclass(frozen=True)
class Case:
    """A command that writes to a path; ``asked`` counts the requests to its server, of which ``in_flight`` at
    once."""

    name: str
    words: Callable[[Path], Sequence[str | Path]]
    asked: Callable[[], int] = lambda: 0
    in_flight: int = 0


@dataclass
class Result:
    """``kills`` hit a running command in ``rounds``; ``differences`` name files that are not as they should
    be. ``again`` requests were repeated, of at most ``allowed``. ``left`` processes outlived it."""

    kills: int = 0
    rounds: int = 0
    again: int = 0
    allowed: int = 0
    differences: tuple[str, ...] = ()
    left: int = 0

    @property
    def right(self) -> bool:
        return not self.differences and self.again <= self.allowed and not self.left


def contents(out: Path) -> Mapping[str, str]:
    """What was written, without times: a digest of each file by its name; work folders do not count."""
    found = [out] if out.is_file() else sorted(path for path in out.rglob("*") if path.is_file())
    return {
        str(path.relative_to(out.parent)).replace(out.name, "OUT", 1): _digest(path)
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(out.parent).parts)
        and path.suffix not in _NOT_COMPARED
    }


_NOT_COMPARED = {".png", ".svg", ".html", ".sqlite", ".sqlite-wal", ".sqlite-shm"}
"""Drawings, the report (it shows durations) and the verdict cache (its verdicts have them)."""


def _digest(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    if path.name == "manifest.json":
        content = json.dumps(_without_times(json.loads(content), _OF_ONE_RUN)).encode()
    elif {".jsonl", ".json"} & {*path.suffixes}:
        content = "\n".join(map(_line_without_times, content.decode().splitlines())).encode()
    return hashlib.sha256(content).hexdigest()[:16]


def _line_without_times(line: str) -> str:
    try:
        row = _without_times(json.loads(line))
    except ValueError:
        return line
    if isinstance(row, dict) and isinstance(row.get("program"), str):
        row["program"] = row["program"].rpartition("-")[0]  # the checksum of a verdict with its times
    return json.dumps(row)


_OF_ONE_RUN = ("sha256", "bytes", "state")
"""In manifests: digests of files with times, and whether a step was done in this run or before."""


def _without_times(value: Any, without: Collection[str] = ()) -> Any:
    """A JSON value without the times in it, and ``without`` the fields of these names."""
    if isinstance(value, list):
        return [_without_times(each, without) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _without_times(each, without)
        for name, each in value.items()
        if not any(time_ in name for time_ in _TIMES) and name not in without
    }


def start(case: Case, out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [CROSSTUNE, *map(str, case.words(out))],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def undisturbed(case: Case, out: Path) -> float:
    """Run the command to its end; return the seconds that it took."""
    began = time.monotonic()
    running = start(case, out)
    printed, _ = running.communicate()
    if running.returncode:
        raise SystemExit(f"{case.name}: failed without any disturbance:\n{printed.decode()}")
    return time.monotonic() - began


def disturbed(
    case: Case, folder: Path, kills: int, moments: random.Random, seconds_left: float = float("inf")
) -> Result:
    """Kill the command ``kills`` times, and compare each finished output with an undisturbed one.

    After ``seconds_left`` there are no more kills.
    """
    folder.mkdir(parents=True)
    end = time.monotonic() + seconds_left
    before = case.asked()
    seconds = undisturbed(case, folder / "whole" / "out.jsonl")
    needed, expected = case.asked() - before, contents(folder / "whole" / "out.jsonl")
    result, differences = Result(), list[str]()
    while result.kills < kills and time.monotonic() < end:
        out, begun, hits = folder / f"round-{result.rounds}" / "out.jsonl", case.asked(), 0
        with adopting() as orphans:
            while (
                result.kills + hits < kills
                and time.monotonic() < end
                and _killed(case, out, moments.uniform(0, 1) * seconds)
            ):
                hits += 1
                result.left += len(left_over(orphans))
        undisturbed(case, out)
        differences += _differences(expected, contents(out), out)
        result.kills, result.rounds = result.kills + hits, result.rounds + 1
        result.again += case.asked() - begun - needed
        result.allowed += hits * case.in_flight
    result.differences = tuple(differences)
    return result


def _killed(case: Case, out: Path, after: float) -> bool:
    """Whether the command was still running after so many seconds, and was killed."""
    running = start(case, out)
    try:
        running.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        os.kill(running.pid, signal.SIGKILL)  # its workers end with it
        running.communicate()
        return True
    return False


@contextlib.contextmanager
def adopting() -> Iterator[Callable[[], set[int]]]:
    """Become the parent of processes whose parent dies; yields what finds those that still run."""
    known = _children()
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    try:
        yield lambda: _children() - known
    finally:
        prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def left_over(orphans: Callable[[], set[int]]) -> set[int]:
    """The orphans that have not ended after long patience; they are killed."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while (running := {pid for pid in orphans() if not _reaped(pid)}) and time.monotonic() < end:
        time.sleep(0.05)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    return running


def _reaped(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _children() -> set[int]:
    """This process's children, from /proc: those of all its threads."""
    found: set[int] = set()
    for children in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found.update(map(int, children.read_text().split()))
    return found


def _differences(expected: Mapping[str, str], found: Mapping[str, str], out: Path) -> list[str]:
    names = sorted({*expected, *found})
    return [f"{out}: {name}" for name in names if expected.get(name) != found.get(name)]


def programs(folder: Path, count: int = 24) -> Path:
    """Programs that differ, some wrong, some with cases."""
    rows: list[dict[str, Any]] = []
    for number in range(count):
        row = {
            "id": f"p{number}",
            "language": "python",
            "candidate": f"def one():\n    return {number % 3}\n",
        }
        rows.append(row | {"tests": "assert one() == 1"})
    path = folder / "programs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def judging(folder: Path) -> Case:
    rows = programs(folder)
    return Case("judge", lambda out: ("judge", rows, "-o", out, "--workers", "2"))


def repositories(folder: Path, count: int = 3, commits: int = 30) -> list[Path]:
    made = []
    for number in range(count):
        path = folder / f"repository-{number}"
        path.mkdir()
        _git(path, "init", "--quiet", "--initial-branch=main")
        for change in range(commits):
            lines = [
                f"def number_{n}():\n    return {n if n != change % 12 else change + 100}\n"
                for n in range(12)
            ]
            (path / "numbers.py").write_text(f"# {number}\n" + "\n".join(lines))
            _git(path, "add", ".")
            _git(path, "commit", "--quiet", "-m", f"Return {change + 100} where {change % 12} was wrong")
        made.append(path)
    return made


def _git(path: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(path), *who, *words], check=True)


def mining(folder: Path) -> Case:
    clones = repositories(folder)
    return Case("mine", lambda out: ("mine", *clones, "-o", out, "--workers", "2"))


IN_FLIGHT = 2
_SECONDS = 0.1
"""How long the server thinks about a request, so that kills hit commands that wait for it."""


def slowly(act: Callable[[RequestBody, int], Action]) -> Callable[[RequestBody, int], Action]:
    def answer(body: RequestBody, number: int) -> Action:
        time.sleep(_SECONDS)
        return act(body, number)

    return answer


def solution(body: RequestBody, _: int) -> Action:
    """An answer that depends only on what is asked."""
    text = body["messages"][-1]["content"]
    return reply_with(f"```python\n# {hashlib.sha256(text.encode()).hexdigest()}\n```")


def generating(server: ScriptedServer) -> Case:
    words = ("generate", "-m", "m", "--server", server.url, "-b", "exercises", "--languages", "python")
    few = ("--limit", "12", "--batch-size", str(IN_FLIGHT))
    return Case(
        "generate", lambda out: (*words, *few, "-o", out), lambda: len(server.bodies), in_flight=IN_FLIGHT
    )


def evolving(folder: Path, server: ScriptedServer) -> Case:
    seeds = folder / "seeds.jsonl"
    seeds.write_text("".join(json.dumps(seed) + "\n" for seed in SEEDS))
    words = ("evolve", "--seeds", seeds, "--language", "javascript", "--teacher", server.url, "--model", "m")
    few = ("--count", "8", "--set", f"server.concurrency={IN_FLIGHT}")
    return Case(
        "evolve", lambda out: (*words, *few, "-o", out), lambda: len(server.bodies), in_flight=IN_FLIGHT
    )


def tuning(folder: Path) -> Case:
    rows = folder / "rows.jsonl"
    rows.write_text(
        "".join(json.dumps({"prompt": f"Add {n}.", "completion": f"x + {n}"}) + "\n" for n in range(24))
    )
    recipe = folder / "base.yaml"
    recipe.write_text(RECIPE)
    words = ("tune", recipe, "--corpus", rows, "--set", "save_steps=2")
    return Case("tune", lambda out: (*words, "-o", out))


RECIPE = """\
origin: crosstune's tests
architecture: {vocabulary: 320, numbers: whole, hidden: 16, inner: 32, layers: 1, heads: 2, positions: 256}
loss: all
max_length: 128
steps: 40
batch_size: 4
learning_rate: 5.0e-3
"""


def studying(folder: Path) -> Case:
    """A whole study of a tiny model."""
    files = folder / "study-files"
    files.mkdir()
    for name, text in (("study.yaml", STUDY), ("base.yaml", BASE), ("tune.yaml", TUNE)):
        (files / name).write_text(text)
    return Case("study", lambda out: ("study", "run", files / "study.yaml", "--runs", out))


@contextlib.contextmanager
def all_cases(folder: Path) -> Iterator[list[Case]]:
    """Every command; the servers run until the block ends."""
    with scripted(slowly(solution)) as answering, scripted(slowly(teacher)) as teaching:
        yield [
            mining(folder),
            evolving(folder, teaching),
            tuning(folder),
            generating(answering),
            judging(folder),
            studying(folder),
        ]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.durability", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--kills", type=int, default=200, help="of each command")
    parser.add_argument("--only", default="", help="names of commands, separated by commas")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="for each command, at most")
    given = parser.parse_args()
    chosen = {name for name in given.only.split(",") if name}
    failed = False
    with tempfile.TemporaryDirectory() as name, all_cases(Path(name)) as cases:
        for number, case in enumerate(cases):
            if chosen and case.name not in chosen:
                continue
            moments = random.Random(given.seed + number)
            result = disturbed(case, Path(name, case.name), given.kills, moments, 60 * given.minutes)
            print(describe(case, result), flush=True)
            failed |= not result.right
    return int(failed)


def describe(case: Case, result: Result) -> str:
    text = (
        f"{case.name}: {result.kills} kills in {result.rounds} rounds, "
        f"{len(result.differences)} files differ, {result.again} requests repeated (at most "
        f"{result.allowed}), {result.left} processes left"
    )
    return "\n  ".join([text, *result.differences])


if __name__ == "__main__":
    sys.exit(main())
