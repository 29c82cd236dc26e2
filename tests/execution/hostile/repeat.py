"""Check that hostile programs always get the same verdicts, on an idle and on a loaded machine.

    python -m tests.execution.hostile.repeat --times 20 --at-once 2           # two cores, two languages
    python -m tests.execution.hostile.repeat --times 20 --at-once 8 --load 8  # four times as much

Each language runs in its own process. ``--load`` is the number of busy processes: those of the languages, and
others that only keep a processor busy. Ctrl-C ends the run after the current program; completed rounds count.
The output has a line for each program that did not always end as expected, and one for each language. The
exit status is 1 if there are unexpected results.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from crosstune.execution import Judge, requirements
from tests.execution.hostile.runner import HostileRunner, Machine, cpu_seconds
from tests.languages.cases import cases, judged

_BUSY = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"


class Load:
    """Keeps ``processes`` running: each language under test enters this, busy processes make up the rest."""

    def __init__(self, processes: int) -> None:
        self._processes, self._working = processes, 0
        self._busy: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self._count(1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._count(-1)

    def _count(self, more: int) -> Self:
        with self._lock:
            self._working += more
            wanted = max(0, self._processes - self._working) if self._working else 0
            while len(self._busy) < wanted:
                self._busy.append(subprocess.Popen([sys.executable, "-c", _BUSY]))
            for process in self._busy[wanted:]:
                process.kill()
                process.wait()
            del self._busy[wanted:]
        return self


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _repeat(language: str, names: set[str], times: int) -> int:
    """Returns the number of programs that did not always end as expected."""
    programs = [each for each in cases(language).hostile if not names or each.name in names]
    seen: dict[str, Counter[str]] = {each.name: Counter() for each in programs}
    enough = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: enough.set())
    began, rounds = time.monotonic(), 0
    with Machine() as machine, Judge() as judge:
        runner = HostileRunner(cases(language), judge, machine)
        while rounds < times and not enough.is_set():
            for program in programs:
                if not enough.is_set():
                    seen[program.name].update(runner.problems(program) or ["as expected"])
            rounds += not enough.is_set()
        used = cpu_seconds()
    wrong = {name: counts for name, counts in seen.items() if set(counts) - {"as expected"}}
    for counts in wrong.values():
        for what, count in counts.items():
            _print(f"{count:4} of {counts.total()}  {what}")
    _print(
        f"{language:12} {len(programs) - len(wrong)} of {len(programs)} programs as expected {rounds} times; "
        f"CPU {used:.0f} s, wall {time.monotonic() - began:.0f} s"
    )
    return len(wrong)


def _in_own_process(language: str, options: argparse.Namespace, load: Load) -> int:
    """Test one language in its own process and return the exit status."""
    flags = ["--times", str(options.times), "--programs", options.programs, "--languages", language]
    with load:
        command = [sys.executable, "-m", "tests.execution.hostile.repeat", *flags]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    _print(done.stdout.rstrip("\n"))
    return done.returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--at-once", type=int, default=1, help="languages side by side")
    parser.add_argument("--load", type=int, default=0)
    parser.add_argument("--languages", default=",".join(judged()))
    parser.add_argument("--programs", default="", help="only these")
    return parser.parse_args()


def main() -> int:
    options = _options()
    names = options.languages.split(",")
    for language in names:
        if missing := [each.what for each in requirements(language) if not each.met]:
            raise SystemExit(f"{language} cannot be judged: {missing[0]} is missing")
    if names == [options.languages] and not options.load:
        return (
            1
            if _repeat(options.languages, set(filter(None, options.programs.split(","))), options.times)
            else 0
        )
    load = Load(options.load)
    signal.signal(signal.SIGINT, lambda *_: None)  # every process handles it itself
    with ThreadPoolExecutor(options.at_once) as side_by_side:
        return max(side_by_side.map(lambda name: _in_own_process(name, options, load), names))


if __name__ == "__main__":
    sys.exit(main())
