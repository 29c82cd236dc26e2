"""The process that becomes the program: limited, stripped of privileges, cut off from the keeper."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # plain numbers: no look-ups in the program's process
import contextlib
import fcntl
import os
import resource
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

PAYLOAD, REPORT = 3, 4
"""Where a program finds what it is told (a file) and where it reports (a pipe)."""

SETUP = "the sandbox could not be prepared: "
"""How a fault begins that is not one of starting the program."""

_TROUBLE = 5

Preloaded = Callable[[int, int], list[Any]]
"""A prepared program: given the numbers of its brief, which it closes, and of the report pipe, it
gives what the process then does, last first: ``operator.call``, the functions to call with it one after
another, and one that ends the process, given the exception that they raised or None."""

Renew = Callable[[], None]
"""Called before each process that becomes the preloaded program is made, in the one that it is made from."""


Setting = tuple[int, tuple[int, int]]


class Departure(BaseException):
    """Unwinds the keeper's stack in the process that becomes a preloaded program, so that no frame
    of the keeper stands below the program's."""


def start(command: dict[str, Any], limits: Sequence[Setting], pipes: Sequence[int]) -> NoReturn:
    """Run ``command`` in this process, within ``limits`` (see `limits`); ``pipes`` hold what it is told and
    take its output, errors, report, and why it could not be started.

    Raises:
        Departure: this process is ready to run the preloaded program.
    """
    trouble = pipes[-1]
    try:
        _descriptors(*pipes)
        trouble = _TROUBLE
        for what, values in limits:
            resource.setrlimit(what, values)
        if command["argv"]:
            for number in (_signal.SIGPIPE, _signal.SIGXFSZ):  # which Python ignores
                _signal.signal(number, _signal.SIG_DFL)
            os.execve(command["argv"][0], command["argv"], command["environment"])  # noqa: S606 - no shell wanted
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        os.close(_TROUBLE)
    except Exception as error:  # noqa: BLE001 - whatever it was, the watcher must learn of it
        with contextlib.suppress(OSError):
            os.write(trouble, f"{command['argv'][:1]}: {error}".encode())
        os._exit(127)
    raise Departure


def reserve_numbers(own: int) -> int:
    """Keep a program's descriptors' numbers from being used for anything else: what is closed where the
    keeper's objects end, in the program's process, must never be the program's. Moves ``own``."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    moved = fcntl.fcntl(own, fcntl.F_DUPFD_CLOEXEC, _TROUBLE + 1)
    for number in range(PAYLOAD, _TROUBLE + 1):
        if number != nothing:
            os.dup2(nothing, number, inheritable=False)
    for number in (own, nothing):
        if number > _TROUBLE:
            os.close(number)
    return moved


def _descriptors(payload: int, output: int, errors: int, report: int, trouble: int) -> None:
    """Put each at its number and close all others, the ways to the attendant among them."""
    nothing = os.open(os.devnull, os.O_RDONLY)  # anew, for its flags are shared by all that inherit it
    for target, source in enumerate((nothing, output, errors, payload, report)):
        os.dup2(source, target)
    os.dup2(trouble, _TROUBLE, inheritable=False)
    os.closerange(_TROUBLE + 1, 1 << 20)


def limits(command: dict[str, Any]) -> list[Setting]:
    """What holds each process of a stage, as arguments of ``setrlimit``."""
    # The watcher decides by exact times; the kernel's own limit counts whole clock ticks, which on a busy
    # machine are more than was used, and is there in case the watcher is held up.
    seconds = int(command["cpu_seconds"] * 1.5) + 2
    wanted = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_FSIZE: (command["file_bytes"],) * 2,
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (1024, 1024),
        resource.RLIMIT_MEMLOCK: (0, 0),
        resource.RLIMIT_MSGQUEUE: (0, 0),
        resource.RLIMIT_DATA: (command["memory_bytes"] + command["reserve_bytes"],) * 2,
    }
    if command["processes_hard"]:
        wanted[resource.RLIMIT_NPROC] = (command["processes_hard"],) * 2
    return [(what, _lowered(what, *values)) for what, values in wanted.items()]


def _lowered(what: int, soft: int, hard: int) -> tuple[int, int]:
    """A limit that already stands lower stays."""
    _, most = resource.getrlimit(what)
    if most == resource.RLIM_INFINITY:
        return soft, hard
    return min(soft, most), min(hard, most)
