"""Structures that a benchmark declares in C++: they travel by their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from crosstune.languages._shared.native import declarations
from crosstune.languages._shared.native.nodes import text_of
from crosstune.languages.cpp import _classes


@dataclass(frozen=True)
class Record:
    """Its qualified name, its fields, and the text of their types."""

    name: str
    fields: tuple[str, ...]
    types: str


def records(declaration: str, used: str) -> tuple[Record, ...]:
    """The structures whose names occur in ``used``, the text of types, or in another one's fields; a
    structure comes after those that it has. Classes with data that is not public, pointers or references are
    not among them."""
    root = declarations.root_of(declaration, "cpp")
    known = {each.name: each for each in _found(root)} if root else {}
    needed, waiting = list[Record](), [used]
    while waiting:
        words = set(re.findall(r"\w+", waiting.pop()))
        for each in known.values():
            if each.name.rpartition("::")[2] in words and each not in needed:
                needed.append(each)
                waiting.append(each.types)
    return tuple(reversed(needed))


def _found(root: Node) -> Iterator[Record]:
    for node, scope in _classes.found(root):
        is_plain = node.parent is not None and node.parent.type != "template_declaration"
        if is_plain and (record := _record("::".join((*scope, _classes.name_of(node))), node)):
            yield record
    for node in root.named_children:
        kind, named = (node.child_by_field_name(key) for key in ("type", "declarator"))
        is_plain = node.type == "type_definition" and kind is not None and kind.type == "struct_specifier"
        if is_plain and kind and named and (record := _record(text_of(named), kind)):
            yield record


def _record(name: str, node: Node) -> Record | None:
    body = node.child_by_field_name("body")
    if body is None or any(child.type == "base_class_clause" for child in node.children):
        return None
    public, fields, types = node.type == "struct_specifier", list[str](), list[str]()
    for child in body.named_children:
        if child.type == "access_specifier":
            public = text_of(child) == "public"
        if child.type != "field_declaration" or declarations.declarator_of(child) is not None:
            continue
        words = [text_of(each) for each in child.children]
        declarators = child.children_by_field_name("declarator")
        if "static" in words or not declarators:
            continue
        plain = all(each.type in ("field_identifier", "array_declarator") for each in declarators)
        if not public or not plain or "const" in words:
            return None
        fields += [re.split(r"[\s\[]", text_of(each))[0] for each in declarators]
        types.append(text_of(child.child_by_field_name("type")))
    return Record(name, tuple(fields), " ".join(types)) if fields else None


def values(found: Iterable[Record]) -> str:
    """How the structures are written and read."""
    text = ""
    for each in found:
        written = "".join(f' put_field("{name}"); crosstune::write(value.{name});' for name in each.fields)
        taken = "".join(f' take_field("{name}"); crosstune::read(value.{name});' for name in each.fields)
        size = f'"{each.name}", {len(each.fields)}'
        text += (
            f"namespace crosstune {{\ntemplate <> struct Value<::{each.name}> {{\n"
            f"  static void write(const ::{each.name} &value) {{ put_record({size});{written} }}\n"
            f"  static void read(::{each.name} &value) {{ take_record({size});{taken} }}\n}};\n}}\n"
        )
    return text
