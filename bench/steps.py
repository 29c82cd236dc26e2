"""Where the CPU time of a verdict in C goes: compiler, assembler, linker, the program, and all else.

    python -m bench.steps --rounds 12

The steps are run one by one, without a sandbox, in turns with verdicts of the judge.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import machine, programs
from crosstune.execution import Judge, requirements
from crosstune.languages._language import JudgeTask
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.native import driver
from crosstune.languages.c import LANGUAGE
from crosstune.records import Program

_STEPS = ("compiler", "assembler", "linker", "program")
_REPEATED = 8


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.steps", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=12)
    rounds = parser.parse_args().rounds
    if missing := [each.what for each in requirements("c") if not each.met]:
        print(f"C cannot be judged here: {', '.join(missing)} is missing", file=sys.stderr)
        return 1
    measured: dict[str, list[float]] = {name: [] for name in (*_STEPS, "verdict")}
    given = programs.programs("c", Path())
    with Judge(workers=1, isolation="shared") as judge, tempfile.TemporaryDirectory() as folder:
        list(judge.run(given))
        for number in range(rounds):
            for name, seconds in _steps(given[number % len(given)], Path(folder)):
                measured[name].append(seconds)
            measured["verdict"].append(_verdict(judge, given, number))
    _print({name: statistics.median(values) * 1000 for name, values in measured.items()})
    return 0


def _print(medians: dict[str, float]) -> None:
    whole = medians.pop("verdict")
    for name, value in (*medians.items(), ("all else", whole - sum(medians.values())), ("verdict", whole)):
        print(f"{name:10} {value:6.1f} ms {value / whole:5.0%}")


def _steps(program: Program, folder: Path) -> Iterator[tuple[str, float]]:
    """The CPU seconds of each step."""
    assert LANGUAGE.judging
    task = JudgeTask(program=program, limits=RUN_LIMITS, nonce="", sandbox_path=str)
    plan = LANGUAGE.judging.plan(task)
    for name, text in plan.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    assert plan.build
    compiler, assembler, linker = _commands(plan.build.argv[-1])
    yield "compiler", _cpu(compiler, folder)
    yield "assembler", _cpu(assembler, folder)
    yield "linker", _cpu(linker, folder)
    yield "program", _cpu((f"./{driver.OUTPUT}",), folder)


def _commands(script: str) -> list[list[str]]:
    """The first command of each kind in a shell command: the others are tried if it fails."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"&&|\|\||[{};]|2>\S+", script):
        words = shlex.split(part)
        if words and words[0].startswith("/"):
            found.setdefault(words[0], words)
    return list(found.values())


def _cpu(argv: Sequence[str], folder: Path) -> float:
    """The CPU seconds of one run, the mean of several."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(_REPEATED):
        # The program reports to descriptor 4, which is nothing here.
        subprocess.run(
            argv,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=argv[0] != f"./{driver.OUTPUT}",
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) / _REPEATED


def _verdict(judge: Judge, given: Sequence[Program], number: int) -> float:
    before = machine.cpu_seconds()
    again = [programs.again(each, number * 1000 + at) for at, each in enumerate(given)]
    verdicts = list(judge.run(again))
    assert all(verdict.status == "passed" for verdict in verdicts), verdicts
    return (machine.cpu_seconds() - before) / len(given)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    sys.exit(main())
