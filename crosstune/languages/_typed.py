"""Types and values that every language can write: for benchmarks that are made for any language.

A `ValueType` says what a value is, without a language. A language's `TypedSyntax` writes types, values and
the beginning of a function in that language; it is defined in the language's folder, in ``_typed.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

TypeKind = Literal[
    "none", "bool", "int", "long", "float", "str", "list", "tuple", "dict", "optional", "union"
]

_SCALARS = ("bool", "int", "long", "float", "str")


@dataclass(frozen=True, slots=True)
class ValueType:
    """The type of a value.

    ``items`` are the types inside: of the items (``list``), of each item (``tuple``), of keys and values
    (``dict``), of the value if there is one (``optional``), of the alternatives (``union``). A list of
    no known items has no ``items``. ``long`` is an integer that needs more than 32 bits.
    """

    kind: TypeKind
    items: tuple[ValueType, ...] = ()

    @property
    def is_scalar(self) -> bool:
        return self.kind in _SCALARS

    @property
    def item(self) -> ValueType:
        """The type of a list's items (integers if it is not known) or of an optional value."""
        return self.items[0] if self.items else INT

    @property
    def is_uniform(self) -> bool:
        """Whether all items of a tuple have one type."""
        return len(set(self.items)) == 1

    def parts(self) -> Iterator[ValueType]:
        """All types inside, the innermost first, and this one."""
        for each in self.items:
            yield from each.parts()
        yield self


NONE, BOOL, INT, LONG, FLOAT, STR = (ValueType(k) for k in ("none", "bool", "int", "long", "float", "str"))
EMPTY = ValueType("list")


def list_of(item: ValueType) -> ValueType:
    return ValueType("list", (item,))


_KINDS_OF: Mapping[type, tuple[TypeKind, ...]] = {
    bool: ("bool",),
    int: ("int", "long", "float"),
    float: ("float",),
    str: ("str",),
    list: ("list",),
    tuple: ("tuple", "list"),
    dict: ("dict",),
}
"""The kinds of type that a Python value can be of, the nearest first."""


def fitted(value: Any, kind: ValueType) -> Any:
    """``value`` as one of a type: fractions for integers among fractions, text for the keys of dictionaries
    that have text, lists for tuples of several lengths, and an empty text for an empty list."""
    if kind.kind in ("optional", "union"):
        inner = kind.item if kind.kind == "optional" else alternative(value, kind)
        return None if value is None else fitted(value, inner)
    if kind.kind in ("float", "str"):
        return float(value) if kind.kind == "float" else "" if value == [] else str(value)
    if kind.kind == "list":
        return [fitted(each, kind.item) for each in value]
    if kind.kind == "tuple":
        return tuple(fitted(each, item) for each, item in zip(value, kind.items, strict=True))
    if kind.kind == "dict" and kind.items:
        keys, items = kind.items
        return {fitted(key, keys): fitted(each, items) for key, each in value.items()}
    return value


def alternative(value: Any, union: ValueType) -> ValueType:
    """The type of a union that a value has.

    Raises:
        ValueError: it has none of them.
    """
    wanted = _KINDS_OF.get(type(value), ())
    found = [each for kind in wanted for each in union.items if each.kind == kind]
    if not found:
        raise ValueError(f"no alternative for {value!r}")
    return found[0]


