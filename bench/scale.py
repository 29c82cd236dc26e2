"""How judging and mining scale: tasks measured here, simulated on more workers, each with a core of its own.

    python -m bench.scale --data FOLDER --clone CLONE --clone CLONE ...

Judging is that of CodeM's whole study: the answers of twelve models to 164 problems in each of seven
languages. Mining is that of CommitPack: 1,934,255 repositories with 4 TB of commits. Workers are shards, each
with every N-th input; mining is simulated with a common queue (``--on ray``), too. Nothing is known of
CommitPack's repositories but their number and the sum: their sizes are drawn from a log-normal distribution
(``--spread``). Clones come through one link of all workers (``--gbit``), and what a queue gives back through
one as fast. Not simulated: failures, GPUs and teachers.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.scale_tasks import JudgeTasks, MineTasks, judge_tasks, mine_tasks

LANGUAGES = ("python", "javascript", "cpp", "java", "go", "c", "typescript")
MODELS, PROBLEMS = 12, 164
REPOSITORIES, COMMIT_BYTES = 1_934_255, 4e12
_BITS = 8


@dataclass(frozen=True)
class Run:
    """``parts`` are the seconds of wall time until the work would be done if only that part took time."""

    workers: int
    seconds: float
    parts: Mapping[str, float]

    @property
    def longest(self) -> str:
        return max(self.parts, key=lambda name: self.parts[name])


def judging(tasks: JudgeTasks, workers: int, chance: random.Random) -> Run:
    """Shards, and the merge of their verdicts."""
    programs = [
        chance.choice(tasks.programs[language])
        for language in tasks.programs
        for _ in range(MODELS * PROBLEMS)
    ]
    reading = tasks.read * len(programs)
    shards = [sum(programs[number::workers]) for number in range(workers)]
    merge = tasks.merge * len(programs)
    start = tasks.start + sum(tasks.first.values())  # every shard has programs in all languages
    parts = {
        "programs": sum(programs) / workers,
        "waiting for the last one": max(shards) - sum(programs) / workers,
        "start": start,
        "reading others' rows": reading,
        "merge": merge,
    }
    return Run(workers, start + reading + max(shards) + merge, parts)


def mining(tasks: MineTasks, sizes: Sequence[float], workers: int, gbit: float) -> tuple[Run, Run]:
    """Shards, and a common queue; both with the merge."""
    per_byte = sum(each.seconds for each in tasks.clones) / sum(each.row_bytes for each in tasks.clones)
    down = sum(each.clone_bytes for each in tasks.clones) / sum(each.row_bytes for each in tasks.clones)
    seconds = [tasks.repository + per_byte * size for size in sizes]
    link, rows = (each * sum(sizes) * _BITS / (gbit * 1e9) for each in (down, 1))
    merge = tasks.merge * sum(sizes)
    shards = max(sum(seconds[number::workers]) for number in range(workers))
    runs = []
    # With a queue all rows come back to the machine that has asked; shards keep theirs.
    for longest, returned in ((shards, 0.0), (queue(seconds, workers), rows)):
        mean = sum(seconds) / workers
        parts = {"repositories": mean, "waiting for the last one": longest - mean, "clones": link}
        parts |= {"rows": returned} if returned else {}
        takes = tasks.start + max(longest, link, returned) + merge
        runs.append(Run(workers, takes, {**parts, "merge": merge}))
    return runs[0], runs[1]


def queue(seconds: Iterable[float], workers: int) -> float:
    """When the last worker has finished, if each takes the next task as soon as it is free."""
    free = [0.0] * workers
    for each in seconds:
        heapq.heapreplace(free, free[0] + each)
    return max(free)


def repositories(count: int, total: float, spread: float, chance: random.Random) -> list[float]:
    """Sizes with a log-normal distribution and the given sum."""
    drawn = [math.exp(chance.gauss(0, spread)) for _ in range(count)]
    scale = total / sum(drawn)
    return [scale * each for each in drawn]


def main() -> int:
    given = _options()
    workers = [int(each) for each in given.workers.split(",")]
    judged = judge_tasks(given.languages.split(","), given.data, given.programs)
    _print_judged(judged)
    for count in workers:
        _print_run("shards", judging(judged, count, random.Random(0)))
    if not given.clone:
        return 0
    mined = mine_tasks(given.clone)
    _print_mined(mined)
    sizes = repositories(REPOSITORIES, COMMIT_BYTES, given.spread, random.Random(0))
    for count in workers:
        for name, run in zip(("shards", "queue"), mining(mined, sizes, count, given.gbit), strict=True):
            _print_run(name, run)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of HumanEvalPack's files")
    parser.add_argument("--clone", type=Path, action="append", default=[])
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--programs", type=int, default=16, help="measured in each language")
    parser.add_argument("--workers", default="1,10,100,1000")
    parser.add_argument("--spread", type=float, default=2.0, help="of the logarithm of repositories' sizes")
    parser.add_argument("--gbit", type=float, default=10.0, help="per second, of the link of all workers")
    return parser.parse_args()


def _print_judged(tasks: JudgeTasks) -> None:
    for language, seconds in tasks.programs.items():
        mean, first = 1000 * sum(seconds) / len(seconds), 1000 * tasks.first[language]
        print(f"{language}: {mean:.0f} ms a program ({len(seconds)}), the first one {first:.0f} ms more")
    print(
        f"start {tasks.start:.2f} s; a row of another shard {1e6 * tasks.read:.1f} µs; "
        f"merge {1e6 * tasks.merge:.1f} µs a row\n"
    )
    _print_head()


def _print_mined(tasks: MineTasks) -> None:
    print()
    for clone in tasks.clones:
        mega = clone.row_bytes / 1e6
        print(
            f"{clone.name}: {mega:.0f} MB of commits from a clone of {clone.clone_bytes / 1e6:.0f} MB, "
            f"{mega / clone.seconds:.0f} MB a second"
        )
    print(
        f"start {tasks.start:.2f} s; a repository of one commit {1000 * tasks.repository:.1f} ms; merge "
        f"{1e-6 / tasks.merge:.0f} MB a second, with {tasks.memory:.1f} bytes of memory a byte\n"
    )
    _print_head()


def _print_head() -> None:
    print("| workers | way | takes | of that, each alone | longest |\n|---|---|---|---|---|", flush=True)


def _print_run(way: str, run: Run) -> None:
    parts = ", ".join(f"{name} {duration(seconds)}" for name, seconds in run.parts.items())
    print(f"| {run.workers:,} | {way} | {duration(run.seconds)} | {parts} | {run.longest} |", flush=True)


def duration(seconds: float) -> str:
    """In hours, minutes or seconds."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
