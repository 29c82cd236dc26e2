"""How many wrong programs do recorded calls find, and how many do tests written by hand?

    python -m bench.replay_mutants --data DIR --languages python,javascript --sample 3

Each program is one of HumanEvalPack's solutions with one change: an operator, a constant or a bound. Both
HumanEvalPack's tests and the calls that were recorded from HumanEval's tests judge it. Lists the programs
that only one of them finds wrong, and leaves out problems whose unchanged solution does not pass both.
``DIR`` has the folders humaneval and humanevalpack. With ``--against multipl-e``, the solutions are those of
HumanEval by replay, and MultiPL-E's tests (in the folder multipl-e) judge them; ``--stride 4`` takes every
fourth problem.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bench.mutants import changed_line
from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge
from crosstune.languages import mutants
from crosstune.records import Problem, Program, Verdict

_WIDER = {"cpp": (r"\bfloat\b", "double"), "rust": (r"\bf32\b", "f64")}


def pairs(data: Path, language: str, sample: int) -> Iterator[tuple[Problem, str, Program, Program]]:
    """Each problem's solution, and its mutants: the code, as a program of HumanEvalPack, and as one with
    recorded calls, which have double precision."""
    replay, pack = BENCHMARKS.load("humaneval-replay"), BENCHMARKS.load("humanevalpack")
    by_replay = replay.problems(replay.settings.model_validate({"data": data}), language, "synthesize")
    settings = pack.settings.model_validate({"data": data / "humanevalpack"})
    by_hand = pack.problems(settings, language, "synthesize")
    for number, (ours, theirs) in enumerate(zip(by_replay, by_hand, strict=True)):
        if theirs.defect or not ours.buggy:
            continue  # a row with an error, or one whose functions mean something else
        name = theirs.tested or theirs.entry_point
        begin = len(theirs.canonical) - len(theirs.extra["solution"])
        for code in (theirs.canonical, *mutants(theirs.canonical, begin=begin, count=sample, seed=number)):
            renamed = re.sub(rf"(?<![\w.]){re.escape(name)}\b", ours.entry_point, code)
            wide = re.sub(*_WIDER.get(language, ("(?!)", "")), renamed)
            yield theirs, code, pack.program(theirs, code), replay.program(ours, wide)


def pairs_of_multipl_e(
    data: Path, language: str, sample: int
) -> Iterator[tuple[Problem, str, Program, Program]]:
    """The same for the solutions of HumanEval by replay, and MultiPL-E's tests."""
    replay, other = BENCHMARKS.load("humaneval-replay"), BENCHMARKS.load("multipl-e-humaneval")
    by_replay = replay.problems(replay.settings.model_validate({"data": data}), language, "synthesize")
    settings = other.settings.model_validate({"data": data / "multipl-e"})
    rows = {each.id.split("_")[1]: each for each in other.problems(settings, language, "synthesize")}
    for number, ours in enumerate(by_replay):
        theirs = rows.get(ours.id.rpartition("/")[2])
        if theirs is None or theirs.defect or not ours.canonical:
            continue
        known = replace(theirs, canonical=ours.canonical)
        begin = ours.canonical.rfind(ours.entry_point)
        for code in (ours.canonical, *mutants(ours.canonical, begin=begin, count=sample, seed=number)):
            renamed = re.sub(rf"(?<![\w.]){re.escape(ours.entry_point)}\b", theirs.entry_point, code)
            yield known, code, other.program(theirs, renamed), replay.program(ours, code)


Pairs = Callable[[Path, str, int], Iterator[tuple[Problem, str, Program, Program]]]
_TESTS: dict[str, Pairs] = {"humanevalpack": pairs, "multipl-e": pairs_of_multipl_e}


def compare(data: Path, language: str, sample: int, tests: Pairs, stride: int) -> None:
    every_pair = list(tests(data, language, sample))
    chosen = list(dict.fromkeys(problem.id for problem, *_ in every_pair))[::stride]
    judged = [each for each in every_pair if each[0].id in chosen]
    with Judge(workers=2) as judge:
        by_hand = judge.run([program for *_, program, _ in judged])
        by_replay = judge.run([program for *_, program in judged])
        every = list(zip(judged, by_hand, by_replay, strict=True))
    right = {
        problem.id
        for (problem, code, *_), first, second in every
        if code == problem.canonical and first.passed and second.passed
    }
    kept = [
        (problem, code, first, second)
        for (problem, code, *_), first, second in every
        if problem.id in right and code != problem.canonical
    ]
    left_out = {p.id for p, *_ in judged} - right
    print(f"{language}: left out {', '.join(sorted(left_out)) or 'none'}")
    counts = Counter((first.passed, second.passed) for *_, first, second in kept)
    killed = {"by hand": counts[False, False] + counts[False, True]}
    killed["by replay"] = counts[False, False] + counts[True, False]
    print(f"{language}: {len(kept)} mutants; found {killed}; survived both: {counts[True, True]}")
    for problem, code, first, second in kept:
        if first.passed != second.passed:
            print(f"  {problem.id}: {_only(first)}: {changed_line(problem, code)}")


def own(data: Path, language: str, sample: int) -> None:
    """The same where HumanEvalPack has no tests: mutants of crosstune's own solutions, by replay alone."""
    replay = BENCHMARKS.load("humaneval-replay")
    problems = replay.problems(replay.settings.model_validate({"data": data}), language, "synthesize")
    found = [
        (problem, code, replay.program(problem, code))
        for number, problem in enumerate(problems)
        for code in _own_mutants(problem, sample, number)
    ]
    with Judge(workers=2) as judge:
        survived = [
            (problem, code)
            for (problem, code, _), verdict in zip(
                found, judge.run([program for *_, program in found]), strict=True
            )
            if verdict.passed
        ]
    print(f"{language}: {len(found)} mutants; found by replay: {len(found) - len(survived)}")
    for problem, code in survived:
        print(f"  {problem.id}: survived: {changed_line(problem, code)}")


def _own_mutants(problem: Problem, sample: int, seed: int) -> list[str]:
    begin = problem.canonical.rfind(problem.entry_point)
    return mutants(problem.canonical, begin=begin, count=sample, seed=seed)


def _only(by_hand: Verdict) -> str:
    return "found by replay only" if by_hand.passed else "found by hand only"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--languages", default="python,javascript")
    parser.add_argument("--sample", type=int, default=3, help="mutants of each solution")
    parser.add_argument("--against", choices=sorted(_TESTS), default="humanevalpack")
    parser.add_argument("--stride", type=int, default=1, help="take every so manyth problem")
    arguments = parser.parse_args()
    for language in arguments.languages.split(","):
        if (
            arguments.against == "humanevalpack"
            and language not in BENCHMARKS.load("humanevalpack").languages
        ):
            own(arguments.data, language, arguments.sample)
        else:
            tests = _TESTS[arguments.against]
            compare(arguments.data, language, arguments.sample, tests, arguments.stride)


if __name__ == "__main__":
    main()
