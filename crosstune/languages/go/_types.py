"""Read Go's types from declarations, and write the code that exchanges values of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.parsing import decoded

if TYPE_CHECKING:
    from tree_sitter import Node

_BASIC = {
    **{name: name.capitalize() for name in ("int", "int8", "int16", "int32", "int64")},
    **{name: name.capitalize() for name in ("uint", "uint8", "uint16", "uint32", "uint64", "uintptr")},
    **{name: name.capitalize() for name in ("bool", "float32", "float64", "complex64", "complex128")},
    "string": "String",
    "error": "Error",
    "byte": "Uint8",
    "rune": "Int32",
}
_INNER = {"slice_type": ("element",), "array_type": ("element",), "map_type": ("key", "value")}
_LISTS = {"Int": "Ints", "Float64": "Float64s", "String": "Strings", "Uint8": "Bytes"}


class UnsupportedType(Exception):
    """Values of the type cannot be sent."""


@dataclass(frozen=True)
class GoType:
    """A type. ``reader`` and ``writer`` are expressions of functions that read a value from a message and
    write one: of the packages ``VALUES`` and ``DYNAMIC``, names to be replaced. ``is_dynamic``: they need the
    latter; ``changes``: a function may change what its caller sees of an argument of this type."""

    text: str
    reader: str
    writer: str
    is_dynamic: bool = False
    changes: bool = False


def read(node: Node, declared: Mapping[str, Node], objects: Collection[str] = ()) -> GoType:
    """
    Args:
        declared: the types that the benchmark declares, by name.
        objects: those whose objects stay in the candidate's process.

    Raises:
        UnsupportedType: values of the type cannot be sent.
    """
    if found := _object(node, objects):
        return found
    match node.type:
        case "type_identifier" if (name := text(node)) in _BASIC and name not in declared:
            found = GoType(name, f"VALUES.{_BASIC[name]}", f"VALUES.Put{_BASIC[name]}")
        case "parenthesized_type":
            found = read(node.named_children[0], declared, objects)
        case "slice_type":
            found = _slice(text(node), read(_child(node, "element"), declared, objects))
        case "array_type":
            found = _array(text(node), read(_child(node, "element"), declared, objects))
        case "map_type":
            key, value = (read(_child(node, name), declared, objects) for name in ("key", "value"))
            found = _map(text(node), key, value)
        case _:
            _check(node, declared, frozenset(), frozenset(objects))
            found = _dynamic(text(node), changes=True)
    return found


def _object(node: Node, objects: Collection[str]) -> GoType | None:
    """The type of an object, or of a pointer to one."""
    if node.type == "type_identifier" and (name := text(node)) in objects:
        return GoType(name, f"VALUES.ObjectValue[{name}]", f"VALUES.PutObjectValue[{name}]")
    if node.type == "pointer_type" and (name := text(node.named_children[0])) in objects:
        return GoType(f"*{name}", f"VALUES.Object[{name}]", f"VALUES.PutObject[{name}]")
    return None


def variadic(item: GoType) -> GoType:
    return _slice(f"[]{item.text}", item)


def text(node: Node) -> str:
    return decoded(node.text or b"")


def found(of: str) -> GoType:
    """An interface where another type is declared: what it holds is sent with its type's name."""
    return _dynamic(of, changes=True)


def _child(node: Node, field: str) -> Node:
    child = node.child_by_field_name(field)
    if child is None:
        raise UnsupportedType(text(node))
    return child


def _dynamic(of: str, *, changes: bool) -> GoType:
    reader = f"func(m *VALUES.Message) (v {of}) {{ DYNAMIC.Get(m, &v); return }}"
    writer = f"func(m *VALUES.Message, v {of}) {{ DYNAMIC.PutResult(m, &v) }}"
    return GoType(of, reader, writer, is_dynamic=True, changes=changes)


def _slice(of: str, item: GoType) -> GoType:
    if item.is_dynamic:
        return _dynamic(of, changes=True)
    name = _LISTS.get(item.reader.removeprefix("VALUES."))
    if name:
        return GoType(of, f"VALUES.{name}", f"VALUES.Put{name}", changes=True)
    reader = f"func(m *VALUES.Message) {of} {{ return VALUES.Slice(m, {item.reader}) }}"
    writer = f"func(m *VALUES.Message, v {of}) {{ VALUES.PutSlice(m, v, {item.writer}) }}"
    return GoType(of, reader, writer, changes=True)


def _array(of: str, item: GoType) -> GoType:
    if item.is_dynamic:
        return _dynamic(of, changes=item.changes)
    reader = f"func(m *VALUES.Message) (v {of}) {{ VALUES.Array(m, v[:], {item.reader}); return }}"
    writer = f"func(m *VALUES.Message, v {of}) {{ VALUES.PutArray(m, v[:], {item.writer}) }}"
    return GoType(of, reader, writer, changes=item.changes)


def _map(of: str, key: GoType, value: GoType) -> GoType:
    if key.is_dynamic or value.is_dynamic:
        return _dynamic(of, changes=True)
    reader = f"func(m *VALUES.Message) {of} {{ return VALUES.Map(m, {key.reader}, {value.reader}) }}"
    writer = f"func(m *VALUES.Message, v {of}) {{ VALUES.PutMap(m, v, {key.writer}, {value.writer}) }}"
    return GoType(of, reader, writer, changes=True)


def _check(node: Node, declared: Mapping[str, Node], inside: frozenset[str], objects: frozenset[str]) -> None:
    """
    Raises:
        UnsupportedType: values of the type cannot be sent.
    """
    name = text(node)
    if node.type == "type_identifier" and name in objects:
        raise UnsupportedType(name)
    if node.type == "type_identifier" and name in declared:
        if name not in inside:
            _check(declared[name], declared, inside | {name}, objects)
    elif node.type == "struct_type":
        _check_struct(node, declared, inside, objects)
    elif node.type in _INNER:
        for field in _INNER[node.type]:
            _check(_child(node, field), declared, inside, objects)
    elif node.type in ("pointer_type", "parenthesized_type"):
        _check(node.named_children[0], declared, inside, objects)
    elif name not in (*_BASIC, "any") and (node.type != "interface_type" or node.named_child_count):
        raise UnsupportedType(name)


def _check_struct(
    node: Node, declared: Mapping[str, Node], inside: frozenset[str], objects: frozenset[str]
) -> None:
    """A struct without a name must have no fields."""
    fields = [each for part in node.named_children for each in part.named_children]
    if fields and not inside:
        raise UnsupportedType(text(node))
    for each in fields:
        if each.type == "field_declaration":
            _check(_child(each, "type"), declared, inside, objects)
