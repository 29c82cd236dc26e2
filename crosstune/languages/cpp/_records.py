"""Structures that a benchmark declares in C++: they travel by their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from crosstune.languages._shared.native import declarations
from crosstune.languages._shared.native.nodes import text_of
from crosstune.languages.cpp import _classes


@dataclass(frozen=True)
class Record:
    """Its qualified name, its fields, and their types: an array has ``[]`` behind it."""

    name: str
    fields: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def types(self) -> str:
        return " ".join(self.kinds)


def records(declaration: str, used: str) -> tuple[Record, ...]:
    """The structures whose names occur in ``used``, the text of types, or in another one's fields; a
    structure comes after those that it has. Classes with data that is not public, pointers or references are
    not among them."""
    root = declarations.root_of(declaration, "cpp")
    known = {each.name: each for each in all_of(root)} if root else {}
    needed = dict[str, Record]()
    _add_needed(set(re.findall(r"\w+", used)), known, needed, frozenset())
    return tuple(needed.values())


def _add_needed(
    words: set[str], known: Mapping[str, Record], needed: dict[str, Record], around: frozenset[str]
) -> None:
    """Add the structures with these names, each after those that it has."""
    for each in known.values():
        if each.name.rpartition("::")[2] in words and each.name not in {*needed, *around}:
            _add_needed(set(re.findall(r"\w+", each.types)), known, needed, around | {each.name})
            needed[each.name] = each


def all_of(root: Node) -> Iterator[Record]:
    """All structures of a declaration whose fields are values."""
    for node, scope in _classes.found(root):
        if node.parent is not None and node.parent.type != "template_declaration":
            yield from _with_inner(node, scope)
    for node in root.named_children:
        kind, named = (node.child_by_field_name(key) for key in ("type", "declarator"))
        is_plain = node.type == "type_definition" and kind is not None and kind.type == "struct_specifier"
        if is_plain and kind and named and (record := _record(text_of(named), kind)):
            yield record


def _with_inner(node: Node, scope: tuple[str, ...]) -> Iterator[Record]:
    """A structure, after the public ones within it."""
    name, public = _classes.name_of(node), node.type == "struct_specifier"
    body = node.child_by_field_name("body")
    for child in body.named_children if body else ():
        if child.type == "access_specifier":
            public = text_of(child) == "public"
        kind = child.child_by_field_name("type") if child.type == "field_declaration" else None
        if (
            public
            and kind is not None
            and kind.type == "struct_specifier"
            and kind.child_by_field_name("body")
        ):
            yield from _with_inner(kind, (*scope, name))
    if record := _record("::".join((*scope, name)), node):
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
        kind = text_of(child.child_by_field_name("type"))
        types += [f"{kind}{'[]' * text_of(each).count('[')}" for each in declarators]
    return Record(name, tuple(fields), tuple(types)) if fields else None


def values(found: Iterable[Record]) -> str:
    """How the structures are written and read."""
    text = ""
    for each in found:
        written = "".join(f' put_field("{name}"); crosstune::write(value.{name});' for name in each.fields)
        taken = "".join(f' take_field("{name}"); crosstune::read(value.{name});' for name in each.fields)
        size = f'"{each.name}", {len(each.fields)}'
        held = ", ".join(f"decltype(::{each.name}::{name})" for name in each.fields)
        text += (
            f"namespace crosstune {{\ntemplate <> struct Value<::{each.name}> {{\n"
            f"  static void write(const ::{each.name} &value) {{ put_record({size});{written} }}\n"
            f"  static void read(::{each.name} &value) {{ take_record({size});{taken} }}\n}};\n"
            f"template <> struct Points<::{each.name}> : AnyPoints<{held}> {{}};\n}}\n"
        )
    return text
