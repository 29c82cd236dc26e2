"""Stop by a signal: SIGINT (Ctrl-C), SIGTERM and SIGHUP end a command and everything that it started.

The first signal raises `Stopped` in the main thread, so that every ``with`` block ends as designed. What then
still runs is killed after `KILL_SECONDS`, and the command itself ends after `END_SECONDS` or on another
signal, whatever it waits for. A worker process ends on the first signal.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KILL_SECONDS = 2.0
"""From the first signal until all processes below this one are killed, for which it may be waiting."""
END_SECONDS = 4.0
"""From the first signal until this process ends, even if it is blocked."""
_SAME_SECONDS = 0.3
"""A signal that comes so soon after another is the same request: ``timeout`` sends it to the process and then
to its group."""
_WORKER_SECONDS = 1.0
"""How long worker processes have to end by themselves."""
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_SHOW_CURSOR = "\x1b[?25h"
_USUAL = "what was finished is kept, and the same command goes on from there"


class Stopped(SystemExit):
    """This process was told to end. A `SystemExit`, because libraries let that pass."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


class _Request:
    """The signal that this process has received, if any, and what it tells the user at its end."""

    def __init__(self) -> None:
        self.number = 0
        self.raised = False
        self.kept = _USUAL
        self.in_task = False
        self.said = threading.Lock()

    def receive(self, number: int, frame: FrameType | None) -> None:
        """The handler of a command's signals."""
        del frame
        self.number = self.number or number
        if not self.raised:
            self.raised = True
            _prctl(_PR_SET_CHILD_SUBREAPER, 1)  # children of killed children are found below this process
            raise Stopped(number)

    def receive_in_worker(self, number: int, frame: FrameType | None) -> None:
        """The handler of a worker's signals: between two tasks there is nothing to unwind."""
        if not self.in_task:
            os._exit(128 + number)
        self.receive(number, frame)


_request = _Request()


@contextlib.contextmanager
def command() -> Iterator[None]:
    """Handle the signals of a command in this block, which has to be the process's last work.

    After a signal the process ends here, with status 128 plus the signal's number. A signal that the caller
    ignores (``nohup``, a job in the background of a script) stays ignored.
    """
    handled = [each for each in SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader,), name="signals", daemon=True).start()
    sys.unraisablehook = _unraisable
    for each in handled:
        signal.signal(each, _request.receive)
    try:
        yield
    finally:
        if _request.number:
            _end(unwound=True)
        for each in handled:
            signal.signal(each, lambda number, _: os._exit(128 + number))


@contextlib.contextmanager
def released(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Within a `command`, let ``handler`` take the signals in this block, which then has to end by itself."""
    handled = [each for each in SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, handler) for each in handled}
    wakeup = signal.set_wakeup_fd(-1)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        for each, earlier in before.items():
            signal.signal(each, earlier)


@contextlib.contextmanager
def keeps(message: str) -> Iterator[None]:
    """While this block runs, a stopped command ends with ``message``: what is kept, and how to go on."""
    before, _request.kept = _request.kept, message
    yield
    _request.kept = before  # not after an exception: the message is printed at the end of the command


def _watch(reader: int) -> None:
    """End this process in time after the first signal, or at once after another one.

    It runs in its own thread: the main one may be blocked in a library, where no handler runs.
    """
    while (number := os.read(reader, 1)[0]) not in SIGNALS:
        pass
    _request.number, began = number, time.monotonic()
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    if not _another(reader, began, KILL_SECONDS):
        kill_descendants()
        _another(reader, began, END_SECONDS)
    _end(unwound=False)


def _another(reader: int, began: float, seconds: float) -> bool:
    """Wait for another signal until ``seconds`` after ``began``; returns whether one came."""
    poll = select.poll()  # select refuses a descriptor above 1,023
    poll.register(reader, select.POLLIN)
    while (left := began + seconds - time.monotonic()) > 0:
        if (
            poll.poll(left * 1000)
            and os.read(reader, 1)[0] in SIGNALS
            and time.monotonic() - began > _SAME_SECONDS
        ):
            return True
    return False


def _end(*, unwound: bool) -> NoReturn:
    """Say why, kill what still runs, and end. Python's own end would wait for threads that may be blocked."""
    if _request.said.acquire(blocking=False):
        _say(f"crosstune: stopped by {signal.Signals(_request.number).name}; {_request.kept}")
    kill_descendants()
    if unwound:
        with contextlib.suppress(BaseException):
            atexit._run_exitfuncs()  # noqa: SLF001 (they remove what libraries left in shared memory)
    os._exit(128 + _request.number)


def _say(text: str) -> None:
    """Write to stderr, which may be closed; a terminal's cursor may be hidden by a progress bar."""
    with contextlib.suppress(OSError, ValueError):
        shown = _SHOW_CURSOR if os.isatty(2) else ""
        os.write(2, f"{shown}{text}\n".encode(errors="replace"))


def _unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    """Do not report a stop that came where no exception can be raised: the command ends all the same."""
    if not isinstance(unraisable.exc_value, Stopped):
        sys.__unraisablehook__(unraisable)


@contextlib.contextmanager
def blocked() -> Iterator[None]:
    """Processes that are started in this block get no signal until they call `as_worker`: before, they could
    only end with a traceback."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def as_worker() -> None:
    """Handle signals as a worker process, which is also killed when its parent process ends."""
    end_with_parent()
    for each in SIGNALS:
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, _request.receive_in_worker)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


@contextlib.contextmanager
def task() -> Iterator[None]:
    """Run a task of a worker process in this block. After a signal the process ends here; its parent sees a
    worker that was killed."""
    _request.in_task = True
    try:
        yield
    finally:
        if _request.number:
            kill_descendants()
            os._exit(128 + _request.number)
        _request.in_task = False


def end_with_parent() -> None:
    """Let the kernel kill this process when its parent ends (Linux)."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value)


def end_workers(pids: Iterable[int]) -> None:
    """End worker processes of this one, and everything that they started."""
    waited = list(pids)
    _send(signal.SIGTERM, waited)
    until = time.monotonic() + _WORKER_SECONDS
    while time.monotonic() < until and any(map(_runs, waited)):
        time.sleep(0.01)
    kill_below(filter(_runs, waited))


def kill_descendants() -> None:
    """Kill every process below this one."""
    kill_below(set(_children().get(os.getpid(), ())) - {_tracker()})


def kill_below(roots: Iterable[int]) -> None:
    """Kill these processes and all below them. They are halted first: one that is left without its parent
    would not be found."""
    found: set[int] = set()
    new = set(roots)
    while new:
        _send(signal.SIGSTOP, new)
        found |= new
        children = _children()
        new = {child for pid in found for child in children.get(pid, ())} - found
    _send(signal.SIGKILL, found)


def _send(number: signal.Signals, pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):  # it has just ended
            os.kill(pid, number)


def _tracker() -> int | None:
    """Python's own process that cleans shared memory up; it ends with this process."""
    module = sys.modules.get("multiprocessing.resource_tracker")
    return getattr(getattr(module, "_resource_tracker", None), "_pid", None)


def _children() -> dict[int, list[int]]:
    """The living children of each process that this one can see."""
    children: dict[int, list[int]] = {}
    for pid in [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]:
        if (stat := _stat(pid)) and stat[0] != "Z":
            children.setdefault(int(stat[1]), []).append(pid)
    return children


def _runs(pid: int) -> bool:
    stat = _stat(pid)
    return bool(stat) and stat[0] != "Z"


def _stat(pid: int) -> list[str]:
    """The state, the parent and so on; empty if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().decode("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
