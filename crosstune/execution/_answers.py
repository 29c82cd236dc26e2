"""Answers of a candidate's server, read in the judge's own process: see docs/values.md.

Whatever a candidate sends, reading it takes time and memory in proportion to what is expected, and to the
frame, which is at most 16 MiB long.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from crosstune.execution._conversation import TooLong
from crosstune.execution._standard_values import ARGUMENT, Argument, Made, Unlike, made
from crosstune.languages import Likeness

_DEEPEST = 200
_MANY = 16
"""So many numbers of one kind are read at once."""
_MOST_INTEGER_BYTES = 1 << 16
_MOST_SKIPPED = 1 << 21
"""More values than that in arguments that nobody compares are too much to look at."""
_U32, _I64, _F64 = (struct.Struct(each) for each in (">I", ">q", ">d"))


class Malformed(Exception):
    """Bytes that are no answer."""


class TooLarge(Exception):
    """A value that has more parts than any that could be right."""


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a set, in any order, perhaps repeated."""

    items: list[Any]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The keys and values of a map, in any order, keys perhaps repeated."""

    pairs: list[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of a type that the benchmark declares."""

    name: str
    values: dict[str, Any]


@dataclass(slots=True)
class Answer:
    """``kind``, ``message`` and ``trace`` are those of an error, if ``raised``; else there is a ``result``,
    where the frame has it ``at``, unless it is too large to be read (not ``complete``). ``changed`` are those
    arguments that changed."""

    raised: bool = False
    kind: str = ""
    message: str = ""
    trace: str = ""
    result: Any = None
    at: int = 0
    complete: bool = True
    changed: dict[int, Any] = field(default_factory=dict)
    stdout: str = ""
    stderr: str = ""


class Reader:
    """Reads values from the frame ``data``, as many as there are ``left``."""

    def __init__(self, data: bytes, likeness: Likeness, left: int) -> None:
        self.data, self.at, self.left = data, 0, left
        self._likeness = likeness

    def take(self, size: int) -> bytes:
        begin, self.at = self.at, self.at + size
        if self.at > len(self.data):
            raise Malformed("it ends too early")
        return self.data[begin : self.at]

    def number(self) -> int:
        return int(_U32.unpack(self.take(4))[0])

    def text(self) -> str:
        return self.take(self.number()).decode("utf-8", "surrogatepass")

    def shown_text(self) -> str:
        """A text that is only shown."""
        return self.take(self.number()).decode("utf-8", "replace")

    def end(self) -> None:
        if self.at != len(self.data):
            raise Malformed("something follows it")

    def value(self, depth: int = 0) -> Any:
        """
        Raises:
            Malformed: it is no value.
            TooLarge: more values than expected.
        """
        if depth > _DEEPEST:
            raise Malformed("it nests too deep")
        self.left -= 1
        if self.left < 0:
            raise TooLarge
        tag = self.take(1)
        if read := _READ.get(tag):
            return read(self, depth)
        raise Malformed("there is an unknown tag")

    def count(self, least: int = 1) -> int:
        """The number of values that follow, each of which has ``least`` parts."""
        count = self.number()
        if count * least > len(self.data) - self.at:
            raise Malformed("it has fewer items than it says")
        if count * least > self.left:
            raise TooLarge
        return count

    def items(self, depth: int) -> list[Any]:
        count = self.count()
        if count >= _MANY and (values := self._numbers(count)):
            return values
        return list(map(self.value, repeat(depth + 1, count)))

    def _numbers(self, count: int) -> list[Any]:
        """Many numbers of one kind; empty if they are not."""
        tag, part = self.data[self.at : self.at + 1], self.data[self.at : self.at + 9 * count]
        if tag not in (b"i", b"d") or len(part) != 9 * count or part[::9] != tag * count:
            return []
        parts = bytearray(8 * count)
        for at in range(8):
            parts[at::8] = part[at + 1 :: 9]
        self.at += 9 * count
        self.left -= count
        return list(struct.unpack(f">{count}{'q' if tag == b'i' else 'd'}", parts))

    def entries(self, depth: int) -> Pairs:
        inner = depth + 1
        return Pairs([(self.value(inner), self.value(inner)) for _ in range(self.count(2))])

    def integer(self, _depth: int) -> Any:
        data = self.take(self.number())
        if not data:
            raise Malformed("an integer without bytes")
        if len(data) > _MOST_INTEGER_BYTES:
            return Unlike(f"an integer of {len(data)} bytes")
        return int.from_bytes(data, "big", signed=True)

    def character(self, _depth: int) -> str:
        code = self.number()
        if code > 0x10FFFF:
            raise Malformed("a character beyond Unicode")
        return chr(code)

    def fields(self, depth: int) -> Fields:
        name = self.text()
        count = self.count(2)
        return Fields(name, {self.text(): self.value(depth + 1) for _ in range(count)})

    def other(self, depth: int) -> Any:
        name = self.text()
        parts = self.value(depth + 1)
        if isinstance(parts, Pairs | Items) and name in ARGUMENT:
            raise Malformed(f"it is no {name}")
        try:
            found = made(name, _parts(name, parts), self._likeness)
        except Exception:  # noqa: BLE001 - whatever it is, the parts are wrong
            raise Malformed(f"it is no {name[:40]}") from None
        if not isinstance(found, Made):
            return found
        if found.kind == "set":
            return Items(list(found.parts))
        return Pairs(list(found.parts))

    def promise(self, depth: int) -> Any:
        tag = self.take(1)
        if tag == b"R":
            return self.value(depth + 1)
        if tag != b"E":
            raise Malformed("there is an unknown tag")
        kind = self.text()
        self.text()
        self.text()
        return Unlike(f"a promise that was rejected with {kind[:60]}")

    def skip(self) -> None:
        """Pass over a value that is not compared."""
        self.left = _MOST_SKIPPED
        try:
            self.value()
        except TooLarge:
            raise TooLong from None


