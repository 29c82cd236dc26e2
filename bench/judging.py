"""How long a verdict takes, against the plain way: `python -m bench.judging --data FOLDER`.

Both run the same programs in one run, in short blocks that take turns, on one core: what else the machine
does meets both. The sandbox is on. Times of the judge are those of all its processes, servers included.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench import machine, plain
from bench.programs import again, programs, spread
from crosstune.execution import Judge, needs
from crosstune.records import Program

_BLOCK = 4


@dataclass(frozen=True)
class Row:
    """Milliseconds a program on one core, the median over blocks, of CPU and of wall time; ``started`` is
    what the first verdict took; ``speedup`` is two workers' rate over one's."""

    language: str
    programs: int
    plain_cpu: float
    judge_cpu: float
    plain_wall: float
    judge_wall: float
    started: float
    speedup: float | None

    @property
    def ratio(self) -> float:
        return self.judge_cpu / self.plain_cpu


def main() -> int:
    options = _options()
    languages = options.languages.split(",") if options.languages else sorted(plain.WAYS)
    rows = []
    for language in languages:
        if missing := [need.what for need in needs(language) if not need.met]:
            print(f"{language}: left out, {', '.join(missing)} is missing", file=sys.stderr)
            continue
        rows.append(_measure(language, options))
        _print(rows[-1:])
    memory, idle = _memory([row.language for row in rows], options.data)
    _print(rows)
    print(f"\nmemory with all of these up: {memory >> 20} MiB ({idle >> 20} before the first program)")
    if options.json:
        found = {"rows": [asdict(row) | {"ratio": row.ratio} for row in rows], "memory_bytes": memory}
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.judging", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder of HumanEvalPack's files")
    parser.add_argument("--languages", help="names with commas between; all by default")
    parser.add_argument("--programs", type=int, default=24, help="of each language; 0: all (default: 24)")
    parser.add_argument("--bare", action="store_true", help="without the includes and imports of the harness")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    return parser.parse_args()


def _measure(language: str, options: argparse.Namespace) -> Row:
    cores = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as scratch, Judge(workers=1) as judge:
        shared = Path(scratch)
        chosen = _that_pass(language, options, judge, shared)
        os.sched_setaffinity(0, {min(cores)})
        try:
            # A judge of its own: what it starts now stays on the one core.
            with Judge(workers=1) as one:
                began = time.monotonic()
                _judge(one, [again(chosen[0], -1)])
                started = time.monotonic() - began
                times = _take_turns(chosen, one, shared)
        finally:
            os.sched_setaffinity(0, cores)
    speedup = _speedup(chosen) if len(cores) > 1 else None
    return Row(language, len(chosen), *times, started=started * 1000, speedup=speedup)


def _that_pass(language: str, options: argparse.Namespace, judge: Judge, shared: Path) -> list[Program]:
    """Programs that pass both ways; the first of them also fills the plain way's caches."""
    found = spread(programs(language, options.data), options.programs)
    if options.bare:
        found = [replace(program, setup="") for program in found]
    chosen = []
    for program, verdict in zip(found, judge.run(found), strict=True):
        fits = _plain(program, shared)
        if verdict.passed and fits:
            chosen.append(program)
        else:
            print(f"{program.id}: left out (judge: {verdict.label}, plain way: {fits})", file=sys.stderr)
    return chosen


def _take_turns(chosen: list[Program], judge: Judge, shared: Path) -> tuple[float, float, float, float]:
    plain_times, judge_times = [], []
    for first in range(0, len(chosen), _BLOCK):
        block = [again(program, first) for program in chosen[first : first + _BLOCK]]

        def all_plain(block: list[Program] = block) -> None:
            assert all(_plain(program, shared) for program in block)

        def all_judged(block: list[Program] = block) -> None:
            _judge(judge, block)

        plain_times.append(_timed(all_plain, len(block)))
        judge_times.append(_timed(all_judged, len(block)))
    middle = [
        [statistics.median(each) * 1000 for each in zip(*times, strict=True)]
        for times in (plain_times, judge_times)
    ]
    return middle[0][0], middle[1][0], middle[0][1], middle[1][1]


def _timed(act: Callable[[], None], count: int) -> tuple[float, float]:
    """CPU and wall seconds a program."""
    cpu, wall = machine.cpu_seconds(), time.monotonic()
    act()
    return (machine.cpu_seconds() - cpu) / count, (time.monotonic() - wall) / count


def _speedup(chosen: list[Program]) -> float:
    """Turns of one worker and of two over the same programs, each after a warm start; the median."""
    with Judge(workers=1) as one, Judge(workers=2) as two:
        for judge in (one, two):
            _judge(judge, [again(program, -2) for program in chosen[:4]])
        ratios = []
        for turn in range(3):
            block = [again(program, turn + 1000) for program in chosen]
            times = []
            for judge in (one, two):
                began = time.monotonic()
                _judge(judge, block)
                times.append(time.monotonic() - began)
            ratios.append(times[0] / times[1])
    return statistics.median(ratios)


def _memory(languages: list[str], data: Path) -> tuple[int, int]:
    with Judge(workers=1) as judge:
        idle = machine.memory_bytes()
        for language in languages:
            _judge(judge, [again(spread(programs(language, data), 8)[1], -3)])
        return machine.memory_bytes(), idle


def _judge(judge: Judge, block: list[Program]) -> None:
    for verdict in judge.run(block):
        assert verdict.passed, verdict


def _plain(program: Program, shared: Path) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        return plain.passes(program, Path(folder), shared)


_HEADER = (
    "language",
    "programs",
    "plain, ms",
    "judged, ms",
    "ratio",
    "ratio of wall",
    "first, ms",
    "2 workers",
)


def _print(rows: list[Row]) -> None:
    """Times are of CPU but where it says wall."""
    print(f"| {' | '.join(_HEADER)} |\n|{'---|' * len(_HEADER)}")
    for row in rows:
        cells = (
            row.language,
            str(row.programs),
            f"{row.plain_cpu:.0f}",
            f"{row.judge_cpu:.1f}",
            f"{row.ratio:.2f}",
            f"{row.judge_wall / row.plain_wall:.2f}",
            f"{row.started:.0f}",
            f"{row.speedup:.2f}" if row.speedup else "-",
        )
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
