"""The tests' side of a separate process: functions that ask the candidate's process. See docs/values.md.

The sandbox loads this file by its path, without the rest of crosstune.
"""

from __future__ import annotations

import builtins
import collections
import sys
import types
from collections.abc import Callable
from typing import Any, NoReturn

_VERSION = 1
_MOST_BYTES = 16 << 20
_TRACE_CHARACTERS = 2000
_NOT_VALUES = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, type)
_MUTABLE = (list, dict, set, bytearray, collections.deque)

# Modules of the standard library whose exceptions tests expect, beside the built-in ones.
_MODULES_WITH_ERRORS = frozenset(
    "decimal json.decoder re statistics queue struct zlib csv binascii dataclasses numpy.linalg".split()  # noqa: SIM905
)

# How far an object is as good as one that the tests have made: not, as what contains values, or wholly.
_NOT_MADE, _CONTAINS, _MADE = range(3)


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
        self._encoder = values.Encoder(self._own)
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
        question = b"C" + self._values.text(name)

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
        ends: bool = False,
    ) -> Any:
        """Send a question with arguments; return the result or raise the error. ``made``: how far objects in
        the result are as good as those that the tests make; ``ends``: an error may end an iteration."""
        try:
            arguments = self._encoder.value(list(positional)) + self._encoder.value(named)
        except (self._values.TooDeep, RecursionError):
            self._fail_by_argument("runtime_error")
        return self._answered(question + arguments, [*positional, *named.values()], made, ends)

    def _answered(self, question: bytes, arguments: list[Any], made: int, ends: bool = False) -> Any:
        data = self._receive(question)
        decoder = self._values.Decoder(
            data, record=self._record, handle=lambda number: Remote(self, number, made)
        )
        try:
            kind = decoder.take(1)
            answer = decoder.value() if kind == b"R" else self._error(kind, decoder)
            changes = [(decoder.number(), decoder.value()) for _ in range(decoder.number())]
            printed = decoder.text(), decoder.text()
            decoder.end()
            for position, value in changes:
                update(arguments[position], value)
        except Exception:  # noqa: BLE001 - whatever it is, the candidate's process has sent it
            self._fail("failed policy")
        for stream, text in zip((sys.stdout, sys.stderr), printed, strict=True):
            if text:
                stream.write(text)
        self._has_answered = True
        self._passes_results = self._passes_results or bool(changes) or kind == b"E"
        if kind == b"E":
            _raise(answer if ends else self._without_ending(answer))
        return answer

    def _without_ending(self, error: BaseException) -> BaseException:
        """The error, or another one where it would end a loop of the tests as if that had nothing left."""
        if not any(isinstance(error, getattr(builtins, name)) for name in self._endings):
            return error
        other = RuntimeError(f"the candidate raised {type(error).__name__}: {error}")
        other.add_note("\n".join(error.__notes__))
        return other

    def _error(self, kind: bytes, decoder: Any) -> BaseException:
        """
        Raises:
            Malformed: it is no error.
        """
        if kind != b"E":
            raise self._values.Malformed(f"the answer {kind!r}")
        name, message, trace = decoder.text(), decoder.text(), decoder.text()
        found = self._class_of_error(name)
        try:
            error = found(message)
        except Exception:  # noqa: BLE001 - some need other arguments
            error = found.__new__(found, message)
        error.add_note(trace[-_TRACE_CHARACTERS:])
        return error

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
        if isinstance(value, Method):  # the candidate may have one where others have a value
            return bytes(b"o" + self._values.text("method"))
        if type(value).__name__ in self._classes and (fields := self._values.fields_of(value)) is not None:
            return bytes(self._encoder.record(type(value).__name__, fields, depth))
        standard = isinstance(value, (int, float, str, bytes, list, tuple, set, dict, BaseException))
        if isinstance(value, _NOT_VALUES) or (type(value).__module__ == "__main__" and not standard):
            self._fail("unsupported")
        return None

    def _record(self, name: str, fields: dict[str, Any]) -> Any:
        kind = self._space[name] if name in self._classes else None
        if not isinstance(kind, type) or self._values.field_names(kind) is None:
            raise self._values.Malformed(f"no record {name[:40]!r}")
        return self._values.remade(kind, fields)

    def class_(self, name: str) -> type:
        """A class whose objects stay in the candidate's process."""
        question = b"N" + self._values.text(name)

        def new(_kind: type, *positional: Any, **named: Any) -> Any:
            return self.ask(question, positional, named, made=_MADE)

        return type(name, (), {"__new__": new, "__module__": "__main__"})

    def attribute(self, number: int, name: str) -> Any:
        question = b"G" + self._values.number(number) + self._values.text(name)
        found = self._answered(question, [], self._made(name))
        return self.method(number, name) if found is self._values.METHOD else found

    def method(self, number: int, name: str, *, owner_is_made: bool = True) -> Method:
        question = b"M" + self._values.number(number) + self._values.text(name)
        return Method(self, question, self._made(name) if owner_is_made else _NOT_MADE, name == "__next__")

    def _made(self, name: str) -> int:
        if name in self._members:
            return _MADE
        return _CONTAINS if f"{name} contains" in self._members else _NOT_MADE