def _parts(name: str, parts: Any) -> Any:
    """Sets and maps as what the standard type ``name`` is made of."""
    if name in ("defaultdict", "ChainMap"):  # the map that they equal, and more
        parts, _ = parts
    return _plain(parts)


def _plain(parts: Any) -> Any:
    if isinstance(parts, Items):
        return Made("set", parts.items)
    return Made("map", parts.pairs) if isinstance(parts, Pairs) else parts


_READ: Mapping[bytes, Callable[[Reader, int], Any]] = {
    b"N": lambda _reader, _depth: None,
    b"U": lambda _reader, _depth: None,
    b"T": lambda _reader, _depth: True,
    b"F": lambda _reader, _depth: False,
    b"i": lambda reader, _depth: _I64.unpack(reader.take(8))[0],
    b"I": Reader.integer,
    b"d": lambda reader, _depth: _F64.unpack(reader.take(8))[0],
    b"c": Reader.character,
    b"s": lambda reader, _depth: reader.text(),
    b"b": lambda reader, _depth: reader.take(reader.number()),
    b"l": Reader.items,
    b"t": lambda reader, depth: tuple(reader.items(depth)),
    b"S": lambda reader, depth: Items(reader.items(depth)),
    b"m": Reader.entries,
    b"r": Reader.fields,
    b"K": Reader.other,
    b"P": Reader.promise,
    b"h": lambda reader, _depth: Unlike(f"object {reader.number()} of the candidate"),
    b"o": lambda reader, _depth: Unlike(f"an object of the type {reader.text()[:60]}"),
}


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """Reads the answers to one case: results that have at most ``parts`` values, and those of the arguments
    after the call if they are ``compared``."""

    likeness: Likeness
    parts: int
    compared: bool

    def begin(self, frame: bytes) -> tuple[Answer, Reader]:
        """The result or error alone; `finish` reads the rest.

        Raises:
            Malformed: the frame is no answer.
            TooLarge: the result has more values than expected.
        """
        reader = Reader(frame, self.likeness, self.parts)
        tag = reader.take(1)
        try:
            if tag == b"E":
                kind, message, trace = (reader.shown_text() for _ in range(3))
                return Answer(raised=True, kind=kind, message=message, trace=trace), reader
            if tag != b"R":
                raise Malformed("it is no answer")
            return Answer(result=reader.value(), at=1), reader
        except UnicodeDecodeError:
            raise Malformed("a text that is not UTF-8") from None

    def finish(self, answer: Answer, reader: Reader) -> None:
        """Read what follows the result.

        Raises: see `begin`.
            TooLong: an argument that is not compared has become too large.
        """
        wanted = answer.result.position if isinstance(answer.result, Argument) else -1
        try:
            count = reader.number()
            if count > 1 << 16:
                raise Malformed("it has too many arguments")
            for _ in range(count):
                position = reader.number()
                if position == wanted or self.compared:
                    reader.left = self.parts
                    answer.changed[position] = Unlike("a larger value")
                    answer.changed[position] = reader.value()
                else:
                    reader.skip()
            answer.stdout, answer.stderr = reader.shown_text(), reader.shown_text()
        except TooLarge:  # what follows is not read
            return
        except UnicodeDecodeError:
            raise Malformed("a text that is not UTF-8") from None
        reader.end()


def received(value: Any) -> Any:
    """A value of a case as a `Reader` reads it."""
    if isinstance(value, list | tuple):
        return type(value)(map(received, value))
    if isinstance(value, set | frozenset):
        return Items([received(each) for each in value])
    if isinstance(value, dict):
        return Pairs([(received(key), received(each)) for key, each in value.items()])
    return value


def handle_of(frame: bytes) -> int | None:
    """The handle of an object that was made; None if the answer is another one."""
    if len(frame) < 6 or frame[:2] != b"Rh":
        return None
    return int(_U32.unpack(frame[2:6])[0])
