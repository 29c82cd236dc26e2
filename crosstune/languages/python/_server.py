"""The candidate's side of a separate process: answers the calls of the tests. See docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune. Nothing here needs protection from the
candidate, which runs in the same process: all that it can change is what it answers.
"""

from __future__ import annotations

import contextlib
import functools
import operator
import os
import sys
import traceback
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

VERSION = 1
_MOST_PRINTED = 1 << 16
_TRACE_CHARACTERS = 2000
_CHUNK = 1 << 20


class _Echo:
    """A stream that also keeps the beginning of what is printed, for the tests."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._parts, self._size = stream, list[str](), 0

    def write(self, text: str) -> int:
        written = int(self._stream.write(text))
        if self._size < _MOST_PRINTED:
            self._parts.append(text[: _MOST_PRINTED - self._size])
            self._size += len(text)
        return written

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def taken(self) -> str:
        """What was printed since the last call."""
        if not self._parts:
            return ""
        text = "".join(self._parts)
        self._parts.clear()
        self._size = 0
        return text


class Server:
    """Calls functions of ``space``, the candidate's module, as the tests ask. ``values`` is the module
    `_values`; ``classes`` are the names of classes whose objects stay here and get a handle, ``records`` of
    those whose objects travel with their fields."""

    def __init__(
        self, space: dict[str, Any], values: Any, classes: frozenset[str], records: frozenset[str]
    ) -> None:
        self._space, self._values = space, values
        self._classes, self._records = classes, records
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._encoded: Callable[..., bytes] = values.Encoder(self._own).value
        self._text: Callable[[str], bytes] = values.text
        self._size: Callable[[int], bytes] = values.number

    def serve(self, reader: int, writer: int) -> NoReturn:
        """Answer until the tests have ended."""
        self._send(writer, b"H" + bytes([VERSION]))
        while question := _frame(reader):
            if answer := self.answer(question):
                self._send(writer, answer)
        _leave()

    def _send(self, writer: int, content: bytes) -> None:
        left = memoryview(self._size(len(content)) + content)
        while left:
            left = left[os.write(writer, left) :]

    def answer(self, question: bytes) -> bytes:
        """The answer to one question; empty if it has none."""
        decoder = self._values.Decoder(question, handle=self._objects.__getitem__, record=self._record)
        kind = decoder.take(1)
        if kind == b"D":
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
        """A method; special ones are what the operator or built-in function does."""
        special = _SPECIAL.get(name)
        if name.startswith("__"):
            special = special or vars(operator).get(name)
        if special:
            return lambda *arguments: special(target, *arguments)
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
        if callable(found) and not isinstance(found, type):
            return b"R" + b"K" + self._text("method") + b"N" + self._tail([], [])
        return self._returned(found, [], [])

    def _call(self, function: Callable[..., Any], positional: list[Any], named: dict[str, Any]) -> bytes:
        arguments = [*positional, *named.values()]
        before = [self._argument(each) for each in arguments]
        try:
            result = function(*positional, **named)
            if hasattr(type(result), "__await__"):
                result = _awaited(result)
        except Exception as error:  # noqa: BLE001 - the tests decide about it
            return self._raised(error, arguments, before)
        return self._returned(result, arguments, before)

    def _argument(self, argument: Any) -> bytes:
        """Its value; nothing of one that cannot change, or that reading would change."""
        if type(argument) in _UNCHANGING or hasattr(argument, "__next__"):
            return b""
        try:
            return self._encoded(argument)
        except Exception:  # noqa: BLE001 - too deep now, or of the candidate's own making
            return b"o" + self._text(type(argument).__name__)

    def _returned(self, result: Any, arguments: list[Any], before: list[bytes]) -> bytes:
        try:
            if isinstance(result, _Awaitable):
                value = b"K" + self._text("awaitable") + self._encoded(result.value)
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
        told = map(self._text, (self._kind(error), _message(error), _trace(error)))
        return b"E" + b"".join(told) + self._tail(arguments, before)

    def _kind(self, error: Exception) -> str:
        """The nearest class that the tests' process may have as well."""
        for base in type(error).__mro__:
            module = base.__module__
            if module == "builtins" or base.__name__ in self._records:
                return base.__name__
            if module.partition(".")[0] in sys.stdlib_module_names or module == "numpy.linalg":
                return f"{module}.{base.__name__}"
        return "Exception"

    def _tail(self, arguments: list[Any], before: list[bytes]) -> bytes:
        """The changed arguments, and what was printed."""
        changed = []
        for position, (argument, old) in enumerate(zip(arguments, before, strict=True)):
            if old and (new := self._argument(argument)) != old:
                changed.append(self._size(position) + new)
        printed = [stream.taken() if isinstance(stream, _Echo) else "" for stream in (sys.stdout, sys.stderr)]
        parts = [self._size(len(changed)), *changed, *map(self._text, printed)]
        return b"".join(parts)

    def _own(self, encoder: Any, value: Any, depth: int) -> bytes | None:
        """An object of a class of the benchmark: it stays here, or travels as a record."""
        for base in type(value).__mro__:
            if base.__module__ != "__main__":
                continue
            if base.__name__ in self._classes:
                return b"h" + self._size(self._number(value))
            if base.__name__ in self._records and (names := self._values.field_names(base)) is not None:
                fields = {name: getattr(value, name, None) for name in names}
                return bytes(encoder.record(base.__name__, fields, depth))
        return None

    def _record(self, name: str, fields: dict[str, Any]) -> Any:
        return self._values.remade(self._space[name], fields)

    def _number(self, value: Any) -> int:
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._numbers) + 1
            self._objects[self._numbers[id(value)]] = value
        return self._numbers[id(value)]


