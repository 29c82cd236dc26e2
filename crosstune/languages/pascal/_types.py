"""Types as Pascal's declarations write them, and how their values are read and written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from crosstune.errors import DataError
from crosstune.languages._arguments import ANY, BOOL, FLOAT, UNICODE, Shape, integer
from crosstune.languages.pascal import _source

_BITS = {"shortint": 8, "smallint": 16, "longint": 32, "int64": 64, "nativeint": 64}
_UNSIGNED = {
    "byte": 8,
    "word": 16,
    "longword": 32,
    "cardinal": 32,
    "dword": 32,
    "qword": 64,
    "nativeuint": 64,
}
_INTEGERS = {
    **{name: integer(bits) for name, bits in _BITS.items()},
    **{name: integer(bits, signed=False) for name, bits in _UNSIGNED.items()},
}
_FLOATS = ("double", "single", "real", "extended")
_TEXTS = ("string", "ansistring", "shortstring", "rawbytestring", "utf8string")
_ARRAYS = {
    "tstringarray": "string",
    "tstringdynarray": "string",
    "tintegerdynarray": "integer",
    "tdoubledynarray": "double",
    "tbooleandynarray": "boolean",
    "tint64dynarray": "int64",
}
_WIDE = re.compile(r"\{\$mode\s+(?:objfpc|delphi)", re.IGNORECASE)


@dataclass(frozen=True)
class Type:
    """``kind`` is ``integer``, ``unsigned``, ``float``, ``boolean``, ``text``, ``char``, ``variant``,
    ``list``, ``record``, ``map`` (TFPGMap) or ``dictionary``; ``name`` is what Pascal calls it, ``items`` are
    the types within."""

    kind: str
    name: str
    shape: Shape
    items: tuple[Type, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def has_list(self) -> bool:
        """Whether functions can change what their caller has, though the parameter is none by reference."""
        return self.kind in ("list", "map", "dictionary") or any(each.has_list for each in self.items)


@dataclass
class Types:
    """The types of a declaration: those that it defines (``own``, by their names in lower case)."""

    declaration: str
    own: dict[str, Type] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wide = bool(_WIDE.search(self.declaration))
        for name, tokens in _definitions(self.declaration):
            found = self._defined(name, tokens)
            if found is not None:
                self.own[name.lower()] = found

    def named(self, text: str) -> Type:
        """
        Raises:
            DataError: it is no type of values.
        """
        name = text.strip()
        key = name.lower()
        if key in self.own:
            return self.own[key]
        if key in _ARRAYS:
            return list_of(name, self.named(_ARRAYS[key]))
        found = self._scalar(key)
        if found is None:
            raise DataError(f"a value of the type {name} cannot be given")
        kind, shape = found
        return Type(kind, name, shape)

    def _scalar(self, key: str) -> tuple[str, Shape] | None:
        if key == "integer":
            return "integer", integer(32 if self._wide else 16)
        if key in _INTEGERS:
            return ("unsigned" if key in _UNSIGNED else "integer"), _INTEGERS[key]
        if key in _FLOATS:
            return "float", FLOAT
        if key in _TEXTS:
            return "text", UNICODE
        plain = {"boolean": BOOL, "char": Shape("character", most=127), "variant": ANY}
        return (key, plain[key]) if key in plain else None

    def _defined(self, name: str, words: list[str]) -> Type | None:
        """The type that follows a name and ``=``; None if its values cannot be given."""
        lower = [each.lower() for each in words]
        try:
            if lower[:2] == ["array", "of"]:
                return list_of(name, self.named("".join(words[2:])))
            if lower[0] in ("record", "packed"):
                return self._record(name, words[lower.index("record") + 1 : -1])
            if "tfpgmap" in lower or "tdictionary" in lower:
                begin, comma, end = (lower.index(each) for each in ("<", ",", ">"))
                parts = (
                    self.named("".join(words[begin + 1 : comma])),
                    self.named("".join(words[comma + 1 : end])),
                )
                kind = "map" if "tfpgmap" in lower else "dictionary"
                return Type(kind, name, Shape("map", tuple(each.shape for each in parts)), parts)
            return self.named("".join(words))
        except (DataError, ValueError):
            return None

    def _map(self, name: str, words: list[str], kind: str) -> Type:
        begin, comma, end = (words.index(each) for each in ("<", ",", ">"))
        parts = tuple(
            self.named("".join(part)) for part in (words[begin + 1 : comma], words[comma + 1 : end])
        )
        return Type(kind, name, Shape("map", tuple(each.shape for each in parts)), parts)

    def _record(self, name: str, words: list[str]) -> Type:
        names, kinds = list[str](), list[Type]()
        for group in " ".join(words).split(";"):
            left, colon, kind = group.partition(":")
            if colon:
                for each in left.split(","):
                    names.append(each.strip())
                    kinds.append(self.named(kind.replace(" ", "")))
        shape = Shape("record", tuple(each.shape for each in kinds), name, fields=tuple(names))
        return Type("record", name, shape, tuple(kinds), tuple(names))


def list_of(name: str, item: Type) -> Type:
    return Type("list", name, Shape("list", (item.shape,)), (item,))


def _definitions(declaration: str) -> Iterator[tuple[str, list[str]]]:
    """The names that ``type`` defines, each with the tokens of its type."""
    found = _source.tokens(declaration)
    words = [declaration[each.begin : each.end] for each in found]
    at, inside = 0, False
    while at < len(words):
        word = words[at].lower()
        if word in ("type", "var", "const", "function", "procedure", "begin"):
            inside = word == "type"
        elif inside and at + 1 < len(words) and words[at + 1] == "=":
            end = _end(words, at + 2)
            yield words[at], words[at + 2 : end]
            at = end
        at += 1


def _end(words: list[str], at: int) -> int:
    """The semicolon that ends the type which begins there."""
    depth = 0
    while at < len(words) and (depth or words[at] != ";"):
        depth += (words[at].lower() == "record") - (words[at].lower() == "end")
        at += 1
    return at


@dataclass(frozen=True)
class Conversions:
    """Procedures that read and write the values of all types that functions use."""

    done: dict[str, str] = field(default_factory=dict)

    def need(self, kind: Type) -> None:
        for each in kind.items:
            self.need(each)
        if kind.kind in _COMPOUND and kind.name.lower() not in self.done:
            self.done[kind.name.lower()] = _COMPOUND[kind.kind](kind)

    def text(self) -> str:
        return "".join(self.done.values())


def read(kind: Type, target: str) -> str:
    """A statement that reads a value."""
    if kind.kind in _COMPOUND:
        return f"ct_read_{kind.name}({target});"
    return f"{target} := crosstune_{kind.kind};"


def written(kind: Type, value: str) -> str:
    """A statement that writes a value."""
    return (
        f"ct_write_{kind.name}({value});"
        if kind.kind in _COMPOUND
        else f"crosstune_put_{kind.kind}({value});"
    )


def _procedures(kind: Type, reading: str, writing: str, variables: str) -> str:
    return (
        f"procedure ct_read_{kind.name}(var v: {kind.name});\nvar {variables}\nbegin\n{reading}end;\n"
        f"procedure ct_write_{kind.name}(const v: {kind.name});\nvar {variables}\nbegin\n{writing}end;\n"
    )


def _of_list(kind: Type) -> str:
    (item,) = kind.items
    reading = (
        "  count := crosstune_count;\n  SetLength(v, count);\n"
        f"  for place := 0 to count - 1 do begin {read(item, 'v[place]')} end;\n"
    )
    writing = (
        "  count := Length(v);\n  crosstune_put_count('l', count);\n"
        f"  for place := 0 to count - 1 do begin {written(item, 'v[place]')} end;\n"
    )
    return _procedures(kind, reading, writing, "place, count: Int64;")


def _of_record(kind: Type) -> str:
    pairs = list(zip(kind.fields, kind.items, strict=True))
    reads = "".join(f"  crosstune_field('{name}'); {read(each, f'v.{name}')}\n" for name, each in pairs)
    writes = "".join(
        f"  crosstune_put_name('{name}'); {written(each, f'v.{name}')}\n" for name, each in pairs
    )
    reading = f"  crosstune_tag; crosstune_field('{kind.name}'); crosstune_begin({len(pairs)});\n{reads}"
    head = f"  crosstune_put_tag('r'); crosstune_put_name('{kind.name}');\n"
    writing = f"{head}  crosstune_put_size({len(pairs)});\n{writes}"
    return _procedures(kind, reading, writing, "unused: Int64;")


def _of_map(kind: Type) -> str:
    key, item = kind.items
    reading = (
        f"  count := crosstune_count;\n  v := {kind.name}.Create;\n"
        f"  for place := 1 to count do begin {read(key, 'key')} {read(item, 'item')} v.Add(key, item); end;\n"
    )
    writing = (
        "  if v = nil then begin crosstune_put_tag('N'); exit; end;\n"
        "  crosstune_put_count('m', v.Count);\n"
        "  for place := 0 to v.Count - 1 do begin\n"
        f"    key := v.Keys[place]; item := v.Data[place];\n"
        f"    {written(key, 'key')} {written(item, 'item')}\n  end;\n"
    )
    return _procedures(kind, reading, writing, f"place, count: Int64; key: {key.name}; item: {item.name};")


def _of_dictionary(kind: Type) -> str:
    key, item = kind.items
    reading = (
        f"  count := crosstune_count;\n  v := {kind.name}.Create;\n"
        f"  for place := 1 to count do begin {read(key, 'key')} {read(item, 'item')} v.Add(key, item); end;\n"
    )
    writing = (
        "  if v = nil then begin crosstune_put_tag('N'); exit; end;\n"
        "  crosstune_put_count('m', v.Count);\n"
        f"  for key in v.Keys do begin item := v[key]; {written(key, 'key')} {written(item, 'item')} end;\n"
    )
    return _procedures(kind, reading, writing, f"place, count: Int64; key: {key.name}; item: {item.name};")


_COMPOUND: Mapping[str, Callable[[Type], str]] = {
    "list": _of_list,
    "record": _of_record,
    "map": _of_map,
    "dictionary": _of_dictionary,
}
