"""What is known of programs, in this process."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

from crosstune.execution._cache import text_key
from crosstune.records import Program

_MOST = 4096

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """A value for each of the last few thousand programs, whatever their ids and limits. Of a program only a
    digest is kept: tests may have megabytes, and a service judges for weeks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[bytes, Value] = {}

    def get(self, program: Program) -> Value | None:
        key = text_key(program)
        with self._lock:
            return self._values.get(key)

    def put(self, program: Program, value: Value) -> Value:
        key = text_key(program)
        with self._lock:
            if len(self._values) >= _MOST:
                del self._values[next(iter(self._values))]
            self._values[key] = value
        return value
