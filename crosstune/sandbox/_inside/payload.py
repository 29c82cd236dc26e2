"""The process that becomes the program: limited, stripped of privileges, cut off from the keeper."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from . import kernel

BRIEF, REPORT = 3, 4
"""Where a program finds what it is told (a file) and where it reports (a pipe)."""

_TROUBLE = 5
_PIPE_HOLDS = 32768

Preloaded = Callable[[list[str], int], list[Any]]
"""A prepared program: given its brief, alone in a list, and the number of the report pipe, it
gives what the process then does, last first: ``operator.call``, the functions to call with it one after
another, and one that ends the process, given the exception that they raised or None."""


class Departure(BaseException):
    """Unwinds the keeper's stack in the process that becomes a preloaded program, so that no frame
    of the keeper stands below the program's; carries the brief."""


def start(
    stage: dict[str, Any],
    pipes: Sequence[int],
    folder: str,
    forbidden: bytes,
) -> NoReturn:
    """Run ``stage`` in this process; ``pipes`` take its output, errors, report, and why it could
    not be started.

    Raises:
        Departure: this process is ready to run the preloaded program.
    """
    try:
        brief = _brief_file(stage["brief"])
        _descriptors(brief, *pipes)
        os.chdir(folder)
        _limits(stage)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_IGN if not stage["argv"] else signal.SIG_DFL)
        kernel.give_up_privileges()
        if forbidden:
            kernel.filter_calls(forbidden)
        if stage["argv"]:
            os.execve(stage["argv"][0], stage["argv"], stage["environment"])  # noqa: S606 - no shell wanted
        os.close(BRIEF)
        os.close(_TROUBLE)
        os.environ.clear()
        os.environ.update(stage["environment"])
    except Exception as fault:  # noqa: BLE001 - whatever it was, the watcher must learn of it
        with contextlib.suppress(OSError):
            os.write(_TROUBLE, f"{stage['argv'][:1]}: {fault}".encode())
        os._exit(127)
    raise Departure(stage["brief"])


def _brief_file(text: str) -> int:
    """A pipe, from which each byte can be read only once; what is too long for one, a file."""
    content = text.encode("utf-8", "surrogatepass")
    if len(content) <= _PIPE_HOLDS:
        reader, writer = os.pipe()
        os.write(writer, content)
        os.close(writer)
        return reader
    brief = os.memfd_create("brief")
    with os.fdopen(os.dup(brief), "wb") as file:
        file.write(content)
    os.lseek(brief, 0, os.SEEK_SET)
    return brief


def _descriptors(brief: int, output: int, errors: int, report: int, trouble: int) -> None:
    """Put each at its number and close all others, the keeper's connection among them."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    high = [
        fcntl.fcntl(number, fcntl.F_DUPFD, 20) for number in (nothing, output, errors, brief, report, trouble)
    ]
    for target, source in enumerate(high):
        os.dup2(source, target, inheritable=target != _TROUBLE)
    os.closerange(_TROUBLE + 1, 1 << 20)


def _limits(stage: dict[str, Any]) -> None:
    # The watcher decides by exact times; the kernel's own limit counts whole clock ticks, which on a busy
    # machine are more than was used, and is there in case the watcher is held up.
    seconds = int(stage["cpu_seconds"] * 1.5) + 2
    _limit(resource.RLIMIT_CPU, seconds, seconds + 1)
    _limit(resource.RLIMIT_FSIZE, stage["file_bytes"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 1024)
    _limit(resource.RLIMIT_MEMLOCK, 0)
    _limit(resource.RLIMIT_MSGQUEUE, 0)
    if stage["processes_hard"]:
        _limit(resource.RLIMIT_NPROC, stage["processes_hard"])
    _limit(resource.RLIMIT_DATA, stage["memory_bytes"] + stage["reserve_bytes"])


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit; where it already stands lower, it stays."""
    _, most = resource.getrlimit(what)
    hard = soft if hard is None else hard
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(what, (soft, hard))