class Method:
    """A method of an object in the candidate's process."""

    def __init__(self, candidate: Candidate, question: bytes, made: int, ends: bool) -> None:
        self._candidate, self._question = candidate, question
        self._made, self._ends = made, ends

    def __call__(self, *positional: Any, **named: Any) -> Any:
        return self._candidate.ask(self._question, positional, named, made=self._made, ends=self._ends)


class Remote:
    """An object in the candidate's process.

    Its operators are the candidate's code, so tests get only those that they use on objects which they have
    made: an object where they expect a value would otherwise equal whatever its class says. One that is not
    ``made``, by the tests or where they expect an object, is never compared with a value, nor added to one.
    """

    def __init__(self, candidate: Candidate, number: int, made: int) -> None:
        object.__setattr__(self, "_crosstune_candidate", candidate)
        object.__setattr__(self, "_crosstune_number", number)
        object.__setattr__(self, "_crosstune_made", made)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._crosstune_candidate.attribute(self._crosstune_number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._crosstune_candidate.method(self._crosstune_number, "__setattr__")(name, value)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Remote) and other._crosstune_number == self._crosstune_number:
            return True
        needed = "eq" if isinstance(other, Remote) else "eq value"
        if not (self._crosstune_made == _MADE or isinstance(other, Remote)):
            return False
        if needed not in self._crosstune_candidate.operations:
            return False
        return self._crosstune_candidate.method(self._crosstune_number, "__eq__")(other) is True

    def __hash__(self) -> int:
        return int(self._crosstune_number)

    def __bool__(self) -> bool:
        """What it is worth to ``if``."""
        if "bool" not in self._crosstune_candidate.operations:
            return True
        return self._crosstune_candidate.method(self._crosstune_number, "__bool__")() is True

    def __repr__(self) -> str:
        return self._shown("repr")

    def __str__(self) -> str:
        return self._shown("str")

    def _shown(self, how: str) -> str:
        if how not in self._crosstune_candidate.operations:
            return f"<an object in the candidate's process, number {self._crosstune_number}>"
        return str(self._crosstune_candidate.method(self._crosstune_number, f"__{how}__")())


SPECIAL = """
len call contains getitem setitem delitem iter next lt le gt ge add radd sub rsub mul rmul
truediv rtruediv floordiv rfloordiv mod rmod pow rpow neg pos abs and rand or ror xor rxor invert
matmul lshift rshift enter exit int float index
"""
"""The special methods of objects in the candidate's process, beside those of `Remote`."""


_ALONE = frozenset("len call getitem setitem delitem iter next enter exit int float index".split())  # noqa: SIM905
"""Those that do not set an object beside a value, as comparisons and arithmetic do."""


def _special(name: str) -> Callable[..., Any]:
    def method(self: Remote, *arguments: Any) -> Any:
        beside_value = name not in _ALONE and not all(isinstance(each, Remote) for each in arguments)
        needed = _CONTAINS if name == "contains" else _MADE
        allowed = self._crosstune_made >= needed or not beside_value
        if name not in self._crosstune_candidate.operations or not allowed:
            raise TypeError(f"the candidate returned an object where the tests expect a value ({name})")
        made = self._crosstune_made == _MADE
        called = self._crosstune_candidate.method(self._crosstune_number, f"__{name}__", owner_is_made=made)
        return called(*arguments)

    method.__name__ = f"__{name}__"
    return method


for _name in SPECIAL.split():
    setattr(Remote, f"__{_name}__", _special(_name))


def update(old: Any, new: Any) -> None:
    """Change ``old``, an argument, into ``new``, its value after the call, as far as it can be changed."""
    if isinstance(old, list) and isinstance(new, list):
        old[:] = [_merged(old[at], value) if at < len(old) else value for at, value in enumerate(new)]
    elif isinstance(old, dict) and isinstance(new, dict):
        merged = {key: _merged(old.get(key), value) for key, value in new.items()}
        old.clear()
        old.update(merged)
    elif isinstance(old, set) and isinstance(new, set):
        old.clear()
        old.update(new)
    elif isinstance(old, collections.deque) and isinstance(new, collections.deque):
        old.clear()
        old.extend(new)
    elif isinstance(old, tuple) and isinstance(new, tuple):
        for before, after in zip(old, new, strict=False):
            _merged(before, after)
    elif isinstance(old, bytearray) and isinstance(new, bytearray):
        old[:] = new
    elif hasattr(old, "dtype") and type(old) is type(new) and old.shape == new.shape:
        old[...] = new
    elif hasattr(old, "__dict__") and type(old) is type(new) and not isinstance(old, Remote):
        old.__dict__.update(new.__dict__)


def _merged(before: Any, after: Any) -> Any:
    """The caller's own object, changed, if there is one of this type; otherwise the new value."""
    if type(before) is type(after) and isinstance(before, (*_MUTABLE, tuple)):
        if isinstance(before, tuple) and len(before) != len(after):
            return after
        update(before, after)
        return before if isinstance(before, _MUTABLE) or before == after else after
    return after


def _raise_in_candidate(error: BaseException) -> NoReturn:
    raise error


# A traceback that ends in the candidate's file shows that the tests did not raise it.
_raise: Callable[[BaseException], NoReturn] = types.FunctionType(
    _raise_in_candidate.__code__.replace(co_filename="candidate.py"), globals()
)
