"""Tasks over this process and others."""

import functools
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from crosstune.errors import DataError, Incomplete
from crosstune.mining._processes import Crew, crew


def doubled(number: int) -> tuple[int, int]:
    """The double, and who made it."""
    return 2 * number, os.getpid()


def refuses(number: int) -> int:
    raise DataError(f"no {number}")


def killed(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def waits(until: threading.Event, number: int) -> tuple[int, int]:
    """Here: nothing is done before another process has done something."""
    assert until.wait(60)
    return doubled(number)


def parts(people: Crew, until: threading.Event, number: int) -> tuple[int, int]:
    """Here: one task in parts, which others take when this process waits."""
    wait = functools.partial(waits, until)
    found = people.run(doubled, [(number,), (number + 1,)], wait, until.set)
    return sum(value for value, _ in found), len({who for _, who in found})


def test_results_come_in_order_from_whoever_made_them() -> None:
    another, told = threading.Event(), []

    def done() -> None:
        told.append(1)
        another.set()

    with crew(2) as people:
        found = people.run(doubled, [(n,) for n in range(6)], functools.partial(waits, another), done)
    assert [value for value, _ in found] == [0, 2, 4, 6, 8, 10]
    assert len({who for _, who in found}) == 2
    assert len(told) == 6


def test_others_take_parts_of_a_task_here() -> None:
    with crew(2) as people:
        assert parts(people, threading.Event(), 5) == (22, 2)


@pytest.mark.parametrize(("there", "here"), [(refuses, doubled), (doubled, refuses)])
def test_what_a_task_raises_is_raised(there: Callable[[int], Any], here: Callable[[int], Any]) -> None:
    other = threading.Event()
    wait = functools.partial(waits, other) if here is doubled else here
    with pytest.raises(DataError, match=r"no \d"), crew(2) as people:
        people.run(there, [(n,) for n in range(4)], wait, other.set)


def test_an_interruption_ends_it_at_once() -> None:
    began: list[int] = []

    def here(number: int) -> int:
        began.append(number)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), crew(1) as people:
        people.run(doubled, [(1,), (2,)], here)
    assert began == [1]


def test_a_killed_process_is_said() -> None:
    other = threading.Event()
    with pytest.raises(Incomplete, match="a mining process was killed"), crew(2) as people:
        people.run(killed, [(1,), (2,)], functools.partial(waits, other), other.set)
