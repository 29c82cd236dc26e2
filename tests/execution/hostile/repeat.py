"""Says whether every hostile program ends the same way, again and again, on an idle and on a loaded machine.

    python -m tests.execution.hostile.repeat --times 20 --at-once 2           # two cores, two languages
    python -m tests.execution.hostile.repeat --times 20 --at-once 8 --load 8  # four times as much

Each language has a process of its own. ``--load`` counts processes: those of the languages, filled up with
ones that only keep a processor busy. Ctrl-C ends it after the program at hand; the rounds until then count.
The table has a line for each program that did not always end as it should, and one for each language;
status 1 where there are any of the former.
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
from tests.execution.hostile.trial import Machine, Trial, cpu_seconds
from tests.languages.cases import cases, judged

_BUSY = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"


class Load:
    """Keeps ``processes`` of them running: whoever works says so with ``with``, busy ones fill up."""

    def __init__(self, processes: int) -> None:
        self._processes, self._working = processes, 0
        self._busy: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self._count(1)

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
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


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _repeat(language: str, names: set[str], times: int) -> int:
    """The number of programs that did not always end as they should."""
    programs = [each for each in cases(language).hostile if not names or each.name in names]
    seen: dict[str, Counter[str]] = {each.name: Counter() for each in programs}
    enough = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: enough.set())
    began, rounds = time.monotonic(), 0
    with Machine() as machine, Judge() as judge:
        trial = Trial(cases(language), judge, machine)
        while rounds < times and not enough.is_set():
            for program in programs:
                if not enough.is_set():
                    seen[program.name].update(trial.faults(program) or ["as expected"])
            rounds += not enough.is_set()
        used = cpu_seconds()
    wrong = {name: counts for name, counts in seen.items() if set(counts) - {"as expected"}}
    for counts in wrong.values():
        for what, count in counts.items():
            _say(f"{count:4} of {counts.total()}  {what}")
    _say(
        f"{language:12} {len(programs) - len(wrong)} of {len(programs)} programs as expected {rounds} times; "
        f"CPU {used:.0f} s, wall {time.monotonic() - began:.0f} s"
    )
    return len(wrong)


def _apart(language: str, asked: argparse.Namespace, load: Load) -> int:
    """The status of a process that tries one language."""
    flags = ["--times", str(asked.times), "--programs", asked.programs, "--languages", language]
    with load:
        command = [sys.executable, "-m", "tests.execution.hostile.repeat", *flags]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    _say(done.stdout.rstrip("\n"))
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
    asked = _options()
    names = asked.languages.split(",")
    for language in names:
        if missing := [each.what for each in requirements(language) if not each.met]:
            raise SystemExit(f"{language} cannot be tried: {missing[0]} is missing")
    if names == [asked.languages] and not asked.load:
        return 1 if _repeat(asked.languages, set(filter(None, asked.programs.split(","))), asked.times) else 0
    load = Load(asked.load)
    signal.signal(signal.SIGINT, lambda *_: None)  # every process has its own
    with ThreadPoolExecutor(asked.at_once) as side_by_side:
        return max(side_by_side.map(lambda name: _apart(name, asked, load), names))


if __name__ == "__main__":
    sys.exit(main())