_UNCHANGING = frozenset({int, float, str, bool, bytes, type(None), complex, range})
_SPECIAL: dict[str, Callable[..., Any]] = {
    "__bool__": bool,
    "__contains__": lambda target, item: item in target,
    "__iter__": iter,
    "__setattr__": setattr,
}


class _Awaitable:
    def __init__(self, value: Any) -> None:
        self.value = value


def _awaited(result: Any) -> _Awaitable:
    """A coroutine is run here; the tests get something that they can await."""
    import asyncio

    async def wait() -> Any:
        return await result

    return _Awaitable(asyncio.run(wait()))


def _message(error: Exception) -> str:
    try:
        if len(error.args) == 1 and isinstance(error.args[0], str):
            return str.__str__(error.args[0])
        return str.__str__(str(error))
    except Exception:  # noqa: BLE001 - it is the candidate's
        return ""


def _trace(error: Exception) -> str:
    try:
        return "".join(traceback.format_exception(error, limit=-8))[-_TRACE_CHARACTERS:]
    except Exception:  # noqa: BLE001
        return ""


def _raising(error: Exception) -> Callable[..., Any]:
    def function(*_: Any, **__: Any) -> NoReturn:
        raise error

    return function


def _frame(reader: int) -> bytes:
    """The next question."""
    return _exactly(reader, int.from_bytes(_exactly(reader, 4), "big"))


def _leave() -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    os._exit(0)


def _exactly(reader: int, size: int) -> bytes:
    """So many bytes; this process ends when the tests have ended."""
    held = os.read(reader, min(size, _CHUNK))
    if len(held) == size:
        return held
    whole = bytearray(held)
    while len(whole) < size:
        part = os.read(reader, min(size - len(whole), _CHUNK))
        if not part:
            _leave()
        whole += part
    return bytes(whole)


def steps(
    parts: Sequence[str],
    space: dict[str, Any],
    compiled: Callable[..., list[types.CodeType]],
    values: Any,
    joined: tuple[int, int],
) -> list[Callable[[], object]]:
    """Run setup and candidate in ``space``, then serve. ``parts`` are the names of the classes whose objects
    stay here and, after ``|``, of the records, then setup and candidate. ``values`` is the module `_values`;
    ``joined`` are the descriptors from and to the tests' process."""
    names, setup, candidate, *_ = parts
    programs = compiled(setup, candidate, "candidate.py", imported=True)
    classes, records = (frozenset(each.split()) for each in names.split("|"))

    def serve() -> None:
        sys.stdout, sys.stderr = map(_Echo, (sys.stdout, sys.stderr))
        Server(space, values, classes, records).serve(*joined)

    return [*(functools.partial(exec, program, space) for program in programs), serve]


def warm_up(values: Any, space: dict[str, Any], name: str) -> None:
    """Answer a question about the function ``name`` of ``space``, which takes a list of integers."""
    server = Server(space, values, frozenset(), frozenset())
    encoded = values.Encoder(lambda *_: None).value
    asked = encoded([[1, 2], "text", 1.5, (True, None), {"a": {1}}]), encoded({})
    server.answer(b"C" + values.text(name) + b"".join(asked))
