"""Does the judge find broken solutions as often as the plain command?

    python -m bench.mutants --data DIR --languages ruby,kotlin --sample 1

Each program is one of McEval's own solutions (in ``DIR``/mceval) with one change: operator, number or bound.
The judge runs it in the sandbox, and the language's plain command runs it as `bench.plain` says, with the
solution's own tests. Rows whose unchanged solution does not pass both are left out and listed, and so is each
program on which the two differ. A program that the plain command does not end within ``--seconds`` fails.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import plain
from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge
from crosstune.languages import LANGUAGES, mutants
from crosstune.records import Problem, Program

Judged = tuple[Problem, str, Program]
"""A problem, the code (its solution, or a mutant), and that as a program."""


def programs(data: Path, language: str, sample: int, stride: int) -> Iterator[Judged]:
    """The solution of every ``stride``-th row, and its mutants."""
    benchmark = BENCHMARKS.load("mceval")
    settings = benchmark.settings.model_validate({"data": data / "mceval"})
    problems = benchmark.problems(settings, language, "synthesize")
    for number, problem in enumerate(problems[::stride]):
        if problem.canonical and not problem.defect:
            for code in (problem.canonical, *_mutants(problem, sample, number)):
                yield problem, code, benchmark.program(problem, code)


def _mutants(problem: Problem, count: int, seed: int) -> list[str]:
    """Changes of the solution itself, not of the description before it."""
    comment = LANGUAGES.load(problem.language).line_comment
    begin = max(problem.canonical.find(problem.declaration.strip()[-20:]), 0) if problem.declaration else 0
    return mutants(problem.canonical, count=count, seed=seed, begin=begin, line_comment=comment)


def by_the_plain_command(found: Sequence[Judged], seconds: float) -> list[bool]:
    with tempfile.TemporaryDirectory() as shared:
        return [_passes(program, Path(shared), seconds) for *_, program in found]


def _passes(program: Program, shared: Path, seconds: float) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return plain.passes(program, Path(folder), shared, seconds)
        except subprocess.TimeoutExpired:
            return False


def compare(data: Path, language: str, sample: int, stride: int, seconds: float) -> None:
    found = list(programs(data, language, sample, stride))
    with Judge() as judge:
        here = [verdict.passed for verdict in judge.run([program for *_, program in found])]
    plainly = by_the_plain_command(found, seconds)
    every = list(zip(found, here, plainly, strict=True))
    unchanged = [(each, ours, theirs) for each, ours, theirs in every if each[1] == each[0].canonical]
    right = {problem.id for (problem, *_), ours, theirs in unchanged if ours and theirs}
    changed = [one for one in every if one[0][0].id in right and one[0][1] != one[0][0].canonical]
    killed_here, killed_plainly = (sum(not one[at] for one in changed) for at in (1, 2))
    print(
        f"{language}: {len(right)} of {len(unchanged)} solutions pass both; of {len(changed)} mutants "
        f"{killed_here} found here, {killed_plainly} by the plain command",
        flush=True,
    )
    for (problem, code, _), ours, theirs in every:
        if ours != theirs:
            what = "unchanged" if code == problem.canonical else changed_line(problem, code)
            print(f"  {problem.id}: passes {'here' if ours else 'by the plain command'} only: {what}")


def changed_line(problem: Problem, code: str) -> str:
    """The line that was changed."""
    old = set(problem.canonical.splitlines())
    return next((line.strip() for line in code.splitlines() if line not in old), "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--languages", default="ruby,php,lua,perl")
    parser.add_argument("--sample", type=int, default=1, help="mutants of each solution")
    parser.add_argument("--stride", type=int, default=1, help="take every so manyth row")
    parser.add_argument("--seconds", type=float, default=20.0, help="the plain command's time")
    arguments = parser.parse_args()
    for language in arguments.languages.split(","):
        compare(arguments.data, language, arguments.sample, arguments.stride, arguments.seconds)


if __name__ == "__main__":
    main()
