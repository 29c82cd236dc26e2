"""Work that nobody waits for any more is stopped, and frees the judge for other programs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from crosstune.execution import Executed, Execution, Judge, requirements
from crosstune.records import CallCase, Case, Program, Status

ENDLESS = "import time\nwhile True:\n    time.sleep(0.01)\n"
RIGHT = "def add(a, b):\n    return a + b\n"
TESTS = "assert add(1, 2) == 3\n"
SLEEPS = "import time\ndef add(a, b):\n    time.sleep(600)\n"
GIVEN = {"declaration": "def add(a, b):\n", "entry_points": ("add",)}
HANGING = {
    "shared": Program("x", "python", SLEEPS, TESTS),
    "separate": Program("x", "python", SLEEPS, TESTS, **GIVEN),  # type: ignore[arg-type]
    "cases": Program("x", "python", ENDLESS, cases=(Case("", ""), Case("", ""))),
    "calls": Program("x", "python", SLEEPS, cases=(CallCase("add", [1, 2], 3),)),
    "build": Program("x", "c", '#include "/dev/zero"\n', cases=(Case("", ""),)),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=1) as judge:
        yield judge


def until_it_runs(judge: Judge) -> None:
    """Wait until the worker is busy, and a little more, for its program to begin."""
    until = time.monotonic() + 60
    while not any(work._current for work in judge._jobs._works):
        assert time.monotonic() < until
        time.sleep(0.01)
    time.sleep(0.3)


@pytest.mark.parametrize("kind", HANGING)
def test_a_running_program_is_stopped(judge: Judge, kind: str) -> None:
    program = HANGING[kind]
    if not all(each.met for each in requirements(program.language)):
        pytest.skip(f"{program.language} cannot be run here")
    future = judge.submit(program)
    until_it_runs(judge)
    judge.abandon(future)
    with pytest.raises(CancelledError):
        future.result(timeout=30)  # its own limits of time are far higher
    again = judge.submit(Program("y", "python", RIGHT, TESTS, **GIVEN))  # type: ignore[arg-type]
    assert again.result().status is Status.PASSED


def test_an_execution_is_stopped(judge: Judge) -> None:
    future = judge.execute(Execution(language="python", source=ENDLESS))
    until_it_runs(judge)
    judge.abandon(future)
    with pytest.raises(CancelledError):
        future.result(timeout=30)
    assert printed(judge.execute(Execution(language="python", source="print(1)")).result()) == "1\n"


def test_others_still_get_the_verdict(judge: Judge) -> None:
    program = Program("x", "python", f"import time\ntime.sleep(1)\n{RIGHT}", TESTS)
    first, second = judge.submit(program), judge.submit(program)
    until_it_runs(judge)
    judge.abandon(first)
    assert second.result().passed


def test_who_asks_after_that_gets_a_new_run(judge: Judge) -> None:
    program = Program("x", "python", f"import time\ntime.sleep(1.0)\n{RIGHT}", TESTS)
    first = judge.submit(program)
    until_it_runs(judge)
    judge.abandon(first)
    second = judge.submit(program)
    assert second is not first
    assert second.result().passed


def test_stopping_races_with_the_end_of_programs() -> None:
    """Programs that end by themselves at about the same time: no later one is hit by the order to stop."""
    with Judge(workers=2) as judge:
        for number in range(30):
            short = judge.submit(Program("x", "python", f"{RIGHT}# {number}\n", TESTS))
            timer = threading.Timer(0.002 * number, judge.abandon, [short])
            timer.start()
            other = judge.submit(Program("y", "python", f"{RIGHT}# {number}, {number}\n", TESTS))
            assert other.result().passed
            timer.join()


def printed(executed: Executed) -> str:
    assert executed.run is not None
    return executed.run.stdout
