"""Types whose objects stay in the candidate's process: those that a benchmark asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages.rust._source import Item, below, items, words
from crosstune.languages.rust._types import NoValue, Type

if TYPE_CHECKING:
    from tree_sitter import Node

FUNCTIONS = frozenset({"function_item", "function_signature_item"})
OPERATIONS = frozenset({"Clone", "PartialEq", "Eq", "PartialOrd", "Ord", "Debug", "Default"})
"""The traits that what stands for an object can have where the declaration derives them."""
_USUAL = frozenset({"Clone", "PartialEq", "Debug"})
_OWNERS = frozenset({"Option", "Result", "Vec", "()", "Box", "[;]", "VecDeque", "LinkedList"})
_MAPS = frozenset({"HashMap", "BTreeMap"})
_STOPS = frozenset({"todo", "unimplemented", "panic"})


@dataclass(frozen=True)
class Object:
    """A type whose objects stay. ``operations`` are the traits that it derives; where the candidate alone
    defines it, those that it may have."""

    name: str
    operations: frozenset[str] = _USUAL


@dataclass(frozen=True)
class Block:
    """An ``impl`` of the type ``owner``; ``trait`` is empty where it is of none."""

    node: Node
    owner: str
    trait: str = ""

    @property
    def items(self) -> Iterator[Item]:
        content = self.node.child_by_field_name("body")
        return items(content) if content else iter(())

    @property
    def functions(self) -> Iterator[Item]:
        return (item for item in self.items if item.node.type in FUNCTIONS)


def blocks(root: Node) -> Iterator[Block]:
    """All that are of types without parameters."""
    for item in items(root):
        kind = item.node.child_by_field_name("type") if item.node.type == "impl_item" else None
        if kind and kind.type == "type_identifier":
            trait = item.node.child_by_field_name("trait")
            yield Block(item.node, words(kind), words(trait) if trait else "")


def of(root: Node, entry_points: Collection[str]) -> dict[str, Object]:
    """The types that a declaration asks for, by name: entry points are named like them or their methods, or a
    method of theirs has no body yet."""
    functions = {item.name for item in items(root) if item.node.type in FUNCTIONS}
    asked = {each.partition("::")[0] for each in entry_points}
    methods = set(entry_points) - functions
    kinds = {item.name: item for item in items(root) if item.node.type in ("struct_item", "enum_item")}
    found = asked & kinds.keys()
    for block in blocks(root):
        if block.owner in asked or any(
            is_open(each.node) or each.name in methods for each in block.functions
        ):
            found.add(block.owner)
    generic = {name for name, item in kinds.items() if item.node.child_by_field_name("type_parameters")}
    aliases = {item.name for item in items(root) if item.node.type in ("trait_item", "type_item")}
    return {name: _object(name, kinds.get(name)) for name in sorted(found - generic - aliases)}


def _object(name: str, declared: Item | None) -> Object:
    if declared is None:
        return Object(name)
    derived = {
        words(each)
        for attribute in declared.attributes
        for each in below(attribute)
        if each.type == "identifier"
    }
    return Object(name, frozenset(OPERATIONS & derived) | {"Debug"})


def by_value(root: Node) -> set[str]:
    """The types whose tests may make and look at their values: enums, and structs whose fields are public."""
    found = set()
    for item in items(root):
        content = item.node.child_by_field_name("body")
        parts = content.named_children if content and item.node.type == "struct_item" else []
        fields = [each for each in parts if each.type == "field_declaration"]
        is_public = [any(part.type == "visibility_modifier" for part in each.children) for each in fields]
        if item.node.type == "enum_item" or (fields and all(is_public)):
            found.add(item.name)
    return found


def is_open(function: Node) -> bool:
    """Whether a function has no body yet, or one that only panics."""
    content = function.child_by_field_name("body")
    statements = [each for each in content.named_children if "comment" not in each.type] if content else []
    if len(statements) == 1:
        only = statements[0]
        only = only.named_children[0] if only.type == "expression_statement" else only
        return only.type == "macro_invocation" and words(only.children[0]) in _STOPS
    return not statements


def mentions(function: Node, names: Collection[str]) -> bool:
    """Whether a parameter or the result is of one of these types."""
    parts = (function.child_by_field_name(name) for name in ("parameters", "return_type"))
    return any(
        each.type == "type_identifier" and words(each) in names
        for part in parts
        if part
        for each in below(part)
    )


def check(found: Type) -> None:
    """
    Raises:
        NoValue: an object is in something that does not own it.
    """
    if found.name in ("&", "&mut") and found.arguments[0].is_object:
        return
    _check_inner(found)


def _check_inner(found: Type) -> None:
    if found.is_object or not found.holds_objects:
        return
    in_key = found.name in _MAPS and found.arguments[0].holds_objects
    if found.name not in _OWNERS | _MAPS or in_key:
        raise NoValue(found.text())
    for each in found.arguments:
        _check_inner(each)
