"""Questions to a candidate's process and its answers, each within a limit of time."""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass

from crosstune.execution._work import Work

_LENGTH = struct.Struct(">I")
_MOST_FRAME_BYTES = 16 << 20
_FIRST_CHECK_SECONDS, _CHECK_SECONDS = 0.02, 0.05
_SHORT_SECONDS = 0.002


class Gone(Exception):
    """The candidate's process has ended, or its pipe."""


class OutOfTime(Exception):
    """An answer took more time than allowed."""


class TooLong(Exception):
    """An answer is longer than any may be."""


class Unasked(Exception):
    """Something came that nobody had asked for."""


@dataclass(frozen=True, slots=True)
class Spent:
    """The time that an answer took."""

    cpu_seconds: float
    wall_seconds: float


class Conversation:
    """Asks one question after another. ``used`` tells the CPU seconds of the candidate's processes."""

    def __init__(self, reader: int, writer: int, used: Callable[[], float], stopping: Work) -> None:
        self._reader, self._writer, self._used, self._stopping = reader, writer, used, stopping
        self._known, self._unmeasured = used(), 0.0
        self._deadline = self._most_cpu = self._began = 0.0
        for descriptor in (reader, writer):
            os.set_blocking(descriptor, False)

    def begin(self, cpu_seconds: float, wall_seconds: float) -> None:
        """From now on, so much time may be used."""
        if self._unmeasured > _CHECK_SECONDS:
            self._measure()
        self._began = time.monotonic()
        self._deadline = self._began + wall_seconds
        self._most_cpu = self._known + cpu_seconds

    def spent(self) -> Spent:
        """The time used since `begin`. CPU time that is too short to be measured counts as its wall time."""
        wall, before = time.monotonic() - self._began, self._known
        if wall < _SHORT_SECONDS:
            self._unmeasured += wall
            return Spent(wall, wall)
        self._measure()
        cpu = self._known - before
        return Spent(cpu if wall > _CHECK_SECONDS else min(cpu or wall, wall), wall)

    def _measure(self) -> None:
        self._known, self._unmeasured = max(self._used(), self._known), 0.0

    def tell(self, message: bytes) -> None:
        """Send a message that has no answer.

        Raises: see `answer`.
        """
        self._send(_LENGTH.pack(len(message)) + message)

    def ask(self, message: bytes) -> bytes:
        """The answer to a question.

        Raises: see `answer`; `Unasked`, if it comes before the question.
        """
        poll = select.poll()  # select refuses a descriptor above 1,023
        poll.register(self._reader, select.POLLIN)
        if poll.poll(0):
            if self._read(1):
                raise Unasked
            raise Gone
        self.tell(message)
        return self.answer()

    def answer(self) -> bytes:
        """The next message of the candidate's process.

        Raises:
            Gone, OutOfTime, TooLong: there is none.
            CancelledError: the judge is stopping.
        """
        (size,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        if size > _MOST_FRAME_BYTES:
            raise TooLong
        return self._exactly(size)

    def _send(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._writer, left[: 1 << 16]) :]
            except BlockingIOError:
                self._wait(self._writer, select.POLLOUT)
            except BrokenPipeError:
                raise Gone from None

    def _exactly(self, size: int) -> bytes:
        held = bytearray()
        while len(held) < size:
            part = self._read(min(size - len(held), 1 << 20))
            if not part:
                raise Gone
            held += part
        return bytes(held)

    def _read(self, size: int) -> bytes:
        while True:
            try:
                return os.read(self._reader, size)
            except BlockingIOError:
                self._wait(self._reader, select.POLLIN)

    def _wait(self, descriptor: int, event: int) -> None:
        """Wait until something can be read or written, and check the time meanwhile."""
        poll = select.poll()
        poll.register(descriptor, event)
        pause = _FIRST_CHECK_SECONDS
        while not poll.poll(pause * 1000):
            if self._stopping.is_set():
                raise CancelledError
            pause = _CHECK_SECONDS
            if time.monotonic() > self._deadline or self._used() > self._most_cpu:
                raise OutOfTime
