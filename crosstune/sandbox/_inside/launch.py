"""The process that becomes the program: limited, stripped of privileges, cut off from the fork server."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # plain numbers: no look-ups in the program's process
import contextlib
import errno
import fcntl
import os
import resource
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

PAYLOAD, REPORT = 3, 4
"""The descriptors where a program finds its payload (a file or pipe) and writes its report (a pipe)."""

SETUP = "the sandbox could not be prepared: "
"""The beginning of an error that did not occur while the program was started."""

FROM_OTHER, TO_OTHER = 5, 6
"""The descriptors where a program that is joined to another reads from it and writes to it (pipes)."""

NOT_EXECUTABLE = "the program cannot be executed: "
"""The beginning of an error that a file in the working folder caused, which an earlier command made."""

FOLDER = "/proc/self/cwd/"
"""The beginning of the path of a file in the working folder."""

ADDRESS_SPACE_BYTES = 64 << 30
"""What each process may reserve. Memory that is reserved and not touched does not count; this only bounds
the kernel's own tables. Stacks of threads come on top."""

_START_ERROR = 7
FIRST_FREE = _START_ERROR
"""The first descriptor that is not one of a program's own."""

# The machine's state, not the file, keeps a file from being executed.
_TRANSIENT = (errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.EINTR)

Preloaded = Callable[[int, int], list[Any]]
"""A prepared program: called with the descriptors of its payload, which it closes, and of the report pipe.
It returns what the process then does, last first: ``operator.call``, the functions to call with it one after
another, and one that ends the process, called with the exception that they raised or None."""

Renew = Callable[[], None]
"""Called before each process that becomes the preloaded program is made, in its parent."""


Setting = tuple[int, tuple[int, int]]


class Departure(BaseException):
    """Unwinds the fork server's stack in the process that becomes a preloaded program, so that no frame of
    the fork server is below the program's."""


def start(
    command: dict[str, Any],
    limits: Sequence[Setting],
    stdin: int,
    pipes: Sequence[int],
    joined: Sequence[int] = (),
) -> NoReturn:
    """Run ``command`` in this process, within ``limits`` (see `limits`).

    ``stdin`` is a descriptor, or negative for the null device. ``joined`` are the pipes from and to another
    program, if any. ``pipes`` hold the payload and take output,
    errors, report, and the reason why it could not be started.

    Raises:
        Departure: this process is ready to run the preloaded program.
    """
    start_error = pipes[-1]
    try:
        _place_descriptors(stdin, pipes, joined)
        start_error = _START_ERROR
        for what, values in limits:
            resource.setrlimit(what, values)
        if command["argv"]:
            reset_signals()
            _execute(command["argv"], command["environment"])
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        os.close(_START_ERROR)
    except Exception as error:  # noqa: BLE001 - the watcher must learn of any error
        with contextlib.suppress(OSError):
            os.write(start_error, f"{command['argv'][:1]}: {error}".encode())
        os._exit(127)
    raise Departure


def reset_signals() -> None:
    """Let signals that Python ignores have their usual effect on a program."""
    for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
        _signal.signal(number, _signal.SIG_DFL)


def _execute(argv: list[str], environment: dict[str, str]) -> NoReturn:
    """
    Raises:
        OSError: it cannot be executed, which is not the program's error.
    """
    try:
        os.execve(argv[0], argv, environment)  # noqa: S606 - no shell wanted
    except OSError as error:
        if not argv[0].startswith(FOLDER) or error.errno in _TRANSIENT:
            raise
        why = f"{NOT_EXECUTABLE}{argv[0].removeprefix(FOLDER)}: {error.strerror}"
        os.write(_START_ERROR, why.encode())
        os._exit(126)


def reserve_numbers(own: int) -> int:
    """Keep this process's objects off the descriptor numbers that a program gets: when those objects are
    destroyed in the program's process, they must not close its descriptors. Moves ``own`` and returns its
    new number."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    moved = fcntl.fcntl(own, fcntl.F_DUPFD_CLOEXEC, _START_ERROR + 1)
    for number in range(PAYLOAD, _START_ERROR + 1):
        if number != nothing:
            os.dup2(nothing, number, inheritable=False)
    for number in (own, nothing):
        if number > _START_ERROR:
            os.close(number)
    return moved


def _place_descriptors(stdin: int, pipes: Sequence[int], joined: Sequence[int]) -> None:
    """Move each to its number and close all others, including those that lead to the supervisor."""
    payload, output, errors, report, start_error = pipes
    if stdin < 0:
        stdin = os.open(os.devnull, os.O_RDONLY)  # opened again: inherited descriptors share their flags
    for target, source in enumerate((stdin, output, errors, payload, report)):
        os.dup2(source, target)
    os.closerange(FROM_OTHER, _START_ERROR)
    for target, source in enumerate(joined, FROM_OTHER):
        os.dup2(source, target)
    os.dup2(start_error, _START_ERROR, inheritable=False)
    os.closerange(_START_ERROR + 1, 1 << 20)


def limits(command: dict[str, Any]) -> list[Setting]:
    """The limits of each process of a command, as arguments of ``setrlimit``."""
    # The watcher decides by exact times. The kernel counts whole clock ticks, which on a busy machine exceed
    # the time used; its limit is a safeguard in case the watcher is delayed.
    seconds = int(command["cpu_seconds"] * 1.5) + 2
    wanted = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_FSIZE: (command["file_bytes"],) * 2,
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (1024, 1024),
        resource.RLIMIT_MEMLOCK: (0, 0),
        resource.RLIMIT_MSGQUEUE: (0, 0),
        resource.RLIMIT_DATA: (_address_space_bytes(command),) * 2,
    }
    if command["stack_bytes"]:
        wanted[resource.RLIMIT_STACK] = (command["stack_bytes"],) * 2
    if command["processes_hard"]:
        wanted[resource.RLIMIT_NPROC] = (command["processes_hard"],) * 2
    return [(what, _lowered(what, *values)) for what, values in wanted.items()]


def _address_space_bytes(command: dict[str, Any]) -> int:
    # Each thread of the C library reserves as much as the limit of the stack.
    stacks = command["processes"] * command["stack_bytes"]
    return int(ADDRESS_SPACE_BYTES + command["memory_bytes"] + stacks)


def _lowered(what: int, soft: int, hard: int) -> tuple[int, int]:
    """The limit, or the current hard limit if that is lower."""
    _, most = resource.getrlimit(what)
    if most == resource.RLIM_INFINITY:
        return soft, hard
    return min(soft, most), min(hard, most)
