"""Types as D writes them: ``Tuple!(string, int)[]``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages._arguments import ANY, BOOL, FLOAT, UNICODE, Shape, integer

_TOKEN = re.compile(r"[A-Za-z_][\w.]*|!|[(),\[\]]|\S")
_QUALIFIERS = ("const", "immutable", "in", "scope", "ref", "return", "inout")
_BITS = {"byte": 8, "short": 16, "int": 32, "long": 64, "ptrdiff_t": 64}
_SCALARS = {
    **{name: integer(bits) for name, bits in _BITS.items()},
    **{f"u{name}": integer(bits, signed=False) for name, bits in _BITS.items()},
    "size_t": integer(64, signed=False),
    "float": FLOAT,
    "double": FLOAT,
    "real": FLOAT,
    "bool": BOOL,
    "char": Shape("character", most=127),
    "dchar": Shape("character", most=0x10FFFF),
    "string": UNICODE,
    "wstring": UNICODE,
    "dstring": UNICODE,
}

_TEMPLATES = {"Algebraic": "value", "Nullable": "optional", "Tuple": "tuple"}


@dataclass(frozen=True)
class Parser:
    """Reads a type from its tokens."""

    tokens: tuple[str, ...]

    def type(self, at: int) -> tuple[Shape, int]:
        """The shape of the type that begins at a token, and where it ends.

        Raises:
            DataError: it is no type of values.
        """
        while self._is(at, *_QUALIFIERS):
            at += 1
        if self._is(at, "("):
            shape, at = self.type(at + 1)
            at += 1
        else:
            shape, at = self._named(at)
        while self._is(at, "["):
            shape, at = self._bracket(shape, at + 1)
        return shape, at

    def _is(self, at: int, *words: str) -> bool:
        return at < len(self.tokens) and self.tokens[at] in words

    def _named(self, at: int) -> tuple[Shape, int]:
        name = self.tokens[at] if at < len(self.tokens) else ""
        kind = _TEMPLATES.get(name.rpartition(".")[2])
        if kind and self._is(at + 1, "!"):
            parts, at = self._arguments(at + 2)
            return ANY if kind == "value" else Shape(kind, parts), at
        if name not in _SCALARS:
            raise DataError(f"a parameter of the type {name} cannot be given")
        return _SCALARS[name], at + 1

    def _arguments(self, at: int) -> tuple[tuple[Shape, ...], int]:
        if not self._is(at, "("):
            shape, at = self._named(at)
            return (shape,), at
        parts, at = list[Shape](), at + 1
        while not self._is(at, ")"):
            part, at = self.type(at)
            parts.append(part)
            if at < len(self.tokens) and re.match(r"[A-Za-z_]", self.tokens[at]):
                raise DataError("a tuple whose fields have names cannot be given")
            at += self._is(at, ",")
            if at >= len(self.tokens):
                raise DataError("a type that is not closed")
        return tuple(parts), at + 1

    def _bracket(self, item: Shape, at: int) -> tuple[Shape, int]:
        if self._is(at, "]"):
            is_text = item == _SCALARS["char"]
            return UNICODE if is_text else Shape("list", (item,)), at + 1
        if at < len(self.tokens) and self.tokens[at].isdigit():
            return Shape("list", (item,)), at + 2
        key, at = self.type(at)
        return Shape("map", (key, item)), at + 1


def parameters(text: str) -> tuple[Shape, ...]:
    """The shapes of the parameters between the parentheses of a function.

    Raises:
        DataError: one is of no type of values.
    """
    parser = Parser(tuple(_TOKEN.findall(text)))
    found, at = list[Shape](), 0
    while at < len(parser.tokens):
        shape, at = parser.type(at)
        found.append(shape)
        if at + 1 < len(parser.tokens) and parser.tokens[at + 1] != ",":
            raise DataError(f"the parameters {text} cannot be given")
        at += 2
    return tuple(found)
