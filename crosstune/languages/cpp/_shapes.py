"""The forms of values that parameters in C++ have, by the text of their types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from crosstune.errors import DataError
from crosstune.languages._arguments import BOOL, FLOAT, NOTHING, TEXT, Shape, integer
from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.languages._type_text import TypeText, parsed
from crosstune.languages.cpp import _records

_WORDS = frozenset({"signed", "unsigned", "short", "long", "int"})
_SCALARS = {
    "bool": BOOL,
    "char": Shape("character", most=127),
    "signed char": integer(8),
    "unsigned char": integer(8, signed=False),
    **dict.fromkeys(("ptrdiff_t", "ssize_t"), integer(64)),
    "size_t": integer(64, signed=False),
    **{f"int{bits}_t": integer(bits) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}_t": integer(bits, signed=False) for bits in (8, 16, 32, 64)},
    **dict.fromkeys(("float", "double", "long double"), FLOAT),
    **dict.fromkeys(("string", "string_view"), TEXT),
    "monostate": NOTHING,
}
_LISTS = frozenset({"vector", "deque", "list", "stack", "queue", "priority_queue", "array", "multiset"})
_SETS, _MAPS = frozenset({"set", "multiset"}), frozenset({"map", "multimap"})
_DROPPED = re.compile(r"\b(?:const|volatile|struct|enum|class|typename)\b|\bstd::|\b__restrict\b")


@dataclass(frozen=True)
class Types:
    """What a declaration defines: other names of types, structures, and the integers of enums, by names."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, _records.Record] = field(default_factory=dict)
    enums: Mapping[str, str] = field(default_factory=dict)

    def shape(self, text: str) -> Shape:
        """
        Raises:
            DataError: it is no type of values.
        """
        try:
            return self._shape(text)
        except (KeyError, ValueError, IndexError, RecursionError):
            shown = " ".join(text.split())
            raise DataError(f"a parameter of the type {shown} cannot be given") from None

    def _shape(self, text: str) -> Shape:
        """
        Raises:
            KeyError, ValueError, IndexError, RecursionError: it is no type of values.
        """
        plain = _DROPPED.sub(" ", text)
        if "(" in plain:
            raise ValueError(text)
        shape = self._of(parsed(plain))
        return (
            replace(shape, kind="optional", parts=(shape,)) if "*" in plain and shape is not TEXT else shape
        )

    def _of(self, kind: TypeText) -> Shape:
        """
        Raises: see `_shape`.
        """
        if kind.name == "char" and "*" in kind.marks:
            return TEXT
        if any(each.startswith("[") for each in kind.marks):
            raise ValueError(kind.name)
        name = kind.name.rpartition("::")[2]
        if not kind.arguments:
            return self._named(kind.name, name)
        if name in _LISTS:
            return Shape("list", (self._of(kind.arguments[0]),))
        count = 2 if name.removeprefix("unordered_") in _MAPS else 1
        many = name in ("pair", "tuple", "variant")
        return _made_of(name, tuple(map(self._of, kind.arguments if many else kind.arguments[:count])))

    def _named(self, text: str, name: str) -> Shape:
        """
        Raises: see `_shape`.
        """
        if name in self.aliases:
            return self._shape(self.aliases[name])
        if name in self.enums:
            return self._shape(self.enums[name])
        if name in self.records:
            record = self.records[name]
            parts = tuple(map(self._field, record.kinds))
            return Shape("record", parts, name=record.name, fields=record.fields)
        return _number(text)

    def _field(self, kind: str) -> Shape:
        """
        Raises: see `_shape`.
        """
        inner = kind.removesuffix("[]")
        return self._shape(kind) if inner == kind else Shape("list", (self._field(inner),))


def types_of(root: Node | None) -> Types:
    """What a declaration, which has this syntax tree, defines."""
    if root is None:
        return Types()
    aliases, enums = dict[str, str](), dict[str, str]()
    for node in descendants(root, lambda each: each.type != "compound_statement"):
        kind, name = (text_of(node.child_by_field_name(each)) for each in ("type", "name"))
        declarator = node.child_by_field_name("declarator")
        if node.type == "alias_declaration":
            aliases[name] = kind
        elif node.type == "type_definition" and declarator is not None:
            if declarator.type in ("type_identifier", "pointer_declarator") and "{" not in kind:
                aliases[text_of(declarator).lstrip("* ")] = f"{kind}{'*' * text_of(declarator).count('*')}"
        elif node.type == "enum_specifier" and name:
            enums[name] = text_of(node.child_by_field_name("base")) or "int"
    records = {each.name.rpartition("::")[2]: each for each in _records.all_of(root)}
    return Types(aliases, records, enums)


def _number(name: str) -> Shape:
    """
    Raises:
        KeyError: it is no name of a scalar type.
    """
    words = name.split()
    if words and _WORDS.issuperset(words):
        bits = 64 if "long" in words else 16 if "short" in words else 32
        return integer(bits, signed="unsigned" not in words)
    return _SCALARS[name]


def _made_of(name: str, parts: tuple[Shape, ...]) -> Shape:
    if name in ("pair", "tuple"):
        return Shape("tuple", parts)
    if name in ("optional", "variant"):
        return Shape(name, parts, name=name)
    plain = name.removeprefix("unordered_")
    if plain in _SETS:
        inner = Shape("set", parts[:1])
    elif plain in _MAPS:
        inner = Shape("map", parts[:2])
    else:
        raise ValueError(name)
    return inner if plain == name else Shape("unordered", (inner,), name="unordered")
