"""The tests' side of a separate process: functions that ask the candidate's process. See docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune.
"""

from __future__ import annotations

import builtins
import runpy
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

_VERSION = 1
_MOST_BYTES = 16 << 20
_TRACE_CHARACTERS = 2000
_remote, _lending = (
    types.SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name(f"_{name}.py"))))
    for name in ("remote", "lending")
)
Method, Remote, RemoteIterator = _remote.Method, _remote.Remote, _remote.RemoteIterator
_NOT_MADE: int = _remote.NOT_MADE
_CONTAINS: int = _remote.CONTAINS
_MADE: int = _remote.MADE
_MOST_TRACES = 8

# Modules of the standard library whose exceptions tests expect, beside the built-in ones.
_MODULES_WITH_ERRORS = frozenset(
    "decimal json.decoder re statistics queue struct zlib csv binascii dataclasses numpy.linalg".split()  # noqa: SIM905
)


class Ended(BaseException):
    """The tests cannot go on, because of what the candidate's process did."""


class Candidate:
    """Asks the candidate's process.

    ``exchange`` sends a message and returns the next one of the candidate's process after ``+``, or why there
    is none (see `TestsProcess`). ``values`` is the module `_values`; ``space`` has the tests' names. The
    ``records`` of ``tests`` are the names of those classes in it that the benchmark defines, ``operations``
    the special methods that may be used on objects in the candidate's process, ``members`` the functions,
    methods and attributes from which the tests expect such objects. ``passes_results``: the tests may pass on
    what the candidate has returned. ``endings``: the errors that end a loop of the tests without a word.

    ``report`` is why the tests could not go on; empty while they can. They may have caught `Ended`.
    """

    def __init__(
        self,
        values: Any,
        space: dict[str, Any],
        tests: Any,
        exchange: Callable[[bytes], bytes],
    ) -> None:
        self._values, self._space, self.exchange = values, space, exchange
        self._classes, self.operations = tests.records, tests.operations
        self._members, self._endings = tests.members, tests.endings
        self._passes_results, self._has_answered = tests.passes_results, False
        self._encoder = values.Encoder(self._own, self._rest, tests.records)
        self._lent: dict[int, tuple[int, Any]] = {}
        self._lent_by_number: list[Any] = []
        self._traces: list[tuple[BaseException, str]] = []
        self._is_answering = False
        self.report = ""
        if self._receive(b"") != b"H" + bytes([_VERSION]):
            self._fail("failed policy")

    def _fail(self, report: str) -> NoReturn:
        self.report = self.report or report
        raise Ended(report)

    def _fail_by_argument(self, status: str) -> NoReturn:
        """An argument is no value; it is the benchmark's own unless the candidate may have made it so."""
        candidates = self._passes_results and self._has_answered
        self._fail(f"failed {status}" if candidates else "unsupported")

    def _receive(self, message: bytes) -> bytes:
        """
        Raises:
            Ended: there is no answer.
        """
        if self.report:
            raise Ended(self.report)
        if len(message) > _MOST_BYTES:
            self._fail_by_argument("output_limit")
        got = self.exchange(message)
        if got[:1] != b"+":
            self._fail("failed output_limit" if got[:1] == b">" else "gone")
        return got[1:]

    def function(self, name: str) -> Callable[..., Any]:
        question = b"LC" + self._values.text(name)

        def stub(*positional: Any, **named: Any) -> Any:
            return self.ask(question, positional, named, made=self._made(name))

        stub.__name__ = stub.__qualname__ = name
        stub.__module__ = "__main__"
        return stub

    def ask(
        self,
        question: bytes,
        positional: tuple[Any, ...],
        named: dict[str, Any],
        *,
        made: int = _NOT_MADE,
        ends: type[BaseException] | None = None,
    ) -> Any:
        """Send a question with arguments; return the result or raise the error. ``made``: how far objects in
        the result are as good as those that the tests make; ``ends``: such an error may end a loop."""
        try:
            arguments = self._encoder.whole(list(positional)) + self._encoder.whole(named)
        except (self._values.TooDeep, RecursionError):
            self._fail_by_argument("runtime_error")
        return self._answered(question + arguments, [*positional, *named.values()], made, ends)

    def _answered(
        self, question: bytes, arguments: list[Any], made: int, ends: type[BaseException] | None = None
    ) -> Any:
        data = self._receive(question)
        while data[:1] == b"Q":
            data = self._receive(self._answer_back(data))
        decoder = self._decoder(data, made)
        try:
            kind = decoder.take(1)
            answer = decoder.value() if kind == b"R" else self._error(kind, decoder)
            changes = [(decoder.number(), decoder.value()) for _ in range(decoder.number())]
            printed = decoder.text(), decoder.text()
            decoder.end()
            for position, value in changes:
                self._values.update(arguments[position], value)
        except Exception:  # noqa: BLE001 - whatever it is, the candidate's process has sent it
            self._fail("failed policy")
        _print(printed)
        self._has_answered = True
        self._passes_results = self._passes_results or bool(changes) or kind == b"E"
        if kind == b"E":
            _raise(answer if ends and isinstance(answer, ends) else self._without_ending(answer))
        return answer

    def _decoder(self, data: bytes, made: int) -> Any:
        rebuilt = {
            "lent": self._lent_by_number.__getitem__,
            "error": self._remade,
            "failing awaitable": self._failing,
            "remote iterator": lambda number: RemoteIterator(self, number, made, self._values.update),
        }
        return self._values.Decoder(
            data, record=self._record, handle=lambda number: Remote(self, number, made), rebuilt=rebuilt
        )

    async def _failing(self, error: BaseException) -> NoReturn:
        """What raises once the tests await it."""
        self.throw(error)

    def _answer_back(self, data: bytes) -> bytes:
        """The answer to a question of the candidate's process: a call of something that the tests have lent.
        An assertion that fails there ends the tests, whatever the candidate would do about it."""
        decoder = self._decoder(data[1:], _NOT_MADE)
        try:
            target, name = self._lent_by_number[decoder.number()], decoder.text()
            positional, named = decoder.value(), decoder.value()
            printed = decoder.text(), decoder.text()
            decoder.end()
            function = _lending.member_of(target, name)
            arguments = [*positional, *named.values()]
        except Exception:  # noqa: BLE001 - whatever it is, the candidate's process has sent it
            self._fail("failed policy")
        _print(printed)
        before = [self._encoder.whole(each) for each in arguments]
        try:
            kind, value = b"R", function(*positional, **named)
        except AssertionError:
            raise
        except Exception as error:  # noqa: BLE001 - the candidate decides about it
            kind, value = b"E", error
        return self._answer_of(kind, value, before, arguments)

    def _answer_of(self, kind: bytes, value: Any, before: list[bytes], arguments: list[Any]) -> bytes:
        self._is_answering = True
        try:
            after = [self._encoder.whole(each) for each in arguments]
            changed = [at for at, old in enumerate(before) if after[at] != old]
            parts = [self._values.number(at) + after[at] for at in changed]
            return b"".join((kind, self._encoder.whole(value), self._values.number(len(changed)), *parts))
        except (self._values.TooDeep, RecursionError):
            self._fail_by_argument("runtime_error")
        finally:
            self._is_answering = False

    def items(self, number: int, count: int, made: int) -> tuple[list[Any], BaseException | None, list[Any]]:
        """The next items of an iterator, the error after them, and how former ones have changed."""
        question = b"LI" + self._values.number(number) + self._values.number(count)
        found = self._answered(question, [], made)
        try:
            items, error, changes = found
            pairs = [(int(at), value) for at, value in items]
            known = all(isinstance(at, int) and at >= 0 for at, _ in changes) and isinstance(items, list)
        except Exception:  # noqa: BLE001 - such as an item that nests too deep
            known = False
        if not known or not isinstance(error, BaseException | None):
            self._fail("failed runtime_error")
        return pairs, error, changes

    def throw(self, error: BaseException) -> NoReturn:
        """Raise an error of an iterator."""
        _raise(error if isinstance(error, StopIteration) else self._without_ending(error))

    def _without_ending(self, error: BaseException) -> BaseException:
        """The error, or another one where it would end a loop of the tests as if that had nothing left."""
        if not any(isinstance(error, getattr(builtins, name)) for name in self._endings):
            return error
        other = RuntimeError(f"the candidate raised {type(error).__name__}: {error}")
        self._traces += [(other, trace) for known, trace in self._traces if known is error]
        return other

    def explain(self, error: BaseException) -> None:
        """Add the candidate's own trace to an error that it has raised; tests never see it."""
        for known, trace in self._traces:
            if known is error:
                error.add_note(trace)

    def _error(self, kind: bytes, decoder: Any) -> BaseException:
        """
        Raises:
            Malformed: it is no error.
        """
        if kind != b"E":
            raise self._values.Malformed(f"the answer {kind!r}")
        name, message, trace = decoder.text(), decoder.text(), decoder.text()
        parts = decoder.value()
        if parts is None:
            parts = {"kind": name, "name": name, "message": message, "args": [message]}
            parts |= {"attributes": {}, "notes": [], "suppress": False, "lent": None}
        error = self._remade(parts)
        self._traces = [*self._traces[1 - _MOST_TRACES :], (error, trace[-_TRACE_CHARACTERS:])]
        return error

    def _remade(self, parts: dict[str, Any]) -> BaseException:
        """An error of the candidate; the tests' own, if they have raised it in what they have lent."""
        if parts.get("lent") is not None:
            error = self._lent_by_number[parts["lent"]]
            if isinstance(error, Exception):
                return error
        made: BaseException = self._values.error_of(parts, self._class_of_error)
        return made

    def _class_of_error(self, name: str) -> type[Exception]:
        """The class that is named so; the general one for those that neither the language nor the benchmark
        defines, since a runner of tests has errors by which tests are skipped."""
        module, _, last = name.rpartition(".")
        found: object = getattr(builtins, name, None)
        if name in self._classes:
            found = self._space.get(name)
        elif module in _MODULES_WITH_ERRORS:
            found = getattr(sys.modules.get(module), last, None)
        return found if isinstance(found, type) and issubclass(found, Exception) else Exception

    def _own(self, _encoder: Any, value: Any, depth: int) -> bytes | None:
        """An object that is no standard value: one that the candidate's process has, or of a class of the
        benchmark.

        Raises:
            Ended: it cannot be passed, and it is not from the candidate.
        """
        if isinstance(value, Remote):
            return bytes(b"h" + self._values.number(object.__getattribute__(value, "_crosstune_number")))
        if isinstance(value, self._values.Opaque):
            return bytes(b"o" + self._values.text(value.kind))
        if isinstance(value, Method):
            return bytes(self._encoder.named("bound", value.place, depth))
        if type(value).__name__ in self._classes and (fields := self._values.fields_of(value)) is not None:
            return bytes(self._encoder.record(type(value).__name__, fields, depth))
        return None

    def _rest(self, encoder: Any, value: Any, depth: int) -> bytes | None:
        """A function, an iterator, an error or another object of the tests.

        Raises:
            Ended: it is a module.
        """
        if isinstance(value, RemoteIterator):
            return bytes(b"h" + self._values.number(value.give_back()))
        if isinstance(value, BaseException):
            parts = self._values.error_parts(value, _lending.kind_of)
            return bytes(encoder.named("error", {**parts, "lent": self._lend(value)}, depth))
        if isinstance(value, types.ModuleType) and not self._is_answering:
            self._fail("unsupported")
        if path := _lending.path_of(value):
            return bytes(encoder.named("named", path, depth))
        shape = _lending.shape_of(value)
        return shape and bytes(encoder.named("lent", (self._lend(value), *shape), depth))

    def _lend(self, value: Any) -> int:
        if id(value) not in self._lent:
            self._lent[id(value)] = len(self._lent_by_number), value
            self._lent_by_number.append(value)
        return self._lent[id(value)][0]

    def _record(self, name: str) -> type:
        kind = self._space[name] if name in self._classes else None
        if not isinstance(kind, type) or self._values.field_names(kind) is None:
            raise self._values.Malformed(f"no record {name[:40]!r}")
        return kind

    def class_(self, name: str) -> type:
        """A class whose objects stay in the candidate's process."""
        question = b"LN" + self._values.text(name)

        def new(_kind: type, *positional: Any, **named: Any) -> Any:
            return self.ask(question, positional, named, made=_MADE)

        return type(name, (), {"__new__": new, "__module__": "__main__"})

    def attribute(self, number: int, name: str) -> Any:
        question = b"LG" + self._values.number(number) + self._values.text(name)
        found = self._answered(question, [], self._made(name), AttributeError)
        return self.method(number, name) if found is self._values.METHOD else found

    def method(self, number: int, name: str, *, owner_is_made: bool = True) -> Any:
        return Method(self, (number, name), self._made(name) if owner_is_made else _NOT_MADE)

    def call_method(self, place: tuple[int, str], made: int, arguments: Any, named: Any) -> Any:
        question = b"LM" + self._values.number(place[0]) + self._values.text(place[1])
        return self.ask(
            question, arguments, named, made=made, ends=StopIteration if place[1] == "__next__" else None
        )

    def _made(self, name: str) -> int:
        if name in self._members:
            return _MADE
        return _CONTAINS if f"{name} contains" in self._members else _NOT_MADE


def _print(printed: tuple[str, str]) -> None:
    """Print what the candidate has printed."""
    for stream, text in zip((sys.stdout, sys.stderr), printed, strict=True):
        if text:
            stream.write(text)


def _raise_in_candidate(error: BaseException) -> NoReturn:
    raise error


# A traceback that ends in the candidate's file shows that the tests did not raise it.
_raise: Callable[[BaseException], NoReturn] = types.FunctionType(
    _raise_in_candidate.__code__.replace(co_filename="candidate.py"), globals()
)
