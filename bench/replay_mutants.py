"""How many wrong programs do recorded calls find, and how many do tests written by hand?

    python -m bench.replay_mutants --data DIR --languages python,javascript --sample 3

Each program is one of HumanEvalPack's solutions with one change: an operator, a constant or a bound. Both
HumanEvalPack's tests and the calls that were recorded from HumanEval's tests judge it. Lists the programs
that only one of them finds wrong. ``DIR`` has the folders humaneval and humanevalpack.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge
from crosstune.records import Problem, Program, Verdict

_CHANGES = (
    (r"(?<![<>=!+])<(?![<=])(?=\s)", "<="),
    (r"<=(?!>)", "<"),
    (r"(?<![->=<])>(?![>=])(?=\s)", ">="),
    (r"(?<![>])>=", ">"),
    (r"===?", "!="),
    (r"!==?", "=="),
    (r"(?<=\s)\+(?=\s)", "-"),
    (r"(?<=\s)-(?=\s)", "+"),
    (r"(?<=\s)\*(?=\s)", "+"),
    (r"(?<=\s)%(?=\s)", "*"),
    (r"&&", "||"),
    (r"\|\|", "&&"),
    (r"\band\b", "or"),
    (r"\bor\b", "and"),
    (r"(?<![\w.\"'])\d(?![\w.\"'])", "+1"),
)


def mutants(code: str, begin: int, count: int, seed: int) -> list[str]:
    """``count`` programs that differ from ``code`` in one operator or constant after ``begin``."""
    places = list(dict.fromkeys(_mutants(code, begin)))
    return random.Random(seed).sample(places, min(count, len(places)))


def _mutants(code: str, begin: int) -> Iterator[str]:
    for pattern, new in _CHANGES:
        for match in re.compile(pattern).finditer(code, begin):
            text = str(int(match[0]) + 1) if new == "+1" else new
            yield f"{code[: match.start()]}{text}{code[match.end() :]}"


def pairs(data: Path, language: str, sample: int) -> Iterator[tuple[Problem, str, Program, Program]]:
    """Each mutant of a problem: its code, as a program of HumanEvalPack, and as one with recorded calls."""
    replay, pack = BENCHMARKS.load("humaneval-replay"), BENCHMARKS.load("humanevalpack")
    by_replay = replay.problems(replay.settings.model_validate({"data": data}), language, "synthesize")
    settings = pack.settings.model_validate({"data": data / "humanevalpack"})
    by_hand = pack.problems(settings, language, "synthesize")
    for number, (ours, theirs) in enumerate(zip(by_replay, by_hand, strict=True)):
        if theirs.defect or not ours.buggy:
            continue  # a row with an error, or one whose functions mean something else
        name = theirs.tested or theirs.entry_point
        begin = len(theirs.canonical) - len(theirs.extra["solution"])
        for code in mutants(theirs.canonical, begin, sample, number):
            renamed = re.sub(rf"(?<![\w.]){re.escape(name)}\b", ours.entry_point, code)
            yield theirs, code, pack.program(theirs, code), replay.program(ours, renamed)


def compare(data: Path, language: str, sample: int) -> None:
    found = list(pairs(data, language, sample))
    with Judge(workers=2) as judge:
        hand = list(judge.run([program for *_, program, _ in found]))
        replay = list(judge.run([program for *_, program in found]))
    counts = Counter(zip((v.passed for v in hand), (v.passed for v in replay), strict=True))
    killed = {"by hand": counts[False, False] + counts[False, True]}
    killed["by replay"] = counts[False, False] + counts[True, False]
    print(f"{language}: {len(found)} mutants; found {killed}; survived both: {counts[True, True]}")
    for (problem, code, *_), by_hand, by_replay in zip(found, hand, replay, strict=True):
        if by_hand.passed != by_replay.passed:
            print(f"  {problem.id}: {_only(by_hand)}: {_changed(problem, code)}")


def own(data: Path, language: str, sample: int) -> None:
    """The same where HumanEvalPack has no tests: mutants of crosstune's own solutions, by replay alone."""
    replay = BENCHMARKS.load("humaneval-replay")
    problems = replay.problems(replay.settings.model_validate({"data": data}), language, "synthesize")
    found = [
        (problem, code, replay.program(problem, code))
        for number, problem in enumerate(problems)
        for code in mutants(problem.canonical, problem.canonical.rfind(problem.entry_point), sample, number)
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
        print(f"  {problem.id}: survived: {_changed(problem, code)}")


def _only(by_hand: Verdict) -> str:
    return "found by replay only" if by_hand.passed else "found by hand only"


def _changed(problem: Problem, code: str) -> str:
    """The line that was changed."""
    old = set(problem.canonical.splitlines())
    return next((line.strip() for line in code.splitlines() if line not in old), "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--languages", default="python,javascript")
    parser.add_argument("--sample", type=int, default=3, help="mutants of each solution")
    arguments = parser.parse_args()
    for language in arguments.languages.split(","):
        by_hand = language in BENCHMARKS.load("humanevalpack").languages
        (compare if by_hand else own)(arguments.data, language, arguments.sample)


if __name__ == "__main__":
    main()
