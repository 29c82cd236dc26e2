"""The tests' side of a separate process: functions that ask the candidate's process. See docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune.
"""

from __future__ import annotations

import builtins
import os
import sys
import types
from collections.abc import Callable
from typing import Any, NoReturn

_VERSION = 1
_MOST_BYTES = 16 << 20


class NotPlain(TypeError):
    """The tests pass something that is no value."""


class Candidate:
    """Asks the candidate's process. ``values`` is the module `_values`; ``space`` the tests' names, where the
    classes of the benchmark are; ``fail`` ends this process with a report."""

    def __init__(
        self, values: Any, space: dict[str, Any], fail: Callable[[str], NoReturn], reader: int, writer: int
    ) -> None:
        self._values, self._space, self._fail = values, space, fail
        self._reader, self._writer = reader, writer
        self._encoder = values.Encoder(self._own)
        hello = self._receive()
        if hello != b"H" + bytes([_VERSION]):
            fail("failed policy")

    def function(self, name: str) -> Callable[..., Any]:
        def stub(*positional: Any, **named: Any) -> Any:
            return self.ask(b"C" + self._values.text(name), positional, named)

        stub.__name__ = stub.__qualname__ = name
        stub.__module__ = "__main__"
        return stub

    def ask(self, question: bytes, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Send a question with arguments; return the result or raise the error."""
        try:
            arguments = self._encoder.value(list(positional)) + self._encoder.value(named)
        except self._values.TooDeep:
            raise NotPlain("an argument nests too deep, or contains itself") from None
        return self._answered(question + arguments, [*positional, *named.values()])

    def _answered(self, question: bytes, arguments: list[Any]) -> Any:
        self._send(question)
        data = self._receive()
        decoder = self._values.Decoder(data, record=self._record, handle=self._object)
        try:
            kind = decoder.take(1)
            told = decoder.value() if kind == b"R" else self._error(kind, decoder)
            for _ in range(decoder.number()):
                position, value = decoder.number(), decoder.value()
                if position >= len(arguments):
                    raise self._values.Malformed("an argument that was not given")
                update(arguments[position], value)
            printed = decoder.text(), decoder.text()
            decoder.end()
        except (self._values.Malformed, TypeError, ValueError, OverflowError, RecursionError):
            self._fail("failed policy")
        for stream, text in zip((sys.stdout, sys.stderr), printed, strict=True):
            if text:
                stream.write(text)
        if kind == b"E":
            _raise(told)
        return told

    def _error(self, kind: bytes, decoder: Any) -> BaseException:
        """
        Raises:
            Malformed: it is no error.
        """
        if kind != b"E":
            raise self._values.Malformed(f"the answer {kind!r}")
        name, message, trace = decoder.text(), decoder.text(), decoder.text()
        found = self._space.get(name) or getattr(builtins, name, None)
        if not (isinstance(found, type) and issubclass(found, Exception)):
            found = Exception
        try:
            error = found(message)
        except Exception:  # noqa: BLE001 - some need other arguments
            error = Exception(message)
        error.add_note(trace)
        return error

    def _send(self, content: bytes) -> None:
        data = self._values.number(len(content)) + content
        try:
            while data:
                data = data[os.write(self._writer, data) :]
        except BrokenPipeError:
            self._fail("gone")

    def _receive(self) -> bytes:
        size = int.from_bytes(self._exactly(4), "big")
        if size > _MOST_BYTES:
            self._fail("failed output_limit")
        return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        held = bytearray()
        while len(held) < size:
            part = os.read(self._reader, min(size - len(held), 1 << 20))
            if not part:
                self._fail("gone")
            held += part
        return bytes(held)

    def _own(self, _encoder: Any, value: Any, _depth: int) -> bytes | None:
        """An object that is no standard value: one that the candidate's process has, or of a class of the
        benchmark. Anything else cannot be passed."""
        if isinstance(value, Remote):
            return bytes(b"h" + self._values.number(object.__getattribute__(value, "_number")))
        if isinstance(value, self._values.Opaque):
            return bytes(b"o" + self._values.text(value.kind))
        if not isinstance(value, (int, float, str, bytes, list, tuple, set, dict)):
            self._fail("unsupported")
        return None

    def _record(self, name: str, fields: dict[str, Any]) -> Any:
        kind = self._space.get(name)
        if not isinstance(kind, type):
            raise self._values.Malformed(f"no class {name!r}")
        return kind(**fields)

    def _object(self, number: int) -> Remote:
        return Remote(self, number)

    def class_(self, name: str) -> type:
        """A class whose objects stay in the candidate's process."""

        def new(_kind: type, *positional: Any, **named: Any) -> Any:
            return self.ask(b"N" + self._values.text(name), positional, named)

        return type(name, (), {"__new__": new, "__module__": "__main__"})

    def attribute(self, number: int, name: str) -> Any:
        found = self._answered(b"G" + self._values.number(number) + self._values.text(name), [])
        return self.method(number, name) if found is self._values.METHOD else found

    def method(self, number: int, name: str) -> Callable[..., Any]:
        question = b"M" + self._values.number(number) + self._values.text(name)

        def call(*positional: Any, **named: Any) -> Any:
            return self.ask(question, positional, named)

        return call


class Remote:
    """An object in the candidate's process."""

    def __init__(self, candidate: Candidate, number: int) -> None:
        object.__setattr__(self, "_candidate", candidate)
        object.__setattr__(self, "_number", number)

    def __getattr__(self, name: str) -> Any:
        return self._candidate.attribute(self._number, name)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Remote) and other._number == self._number:
            return True
        return self._candidate.method(self._number, "__eq__")(other) is True

    def __hash__(self) -> int:
        return int(self._number)


def _special(name: str) -> Callable[..., Any]:
    def method(self: Remote, *arguments: Any) -> Any:
        return self._candidate.method(self._number, name)(*arguments)

    method.__name__ = name
    return method


_SPECIAL = """
len str repr call contains getitem setitem delitem iter next lt le gt ge add radd sub rsub mul rmul
truediv rtruediv floordiv mod pow neg abs and or xor invert enter exit int float format
"""
for _name in _SPECIAL.split():
    setattr(Remote, f"__{_name}__", _special(f"__{_name}__"))


def update(old: Any, new: Any) -> None:
    """Change ``old``, an argument, into ``new``, its value after the call, as far as it can be changed."""
    if isinstance(old, list) and isinstance(new, list):
        for position, (before, after) in enumerate(zip(old, new, strict=False)):
            if type(before) is type(after) and isinstance(before, (list, dict, set, bytearray)):
                update(before, after)
            else:
                old[position] = after
        old[len(new) :] = new[len(old) :]
    elif isinstance(old, dict) and isinstance(new, dict):
        kept = dict(old)
        old.clear()
        for key, after in new.items():
            before = kept.get(key)
            if type(before) is type(after) and isinstance(before, (list, dict, set, bytearray)):
                update(before, after)
                after = before  # noqa: PLW2901 - the caller's own object, changed
            old[key] = after
    elif isinstance(old, set) and isinstance(new, set):
        old.clear()
        old.update(new)
    elif hasattr(old, "__setitem__") and type(old) is type(new):
        old[:] = new
    elif type(old).__name__ == "deque" and type(old) is type(new):
        old.clear()
        old.extend(new)


def _raise_in_candidate(error: BaseException) -> NoReturn:
    raise error


# A traceback that ends in the candidate's file shows that the tests did not raise it.
_raise: Callable[[BaseException], NoReturn] = types.FunctionType(
    _raise_in_candidate.__code__.replace(co_filename="candidate.py"), globals()
)