def quoted(text: str) -> str:
    """A text in double quotes, with the escapes that C, Java, Go, Rust and JavaScript share."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(each, each) for each in text) + '"'


@dataclass(frozen=True, kw_only=True)
class Literals:
    """How a language writes values: call it with a value (see `fitted`) and its type.

    ``none`` is no value, ``some`` writes an optional one. ``items`` writes a list or a tuple of a type from
    its items, ``entries`` a dictionary from its keys and values. ``chosen`` writes a value of a union as one
    of an alternative.
    """

    none: str
    items: Callable[[list[str], ValueType], str]
    entries: Callable[[list[tuple[str, str]], ValueType], str]
    some: Callable[[str], str] = str
    chosen: Callable[[str, ValueType], str] = lambda text, _: text
    text: Callable[[str], str] = quoted
    number: Callable[[int | float, ValueType], str] = lambda value, _: repr(value)

    def __call__(self, value: Any, kind: ValueType) -> str:
        if kind.kind == "optional":
            return self.none if value is None else self.some(self(value, kind.item))
        if kind.kind == "union":
            chosen = alternative(value, kind)
            return self.chosen(self(value, chosen), chosen)
        if isinstance(value, list | tuple | dict):
            return self._container(value, kind)
        if isinstance(value, bool):
            return str(value).lower()
        return self.text(value) if isinstance(value, str) else self.number(value, kind)

    def _container(self, value: list[Any] | tuple[Any, ...] | dict[str, Any], kind: ValueType) -> str:
        if isinstance(value, dict):
            pairs = [(self._key(key, kind), self(each, kind.items[1])) for key, each in value.items()]
            return self.entries(pairs, kind)
        kinds = kind.items if kind.kind == "tuple" else (kind.item,) * len(value)
        return self.items([self(each, item) for each, item in zip(value, kinds, strict=True)], kind)

    def _key(self, key: Any, kind: ValueType) -> str:
        return self.text(key) if isinstance(key, str) else self(key, kind.items[0])


@dataclass(frozen=True, slots=True)
class Signature:
    """A function: its name, its parameters with their types, and the type of its result."""

    name: str
    parameters: tuple[tuple[str, ValueType], ...]
    result: ValueType


@dataclass(frozen=True, slots=True)
class Declared:
    """A function as a benchmark declares it: ``given`` (imports, types, helpers), ``doc`` (its comment) and
    ``head`` (its signature, as far as its body); ``end`` is what closes it after its body."""

    given: str
    doc: str
    head: str
    end: str

    @property
    def prompt(self) -> str:
        return f"{self.given}{self.doc}{self.head}"


@dataclass(frozen=True, kw_only=True)
class TypedSyntax:
    """How a language writes types, values and declarations.

    ``function_name`` and ``parameter_name`` turn a Python name into the usual one. ``literal`` writes a value
    (see `fitted`) as it is shown, ``argument`` as an argument, if that differs. ``declare(signature, doc,
    helper)`` writes the beginning of a function with its doc comment, after ``helper``, a function that is
    given. ``comment`` writes a doc comment. ``constants`` are the names of Python's constants in prose.
    ``one_number``: integers and fractions are one type. ``outputs`` are further arguments, for results.
    ``application`` writes a call from the function's name and its arguments.
    ``solutions`` are files in the language's folder with reference solutions, and helpers and tests of single
    problems (`crosstune.benchmarks.humaneval_replay._solutions`).
    """

    function_name: Callable[[str], str]
    parameter_name: Callable[[str], str]
    literal: Callable[[Any, ValueType], str]
    declare: Callable[[Signature, str, str], Declared]
    comment: Callable[[str], str]
    constants: Mapping[str, str] = field(default_factory=dict)
    argument: Callable[[Any, ValueType], str] | None = None
    one_number: bool = False
    outputs: Callable[[Signature], Sequence[str]] = lambda _: ()
    solutions: tuple[Path, ...] = ()
    application: Callable[[str, Sequence[str]], str] = lambda name, texts: f"{name}({', '.join(texts)})"

    def call(self, signature: Signature, arguments: Sequence[Any]) -> str:
        """A call with these arguments, as an example in a comment."""
        write = self.argument or self.literal
        pairs = zip(arguments, signature.parameters, strict=True)
        texts = [write(fitted(value, kind), kind) for value, (_, kind) in pairs]
        return self.application(signature.name, (*texts, *self.outputs(signature)))

    def shown(self, signature: Signature, value: Any) -> str:
        """A result, as an example in a comment."""
        return self.literal(fitted(value, signature.result), signature.result)


def block_comment(doc: str, indent: str = "", more: Sequence[str] = ()) -> str:
    """A comment from ``/**`` to its end, with ``more`` lines after the text."""
    lines = [*doc.replace("*/", "* /").splitlines(), *more]
    inside = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{inside}{indent} */\n"


def line_comment(doc: str, mark: str) -> str:
    return "".join(f"{mark} {line}".rstrip() + "\n" for line in doc.splitlines())


def without_keyword(name: str, keywords: Container[str]) -> str:
    """A parameter's name that is not a keyword of the language."""
    return f"{name}_" if name in keywords else name


def camel(name: str) -> str:
    """``find_zero`` as ``findZero``."""
    head, *rest = name.split("_")
    return head[:1].lower() + head[1:] + "".join(word[:1].upper() + word[1:] for word in rest)


def pascal(name: str) -> str:
    """``find_zero`` as ``FindZero``."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def snake(name: str) -> str:
    """``minSubArray`` as ``min_sub_array``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
