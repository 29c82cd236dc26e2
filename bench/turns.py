"""Time something, and record how busy other work kept the machine meanwhile."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench import machine

_QUIET = 0.05


@dataclass(frozen=True)
class Turn:
    """``wall`` seconds; ``others`` is the fraction of the machine's time that other work used."""

    wall: float
    others: float

    @property
    def quiet(self) -> bool:
        return self.others <= _QUIET


def timed(act: Callable[[], object]) -> Turn:
    began, used, busy = time.monotonic(), machine.cpu_seconds(), machine.busy_seconds()
    act()
    wall = time.monotonic() - began
    others = machine.busy_seconds() - busy - (machine.cpu_seconds() - used)
    return Turn(wall, max(0.0, others / wall / machine.cores()))


@contextlib.contextmanager
def on_one_core() -> Iterator[None]:
    """Restrict this thread, and everything that it starts meanwhile, to one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
