"""Measure the gain of a second worker: `python -m bench.workers --data FOLDER [--cold 164]`.

A worker's programs have threads of their own (a virtual machine's compiler, node's collector), so on a free
machine one worker keeps more than one core busy. Two workers on all cores are therefore compared with one
held to a single core, as in all these measurements (`held`), and with one that may use all (`free`). The
plain way, two at a time (`plain`), shows what two cores of this machine can gain at all.
"""

from __future__ import annotations

import argparse
import functools
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import plain
from bench.programs import again, programs, spread
from bench.turns import Turn, on_one_core, timed
from bench.two_plain import TwoPlain
from crosstune.errors import CrosstuneError, DataError, PrerequisiteError
from crosstune.execution import Judge, requirements
from crosstune.languages import LANGUAGES
from crosstune.records import Program

# Turns disturbed by other work are not counted if there are undisturbed ones.
_TURNS, _MOST_TURNS = 3, 6
_TURN_SECONDS = 1.5
# With fewer, the last program, for which one worker waits for the other, would count too much.
_FEWEST = 12
# A compile server is warm after about as many programs: javac takes 550 ms of CPU for its first one, 49 to 40
# from the tenth on, and 37 from the eightieth.
_WARM_SERVER, _WARM = 30, 2


@dataclass(frozen=True)
class Speedup:
    """How many times as fast two at a time are as one; the median over turns. Judging: against one worker
    ``held`` to one core, and a ``free`` one; ``plain``: the plain way, against one core. If other work used
    more than a twentieth of the machine (``others``), the figures mean little."""

    held: float
    free: float
    plain: float
    others: float

    @property
    def quiet(self) -> bool:
        return Turn(0.0, self.others).quiet


@dataclass(frozen=True)
class _Round:
    held: Turn
    free: Turn
    two: Turn
    plain: Turn
    two_plain: Turn

    @property
    def others(self) -> float:
        return max(turn.others for turn in (self.held, self.free, self.two, self.plain, self.two_plain))

    @property
    def quiet(self) -> bool:
        return Turn(0.0, self.others).quiet


def speedup(chosen: Sequence[Program], judge_seconds: float) -> Speedup:
    """Measure warm judges alternating on the same programs; ``judge_seconds``: about one program's time."""
    count = max(_FEWEST, round(_TURN_SECONDS / judge_seconds))
    rounds: list[_Round] = []
    with (
        tempfile.TemporaryDirectory() as scratch,
        Judge(workers=1) as held,
        Judge(workers=1) as free,
        Judge(workers=2) as two,
    ):
        plainly = TwoPlain(chosen, Path(scratch))
        with on_one_core():
            _warm(held, chosen)
        for judge in (free, two):
            _warm(judge, chosen)
        while len(rounds) < _MOST_TURNS and sum(each.quiet for each in rounds) < _TURNS:
            block = _block(chosen, count, 1000 + len(rounds))
            with on_one_core():
                first = timed(functools.partial(_judge, held, block))
            second, third = (timed(functools.partial(_judge, judge, block)) for judge in (free, two))
            rounds.append(_Round(first, second, third, *plainly.gain()))
    counted = [each for each in rounds if each.quiet] or rounds
    return Speedup(
        held=statistics.median(each.held.wall / each.two.wall for each in counted),
        free=statistics.median(each.free.wall / each.two.wall for each in counted),
        plain=statistics.median(each.plain.wall / each.two_plain.wall for each in counted),
        others=statistics.median(each.others for each in counted),
    )


def cold(chosen: Sequence[Program], workers: int) -> Turn:
    """Time a new judge on all of ``chosen``, with the start of its fork and compile servers."""

    def act() -> None:
        with Judge(workers=workers) as judge:
            list(judge.run(_block(chosen, len(chosen), 2000 + workers)))

    return timed(act)


def _warm(judge: Judge, chosen: Sequence[Program]) -> None:
    judging = LANGUAGES.load(chosen[0].language).judging
    assert judging is not None
    each = _WARM_SERVER if judging.compile_server else _WARM
    _judge(judge, _block(chosen, each * judge.workers, -2))


def _block(chosen: Sequence[Program], count: int, number: int) -> list[Program]:
    return [
        again(chosen[position % len(chosen)], number * 1000 + position // len(chosen))
        for position in range(count)
    ]


def _judge(judge: Judge, block: list[Program]) -> None:
    for verdict in judge.run(block):
        assert verdict.passed, verdict


def _passing(language: str, options: argparse.Namespace) -> tuple[list[Program], float]:
    """The programs that pass, and the seconds that one takes.

    Raises:
        DataError: there are none.
    """
    candidates = spread(programs(language, options.data), options.programs)
    with Judge() as judge:
        verdicts = list(judge.run(candidates))
        chosen = [program for program, verdict in zip(candidates, verdicts, strict=True) if verdict.passed]
        if not chosen:
            raise DataError("none of its programs passes the judge")
        began = time.monotonic()
        _judge(judge, [again(program, -1) for program in chosen[:4]])
        return chosen, (time.monotonic() - began) / 4


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.workers", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder of HumanEvalPack's files")
    parser.add_argument(
        "--languages", default=",".join(sorted(plain.WAYS)), help="names, separated by commas"
    )
    parser.add_argument(
        "--programs", type=int, default=15, help="how many of each language; 0: all (default: 15)"
    )
    parser.add_argument("--cold", type=int, metavar="N", help="measure new judges on N programs; 0: all")
    options = parser.parse_args()
    measured = 0
    for language in options.languages.split(","):
        try:
            _measure(language, options)
            measured += 1
        except CrosstuneError as error:
            print(f"{language}: left out: {error}", file=sys.stderr, flush=True)
    return 0 if measured else 1


def _measure(language: str, options: argparse.Namespace) -> None:
    """
    Raises:
        CrosstuneError: a tool or data is missing, or no program can be measured.
    """
    if missing := [each.what for each in requirements(language) if not each.met]:
        raise PrerequisiteError(f"{', '.join(missing)} is missing")
    if options.cold is not None:
        _print_cold(language, spread(programs(language, options.data), options.cold))
        return
    gain = speedup(*_passing(language, options))
    print(
        f"{language:10} held {gain.held:.2f} free {gain.free:.2f} plain {gain.plain:.2f} "
        f"others {gain.others:.0%}",
        flush=True,
    )


def _print_cold(language: str, chosen: list[Program]) -> None:
    one, two = cold(chosen, 1), cold(chosen, 2)
    others = max(one.others, two.others)
    print(
        f"{language:10} {len(chosen)} programs, cold: {one.wall:.1f} s, {two.wall:.1f} s with two; "
        f"{one.wall / two.wall:.2f}; others {others:.0%}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
