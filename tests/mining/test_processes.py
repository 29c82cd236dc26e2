"""Tasks shared between this process and others."""

import functools
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from crosstune.errors import DataError, Incomplete
from crosstune.mining._processes import TaskPool, task_pool


def doubled(number: int) -> tuple[int, int]:
    """The double, and the id of the process that computed it."""
    return 2 * number, os.getpid()


def refuse(number: int) -> int:
    raise DataError(f"no {number}")


def kill_process(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def doubled_after(event: threading.Event, number: int) -> tuple[int, int]:
    """Run here: waits until another process has finished a task."""
    assert event.wait(60)
    return doubled(number)


def doubled_in_parts(pool: TaskPool, event: threading.Event, number: int) -> tuple[int, int]:
    """Run here: a task in two parts, one of which another process takes while this one waits."""
    wait = functools.partial(doubled_after, event)
    parts = pool.run(doubled, [(number,), (number + 1,)], wait, event.set)
    return sum(value for value, _ in parts), len({process for _, process in parts})


def test_results_come_in_order_from_both_processes() -> None:
    event, done = threading.Event(), []

    def on_done() -> None:
        done.append(1)
        event.set()

    with task_pool(2) as pool:
        arguments = [(number,) for number in range(6)]
        results = pool.run(doubled, arguments, functools.partial(doubled_after, event), on_done)
    assert [value for value, _ in results] == [0, 2, 4, 6, 8, 10]
    assert len({process for _, process in results}) == 2
    assert len(done) == 6


def test_other_process_takes_parts_of_a_task_here() -> None:
    with task_pool(2) as pool:
        assert doubled_in_parts(pool, threading.Event(), 5) == (22, 2)


@pytest.mark.parametrize(("remote", "local"), [(refuse, doubled), (doubled, refuse)])
def test_exception_of_a_task_is_raised(remote: Callable[[int], Any], local: Callable[[int], Any]) -> None:
    event = threading.Event()
    wait = functools.partial(doubled_after, event) if local is doubled else local
    with pytest.raises(DataError, match=r"no \d"), task_pool(2) as pool:
        pool.run(remote, [(number,) for number in range(4)], wait, event.set)


def test_interruption_ends_the_run_at_once() -> None:
    started: list[int] = []

    def interrupt(number: int) -> int:
        started.append(number)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), task_pool(1) as pool:
        pool.run(doubled, [(1,), (2,)], interrupt)
    assert started == [1]


def test_killed_process_is_incomplete() -> None:
    event = threading.Event()
    with pytest.raises(Incomplete, match="a mining process was killed"), task_pool(2) as pool:
        pool.run(kill_process, [(1,), (2,)], functools.partial(doubled_after, event), event.set)
