"""Says whether every hostile program ends the same way, again and again, on a machine under load.

    python -m tests.execution.hostile.repeat --times 20 --load 8 --languages python,c

``--load`` processes keep the processors busy meanwhile. The table has a line for each program that did not
always end as it should, and one for each language; status 1 where there are any of the former.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

from crosstune.execution import Judge, needs
from tests.execution.hostile.suite import languages, suite
from tests.execution.hostile.trial import Machine, Trial, cpu_seconds

_BUSY = "while True: pass"


@contextlib.contextmanager
def _busy(count: int) -> Iterator[list[int]]:
    """Their numbers."""
    running = [subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(count)]
    try:
        yield [process.pid for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _repeat(language: str, names: set[str], times: int, load: list[int]) -> int:
    """The number of programs that did not always end as they should."""
    programs = [each for each in suite(language).programs if not names or each.name in names]
    seen: dict[str, Counter[str]] = {each.name: Counter() for each in programs}
    began, before = time.monotonic(), cpu_seconds(load)
    with Machine() as machine, Judge() as judge:
        trial = Trial(suite(language), judge, machine)
        for _ in range(times):
            for program in programs:
                faults = trial.faults(program)
                seen[program.name].update(faults or ["as expected"])
        used = cpu_seconds(load) - before
    wrong = {name: counts for name, counts in seen.items() if set(counts) != {"as expected"}}
    for counts in wrong.values():
        for what, count in counts.items():
            _say(f"{count:4} of {times}  {what}")
    _say(
        f"{language:12} {len(programs) - len(wrong)} of {len(programs)} programs as expected {times} times; "
        f"CPU {used:.0f} s, wall {time.monotonic() - began:.0f} s"
    )
    return len(wrong)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--load", type=int, default=0)
    parser.add_argument("--languages", default=",".join(languages()))
    parser.add_argument("--programs", default="", help="only these")
    asked = parser.parse_args()
    wrong = 0
    for language in asked.languages.split(","):
        if missing := [need.what for need in needs(language) if not need.met]:
            _say(f"{language:12} not run: {missing[0]} is missing")
            continue
        with _busy(asked.load) as load:
            wrong += _repeat(language, set(filter(None, asked.programs.split(","))), asked.times, load)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
