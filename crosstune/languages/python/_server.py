"""The candidate's side of a separate process: answers the calls of the tests. See docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune. Nothing here needs protection from the
candidate, which runs in the same process: all that it can change is what it answers.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import importlib
import operator
import os
import runpy
import sys
import threading
import traceback
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

_lent, _iterating = (
    types.SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name(f"_{name}.py"))))
    for name in ("lent", "iterating")
)

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
        self._is_live = False
        """Whether the tests are in Python: iterators and objects stay here, and the tests may lend some."""
        self._reported: type[BaseException] = BaseException
        """The errors that are answers. An exit is one where the judge itself asks; it would end tests."""
        self._lent = _lent.Lent(self._ask_back)
        self._iterators: dict[int, Any] = {}
        self._joined, self._asked = (-1, -1), threading.RLock()
        self._kept = list[Any]()
        self._lent_errors: dict[int, tuple[int, BaseException]] = {}
        self._is_calling = False
        self._encoder = values.Encoder(self._own, self._rest, records)
        self._encoded: Callable[..., bytes] = self._encoder.value
        self._text: Callable[[str], bytes] = values.text
        self._size: Callable[[int], bytes] = values.number

    def serve(self, reader: int, writer: int) -> NoReturn:
        """Answer until the tests have ended."""
        self._joined = reader, writer
        self._send(writer, b"H" + bytes([VERSION]))
        while question := _frame(reader):
            self._is_calling = True
            answer = self.answer(question)
            with self._asked:  # no other thread waits for an answer of the tests
                self._is_calling = False
                if answer:
                    self._send(writer, answer)
        _leave()

    def _send(self, writer: int, content: bytes) -> None:
        left = memoryview(self._size(len(content)) + content)
        while left:
            left = left[os.write(writer, left) :]

    def answer(self, question: bytes) -> bytes:
        """The answer to one question; empty if it has none."""
        decoder = self._decoder(question)
        kind = decoder.take(1)
        if kind == b"L":
            self._is_live, self._reported = True, Exception
            self._encoded = self._encoder.whole
            kind = decoder.take(1)
        if kind == b"D":
            return b""
        if kind == b"G":
            return self._read(decoder)
        if kind == b"I":
            return self._next_items(decoder.number(), decoder.number())
        if kind == b"M":
            target = self._objects[decoder.number()]
            function = self._member(target, decoder.text())
        else:
            function = self._named(decoder.text())
        return self._call(function, decoder.value(), decoder.value())

    def _decoder(self, data: bytes) -> Any:
        rebuilt = {
            "lent": self._lent.object,
            "named": _lent.named,
            "error": self._error,
            "bound": self._bound,
        }
        return self._values.Decoder(
            data, handle=self._objects.__getitem__, record=self._record, rebuilt=rebuilt
        )

    def _ask_back(self, number: int, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Call something that the tests have lent; they may ask something else before they answer."""
        arguments = [*positional, *named.values()]
        with self._asked:
            if not self._is_calling:
                raise RuntimeError("the call for which the tests lent this has ended")
            content = self._size(number) + self._text(name) + self._encoded(list(positional))
            self._send(self._joined[1], b"Q" + content + self._encoded(named) + self._printed())
            while (answer := _frame(self._joined[0]))[:1] not in (b"R", b"E"):
                if found := self.answer(answer):
                    self._send(self._joined[1], found)
        decoder = self._decoder(answer)
        kind, value = decoder.take(1), decoder.value()
        for _ in range(decoder.number()):
            self._values.update(arguments[decoder.number()], decoder.value())
        if kind == b"E":
            raise value
        return value

    def _error(self, found: dict[str, Any]) -> BaseException:
        error: BaseException = self._values.error_of(found, _class_of_error)
        if found["lent"] is not None:
            self._lent_errors[id(error)] = found["lent"], error
        return error

    def _bound(self, place: tuple[int, str]) -> Any:
        return getattr(self._objects[place[0]], place[1])

    def _parts_of(self, error: BaseException) -> dict[str, Any]:
        number, _ = self._lent_errors.get(id(error), (None, None))
        parts: dict[str, Any] = self._values.error_parts(error, self._kind)
        return {**parts, "lent": number}

    def _next_items(self, number: int, count: int) -> bytes:
        iterating = self._iterators.setdefault(number, _iterating.Iterating(self._objects[number]))
        return self._returned(iterating.read(count, self._argument), [], [])

    def _rest(self, encoder: Any, value: Any, depth: int) -> bytes | None:
        """Something that is no value: the tests may ask for more of it."""
        if not self._is_live:
            return None
        if isinstance(value, BaseException):
            return bytes(encoder.named("error", self._parts_of(value), depth))
        if (number := self._lent.number_of(value)) is not None:
            return bytes(encoder.named("lent", number, depth))
        if isinstance(value, Iterator):
            return bytes(encoder.named("remote iterator", self._number(value), depth))
        if value is NotImplemented:
            return None
        return b"h" + self._size(self._number(value))

    def _named(self, name: str) -> Callable[..., Any]:
        try:
            found = self._space[name]
        except KeyError:
            return _raising(NameError(f"name {name!r} is not defined"))
        return found  # type: ignore[no-any-return]

    def _unread(self, iterator: Any, count: int) -> None:
        """The tests have not used the last items of an iterator, so it goes on with them."""
        number = self._number(iterator)
        left = self._iterators.pop(number).read_last[-count:]
        self._objects[number] = again = _lent.unread(left, iterator)
        self._numbers[id(again)] = number
        self._kept.append(iterator)  # as long as its identity is known

    def _member(self, target: Any, name: str) -> Callable[..., Any]:
        """A method; special ones are what the operator or built-in function does."""
        if name == "__unread__":
            return functools.partial(self._unread, target)
        special = _SPECIAL.get(name)
        if name.startswith("__"):
            special = special or vars(operator).get(name)
        if special:
            return functools.partial(special, target)
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
                result = self._awaited(result)
        except self._reported as error:  # the tests decide about it
            return self._raised(error, arguments, before)
        return self._returned(result, arguments, before)

    def _awaited(self, result: Any) -> _Awaitable:
        """A coroutine is run here; the tests get something that they can await."""
        import asyncio

        async def wait() -> Any:
            return await result

        try:
            return _Awaitable("awaitable", asyncio.run(wait()))
        except Exception as error:
            if not self._is_live or isinstance(error, MemoryError):
                raise
            return _Awaitable("failing awaitable", error)

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
                value = b"K" + self._text(result.kind) + self._encoded(result.value)
            else:
                value = self._encoded(result)
        except (self._values.TooDeep, RecursionError):
            value = b"o" + self._text(type(result).__name__)
        except Exception as error:  # noqa: BLE001 - raised by an iterator of the candidate
            return self._raised(error, arguments, before)
        return b"R" + value + self._tail(arguments, before)

    def _raised(self, error: BaseException, arguments: list[Any], before: list[bytes]) -> bytes:
        if isinstance(error, MemoryError):
            raise error
        told = map(self._text, (self._kind(error), _message(error), _trace(error)))
        more = self._more_of(error) if self._is_live else b""
        return b"E" + b"".join(told) + more + self._tail(arguments, before)

    def _more_of(self, error: BaseException) -> bytes:
        """What tests in Python may ask an error for; nothing of one that cannot be looked into."""
        try:
            return self._encoded(self._parts_of(error))
        except Exception:  # noqa: BLE001 - the candidate's error may have any attributes
            return self._encoded(None)

    def _kind(self, error: BaseException) -> str:
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
        return b"".join([self._size(len(changed)), *changed, self._printed()])

    def _printed(self) -> bytes:
        """What was printed since it was last asked for."""
        streams = (sys.stdout, sys.stderr)
        return b"".join(self._text(stream.taken() if isinstance(stream, _Echo) else "") for stream in streams)

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

    def _record(self, name: str) -> Any:
        return self._space[name]

    def _number(self, value: Any) -> int:
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._numbers) + 1
            self._objects[self._numbers[id(value)]] = value
        return self._numbers[id(value)]


