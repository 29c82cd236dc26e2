"""The candidate's side of a separate process: answers the calls of the tests. See docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune. Nothing here needs protection from the
candidate, which runs in the same process: all that it can change is what it answers.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

VERSION = 1
_MOST_BYTES = 16 << 20
_MOST_PRINTED = 1 << 16
_TRACE_CHARACTERS = 2000


class _Echo:
    """A stream that also keeps the beginning of what is printed, for the tests."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._parts, self._size = stream, list[str](), 0

    def write(self, text: str) -> int:
        if self._size < _MOST_PRINTED:
            self._parts.append(text[: _MOST_PRINTED - self._size])
            self._size += len(text)
        return int(self._stream.write(text))

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def taken(self) -> str:
        """What was printed since the last call."""
        text = "".join(self._parts)
        self._parts.clear()
        self._size = 0
        return text


class Server:
    """Calls functions of ``space``, the candidate's module, as the tests ask. ``values`` is the module
    `_values`; ``classes`` are the names of classes whose objects stay here and get a handle."""

    def __init__(self, space: dict[str, Any], values: Any, classes: frozenset[str]) -> None:
        self._space, self._values = space, values
        self._classes = classes
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._encoded: Callable[..., bytes] = values.Encoder(self._own).value
        self._text: Callable[[str], bytes] = values.text
        self._size: Callable[[int], bytes] = values.number
        self._printed: tuple[_Echo, _Echo] | None = None

    def serve(self, reader: int, writer: int) -> NoReturn:
        """Answer until the tests have ended."""
        self._send(writer, b"H" + bytes([VERSION]))
        while question := _frame(reader):
            if answer := self._answer(question):
                self._send(writer, answer)
        os._exit(0)

    def _send(self, writer: int, content: bytes) -> None:
        data = self._size(len(content)) + content
        while data:
            data = data[os.write(writer, data) :]

    def _answer(self, question: bytes) -> bytes:
        decoder = self._values.Decoder(question, handle=self._objects.__getitem__, record=self._record)
        kind = decoder.take(1)
        if kind == b"D":
            self._drop(decoder.number())
            return b""
        if kind == b"G":
            return self._read(decoder)
        if kind == b"M":
            target = self._objects[decoder.number()]
            function = self._member(target, decoder.text())
        else:
            function = self._named(decoder.text())
        return self._call(function, decoder.value(), decoder.value())

    def _named(self, name: str) -> Callable[..., Any]:
        try:
            found = self._space[name]
        except KeyError:
            return _raising(NameError(f"name {name!r} is not defined"))
        return found  # type: ignore[no-any-return]

    @staticmethod
    def _member(target: Any, name: str) -> Callable[..., Any]:
        """A method; special ones are looked up on the type, as Python does."""
        try:
            if name.startswith("__"):
                return getattr(type(target), name).__get__(target)  # type: ignore[no-any-return]
            return getattr(target, name)  # type: ignore[no-any-return]
        except Exception as error:  # noqa: BLE001 - the candidate's error belongs to the call
            return _raising(error)

    def _read(self, decoder: Any) -> bytes:
        """The value of an attribute; a method becomes ``K`` ``method``."""
        target, name = self._objects[decoder.number()], decoder.text()
        try:
            found = getattr(target, name)
        except Exception as error:  # noqa: BLE001
            return self._raised(error, [], [])
        if callable(found):
            return b"R" + b"K" + self._text("method") + b"N" + self._tail([], [])
        return self._returned(found, [], [])

    def _call(self, function: Callable[..., Any], positional: list[Any], named: dict[str, Any]) -> bytes:
        arguments = [*positional, *named.values()]
        before = [self._encoded(each) for each in arguments]
        try:
            result = self._awaited(function(*positional, **named))
        except Exception as error:  # noqa: BLE001 - the tests decide about it
            return self._raised(error, arguments, before)
        return self._returned(result, arguments, before)

    def _awaited(self, result: Any) -> Any:
        """A coroutine is run here; the tests get something that they can await."""
        if not hasattr(type(result), "__await__"):
            return result
        import asyncio

        async def wait() -> Any:
            return await result

        return _Awaitable(asyncio.run(wait()))

    def _returned(self, result: Any, arguments: list[Any], before: list[bytes]) -> bytes:
        try:
            if isinstance(result, _Awaitable):
                name = self._text("awaitable")
                value = b"K" + name + self._encoded(result.value)
            else:
                value = self._encoded(result)
        except (self._values.TooDeep, RecursionError):
            value = b"o" + self._text(type(result).__name__)
        except Exception as error:  # noqa: BLE001 - raised by an iterator of the candidate
            return self._raised(error, arguments, before)
        return b"R" + value + self._tail(arguments, before)

    def _raised(self, error: Exception, arguments: list[Any], before: list[bytes]) -> bytes:
        if isinstance(error, MemoryError):
            raise error
        text = self._text
        trace = "".join(traceback.format_exception(error, limit=-8))[-_TRACE_CHARACTERS:]
        return (
            b"E"
            + text(self._kind(error))
            + text(_message(error))
            + text(trace)
            + self._tail(arguments, before)
        )

    def _kind(self, error: Exception) -> str:
        """The nearest class that the tests' process has as well."""
        for base in type(error).__mro__:
            if base.__module__ == "builtins" or base.__name__ in self._classes:
                return base.__name__
        return "Exception"

    def _tail(self, arguments: list[Any], before: list[bytes]) -> bytes:
        """The changed arguments, and what was printed."""
        changed = []
        for position, (argument, old) in enumerate(zip(arguments, before, strict=True)):
            try:
                new = self._encoded(argument)
            except (self._values.TooDeep, RecursionError):
                new = b"o" + self._text(type(argument).__name__)
            if new != old:
                changed.append(self._size(position) + new)
        printed = [stream.taken() if isinstance(stream, _Echo) else "" for stream in (sys.stdout, sys.stderr)]
        parts = [self._size(len(changed)), *changed, *map(self._text, printed)]
        return b"".join(parts)

    def _own(self, _encoder: Any, value: Any, depth: int) -> bytes | None:
        """An object of a class of the benchmark: it stays here, or travels as a record."""
        for base in type(value).__mro__:
            if base.__name__ in self._classes and base.__module__ == "__main__":
                if isinstance(value, tuple) or hasattr(base, "__dataclass_fields__"):
                    return self._fields(base, value, depth)
                return b"h" + self._size(self._number(value))
        return None

    def _fields(self, base: type, value: Any, depth: int) -> bytes:
        names = getattr(base, "_fields", None) or list(base.__dataclass_fields__)  # type: ignore[attr-defined]
        fields = [(name, getattr(value, name, None)) for name in names]
        parts = [self._text(name) + self._encoded(field, depth + 1) for name, field in fields]
        return b"r" + self._text(base.__name__) + self._size(len(parts)) + b"".join(parts)

    def _record(self, name: str, fields: dict[str, Any]) -> Any:
        return self._space[name](**fields)

    def _number(self, value: Any) -> int:
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._numbers) + 1
            self._objects[self._numbers[id(value)]] = value
        return self._numbers[id(value)]

    def _drop(self, number: int) -> None:
        """Forget nothing: the tests may get the same object again."""


class _Awaitable:
    def __init__(self, value: Any) -> None:
        self.value = value


def _message(error: Exception) -> str:
    try:
        if len(error.args) == 1 and isinstance(error.args[0], str):
            return str.__str__(error.args[0])
        return str.__str__(str(error))
    except Exception:  # noqa: BLE001 - it is the candidate's
        return ""


def _raising(error: Exception) -> Callable[..., Any]:
    def function(*_: Any, **__: Any) -> NoReturn:
        raise error

    return function


def listen() -> None:
    """Keep what is printed from now on for the tests, too."""
    sys.stdout, sys.stderr = map(_Echo, (sys.stdout, sys.stderr))


def _frame(reader: int) -> bytes:
    """The next question; empty when the tests have ended."""
    size = int.from_bytes(_exactly(reader, 4), "big")
    return _exactly(reader, size) if size <= _MOST_BYTES else b""


def _exactly(reader: int, size: int) -> bytes:
    held = bytearray()
    while len(held) < size:
        part = os.read(reader, min(size - len(held), 1 << 20))
        if not part:
            os._exit(0)
        held += part
    return bytes(held)
