"""Measure the cost of a verdict against the plain way: `python -m bench.judging --data FOLDER`.

Both run the same programs in alternating short blocks on one core, so other work on the machine affects both
alike. The sandbox is on. The judge's times are those of all its processes, including compile servers.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from bench import machine, plain
from bench.programs import again, programs, spread
from bench.turns import on_one_core
from bench.workers import Speedup, speedup
from crosstune.errors import CrosstuneError, DataError, PrerequisiteError
from crosstune.execution import Judge, requirements
from crosstune.languages import LANGUAGES
from crosstune.records import Program

_BLOCK = 4
# The least duration of a block the plain way: the kernel counts a process's time in hundredths of a second.
_BLOCK_SECONDS = 1.0
_SHORT_MS = 20  # below, tenths matter


@dataclass(frozen=True)
class Times:
    """Milliseconds per program on one core; the median over blocks."""

    plain_cpu: float
    judge_cpu: float
    plain_wall: float
    judge_wall: float


@dataclass(frozen=True)
class Row:
    """``programs``: how many were timed; ``started``: milliseconds until the first verdict; ``two``: the gain
    of a second worker; ``sample``: one of the programs."""

    language: str
    programs: int
    times: Times
    started: float
    two: Speedup | None
    sample: Program = field(repr=False)

    @property
    def ratio(self) -> float:
        return self.times.judge_cpu / self.times.plain_cpu


def main() -> int:
    options = _options()
    languages = options.languages.split(",") if options.languages else sorted(plain.WAYS)
    rows = []
    for language in languages:
        try:
            rows.append(_measure(language, options))
        except CrosstuneError as error:
            print(f"{language}: left out: {error}", file=sys.stderr, flush=True)
        else:
            print(f"{language}: {rows[-1].ratio:.2f} of the plain way", file=sys.stderr, flush=True)
    if not rows:
        print("nothing was measured", file=sys.stderr)
        return 1
    memory, idle = _memory(rows)
    _print(rows)
    print(f"\nmemory with all of these up: {memory >> 20} MiB ({idle >> 20} before the first program)")
    if options.json:
        figures = {"rows": [_figures(row) for row in rows], "memory_bytes": memory}
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def _figures(row: Row) -> dict[str, object]:
    figures = {**asdict(row), "ratio": row.ratio}
    del figures["sample"]
    return figures


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.judging", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder of HumanEvalPack's files")
    parser.add_argument("--languages", help="names, separated by commas (default: all)")
    parser.add_argument(
        "--programs", type=int, default=16, help="how many of each language; 0: all (default: 16)"
    )
    parser.add_argument("--bare", action="store_true", help="leave out the harness's includes and imports")
    parser.add_argument("--alone", action="store_true", help="leave out what a second worker gains")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


def _measure(language: str, options: argparse.Namespace) -> Row:
    """
    Raises:
        CrosstuneError: a tool or data is missing, or no program can be measured.
    """
    if missing := [each.what for each in requirements(language) if not each.met]:
        raise PrerequisiteError(f"{', '.join(missing)} is missing")
    for tool in LANGUAGES.load(language).tools:
        if not tool.installed:
            print(f"{language}: measured without {tool.name} ({tool.purpose})", file=sys.stderr)
    with tempfile.TemporaryDirectory() as scratch, Judge() as judge:
        chosen = _passing(language, options, judge)
        # A separate judge, so that its processes start on this core and stay on it.
        with on_one_core(), Judge() as one:
            began = time.monotonic()
            _judge(one, [again(chosen[0], -1)])
            started = time.monotonic() - began
            count, times = _take_turns(chosen, one, Path(scratch))
    alone = options.alone or machine.cores() < 2
    two = None if alone else speedup(chosen, times.judge_wall / 1000)
    return Row(language, count, times, started=started * 1000, two=two, sample=chosen[0])


def _passing(language: str, options: argparse.Namespace, judge: Judge) -> list[Program]:
    candidates = spread(programs(language, options.data), options.programs)
    if options.bare:
        candidates = [replace(program, setup="") for program in candidates]
    chosen = []
    for program, verdict in zip(candidates, judge.run(candidates), strict=True):
        if verdict.passed:
            chosen.append(program)
        else:
            print(f"{program.id}: left out (judge: {verdict.status})", file=sys.stderr)
    if not chosen:
        raise DataError("none of its programs passes the judge")
    return chosen


def _take_turns(chosen: list[Program], judge: Judge, shared: Path) -> tuple[int, Times]:
    """The number of programs timed, and their times."""
    warm = functools.partial(_failed, [again(chosen[0], -1)], shared)
    warm()  # fills the plain way's own caches
    times = math.ceil(_BLOCK_SECONDS / _BLOCK / _timed(warm, 1)[1])
    count, plain_times, judge_times = 0, [], []
    for first in range(0, len(chosen), _BLOCK):
        part = chosen[first : first + _BLOCK]
        block = [again(program, first * times + number) for number in range(times) for program in part]
        block, took = _plain(block, shared)
        if block:
            count += len(block) // times
            plain_times.append(took)
            judge_times.append(_timed(functools.partial(_judge, judge, block), len(block)))
    if not count:
        raise DataError("none of its programs passes the plain way")
    (plain_cpu, plain_wall), (judge_cpu, judge_wall) = map(_middle, (plain_times, judge_times))
    return count, Times(plain_cpu, judge_cpu, plain_wall, judge_wall)


def _plain(block: list[Program], shared: Path) -> tuple[list[Program], tuple[float, float]]:
    """The programs that pass the plain way, and their time without the others. Unlike the judge, it adds no
    imports."""
    failed: list[Program] = []
    took = _timed(lambda: failed.extend(_failed(block, shared)), len(block))
    if not failed:
        return block, took
    for name in dict.fromkeys(program.id for program in failed):
        print(f"{name}: left out (fails the plain way)", file=sys.stderr)
    left = [program for program in block if program not in failed]
    return _plain(left, shared) if left else ([], took)


def _failed(block: list[Program], shared: Path) -> list[Program]:
    failed = []
    for program in block:
        with tempfile.TemporaryDirectory() as folder:
            if not plain.passes(program, Path(folder), shared):
                failed.append(program)
    return failed


def _middle(times: list[tuple[float, float]]) -> tuple[float, float]:
    cpu, wall = (statistics.median(each) * 1000 for each in zip(*times, strict=True))
    return cpu, wall


def _timed(act: Callable[[], object], count: int) -> tuple[float, float]:
    """CPU and wall seconds per program."""
    cpu, wall = machine.cpu_seconds(), time.monotonic()
    act()
    return (machine.cpu_seconds() - cpu) / count, (time.monotonic() - wall) / count


def _memory(rows: list[Row]) -> tuple[int, int]:
    with Judge(workers=1) as judge:
        idle = machine.memory_bytes()
        for row in rows:
            _judge(judge, [again(row.sample, -3)])
        return machine.memory_bytes(), idle


def _judge(judge: Judge, block: list[Program]) -> None:
    for verdict in judge.run(block):
        assert verdict.passed, verdict


_HEADER = (
    "language",
    "programs",
    "plain, ms",
    "judged, ms",
    "ratio",
    "ratio of wall",
    "first, ms",
    "2 workers",
    "of a free one",
    "2 plain",
)


def _print(rows: list[Row]) -> None:
    """Print the table; times are CPU times unless the heading says wall."""
    print(f"| {' | '.join(_HEADER)} |\n|{'---|' * len(_HEADER)}")
    for row in rows:
        times, two = row.times, row.two
        doubt = "" if two is None or two.quiet else "?"
        cells = (
            row.language,
            str(row.programs),
            f"{times.plain_cpu:.{1 if times.plain_cpu < _SHORT_MS else 0}f}",
            f"{times.judge_cpu:.1f}",
            f"{row.ratio:.2f}",
            f"{times.judge_wall / times.plain_wall:.2f}",
            f"{row.started:.0f}",
            f"{two.held:.2f}{doubt}" if two else "-",
            f"{two.free:.2f}{doubt}" if two else "-",
            f"{two.plain:.2f}{doubt}" if two else "-",
        )
        print(f"| {' | '.join(cells)} |", flush=True)
    if any(row.two and not row.two.quiet for row in rows):
        print("\n?: other work used more than a twentieth of the machine meanwhile")


if __name__ == "__main__":
    sys.exit(main())