_UNCHANGING = frozenset({int, float, str, bool, bytes, type(None), complex, range})
_SPECIAL: dict[str, Callable[..., Any]] = {
    "__contains__": lambda target, item: item in target,
    "__setattr__": setattr,
    "__delattr__": delattr,
    "__deepcopy__": copy.deepcopy,
    "__copy__": copy.copy,
    "__call__": operator.call,
    "__index__": operator.index,
    **{
        f"__{function.__name__}__": function
        for function in (bool, iter, next, len, repr, str, format, hash, int, float, reversed)
    },
}
for _name in "add sub mul truediv floordiv mod pow and or xor lshift rshift matmul".split():  # noqa: SIM905
    _operator: Callable[[Any, Any], Any] = vars(operator)[f"__{_name}__"]
    _SPECIAL[f"__r{_name}__"] = lambda target, other, operator=_operator: operator(other, target)


def _class_of_error(name: str) -> type[Exception]:
    module, _, last = name.rpartition(".")
    with contextlib.suppress(Exception):
        found = getattr(importlib.import_module(module or "builtins"), last)
        if issubclass(found, Exception):
            return found  # type: ignore[no-any-return]
    return Exception


class _Awaitable:
    def __init__(self, kind: str, value: Any) -> None:
        self.kind, self.value = kind, value


def _message(error: BaseException) -> str:
    try:
        if len(error.args) == 1 and isinstance(error.args[0], str):
            return str.__str__(error.args[0])
        return str.__str__(str(error))
    except Exception:  # noqa: BLE001 - it is the candidate's
        return ""


def _trace(error: BaseException) -> str:
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
