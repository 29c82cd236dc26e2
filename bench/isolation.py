"""Compare verdicts and their cost where tests share a process with the candidate, and where they do not.

    python -m bench.isolation --benchmark humaneval-x --data FOLDER --languages python,java
    python -m bench.isolation --benchmark humanevalpack --data FOLDER --languages rust --solutions buggy
    python -m bench.isolation --rows FILE --languages java --every 4

The first two judge a benchmark's own solutions, the third those of a file whose rows have HumanEval's columns
(`prompt`, `canonical_solution`, `test`, `entry_point`), such as MBXP's. Both isolations take turns in short
blocks. Problems whose tests have to share a process are counted with their reasons and not run. Every
difference is printed.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench import machine
from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Verdict

_BLOCK = 8


@dataclass
class Comparison:
    """What was judged in one language; ``shared`` and ``separate`` are CPU seconds of all processes."""

    language: str
    programs: int = 0
    passed: int = 0
    shared: float = 0.0
    separate: float = 0.0
    reasons: collections.Counter[str] = field(default_factory=collections.Counter)
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    """The id, and how it ended in each isolation."""


def main() -> int:
    options = _options()
    compared = []
    for language in options.languages.split(","):
        compared.append(_compare(language, _programs(language, options)[:: options.every], options.workers))
        _print(compared[-1])
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in compared], indent=1) + "\n")
    return 1 if any(each.differences for each in compared) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.isolation", description=(__doc__ or "").split("\n")[0]
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--benchmark", help="a benchmark whose own solutions are judged; needs --data")
    source.add_argument("--rows", type=Path, help="a file of rows with HumanEval's columns")
    parser.add_argument("--data", type=Path, help="the folder of the benchmark's files")
    parser.add_argument("--solutions", choices=("canonical", "buggy"), default="canonical")
    parser.add_argument("--languages", required=True, help="names, separated by commas")
    parser.add_argument("--every", type=int, default=1, help="take every n-th program only")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


def _programs(language: str, options: argparse.Namespace) -> list[Program]:
    if options.rows:
        return list(_of_rows(language, options.rows))
    benchmark = BENCHMARKS.load(options.benchmark)
    settings = benchmark.settings.model_validate({"data": str(options.data)}, context={"base": Path.cwd()})
    problems = benchmark.problems(settings, language, benchmark.tasks[0])
    solutions = [(each, getattr(each, options.solutions)) for each in problems if not each.defect]
    return [benchmark.program(problem, solution) for problem, solution in solutions if solution]


def _of_rows(language: str, file: Path) -> Iterator[Program]:
    judging = LANGUAGES.load(language).judging
    assert judging is not None
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    for row in map(json.loads, text.splitlines()):
        if not row.get("canonical_solution"):
            continue
        name = row["entry_point"]
        call = f"\ncheck({name})\n" if language == "python" else ""
        yield Program(
            row["task_id"],
            language,
            row["prompt"] + row["canonical_solution"],
            row["test"] + call,
            judging.preamble,
            declaration=row["prompt"],
            entry_points=(name,),
        )


def _compare(language: str, programs: Sequence[Program], workers: int) -> Comparison:
    found = Comparison(language)
    with Judge(workers, isolation="shared") as shared, Judge(workers, isolation="separate") as separate:
        apart = []
        for program in programs:
            if reason := separate.why_shared(program):
                found.reasons[reason] += 1
            else:
                apart.append(program)
        for first in range(0, len(apart), _BLOCK):
            block = apart[first : first + _BLOCK]
            found.programs += len(block)
            one, cost = _judged(shared, block)
            found.shared += cost
            other, cost = _judged(separate, block)
            found.separate += cost
            found.passed += sum(each.passed for each in other)
            for program, before, after in zip(block, one, other, strict=True):
                if before.status != after.status:
                    found.differences.append((program.id, _shown(before), _shown(after)))
    return found


def _judged(judge: Judge, block: Sequence[Program]) -> tuple[list[Verdict], float]:
    began = machine.cpu_seconds()
    verdicts = list(judge.run(block))
    return verdicts, machine.cpu_seconds() - began


def _shown(verdict: Verdict) -> str:
    lines = [line for line in verdict.stderr.splitlines() if line.strip()]
    return f"{verdict.status}: {lines[-1][:160]}" if lines else str(verdict.status)


def _print(found: Comparison) -> None:
    number, sharing = found.programs, sum(found.reasons.values())
    print(f"{found.language}: {number} programs both ways, {found.passed} passed apart, {sharing} share")
    if number:
        shared, separate = (1000 * each / number for each in (found.shared, found.separate))
        print(f"  CPU per program: shared {shared:.1f} ms, separate {separate:.1f} ms")
    for reason, times in found.reasons.most_common():
        print(f"  {times:5} share: {reason}")
    for name, one, other in found.differences:
        print(f"  {name}\n    shared   {one}\n    separate {other}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
