"""What a benchmark declares: the functions that are asked for, and everything else that it gives."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crosstune.languages.rust import _functions, _methods, _objects, _records
from crosstune.languages.rust._functions import Function
from crosstune.languages.rust._objects import Object
from crosstune.languages.rust._records import Record
from crosstune.languages.rust._source import Item, Source, items, words
from crosstune.languages.rust._types import NoValue, TypeReader

if TYPE_CHECKING:
    from tree_sitter import Node

# A declaration may end where the function's body begins, or before.
_ENDS = ("", "\n}", "{}", ";", "\n}\n}", "{}\n}", ";\n}")
_FUNCTIONS = frozenset({"function_item", "function_signature_item"})
_TYPES = frozenset({"enum_item", "struct_item", "type_item", "union_item"})


@dataclass(frozen=True)
class Declaration:
    """``functions`` include those of its ``objects``, the types whose objects stay in the candidate's
    process. ``records`` are its own types that the functions take or return. ``why_shared``: why these
    functions cannot be called with values; empty if they can."""

    functions: tuple[Function, ...] = ()
    records: tuple[Record, ...] = ()
    objects: tuple[Object, ...] = ()
    why_shared: str = ""


@functools.lru_cache(maxsize=256)
def read(text: str, entry_points: tuple[str, ...]) -> Declaration:
    source = parsed(text)
    if source is None or source.root is None:
        return Declaration(why_shared="the declaration does not parse")
    objects = _objects.of(source.root, entry_points)
    found = {item.name: item.node for item in functions(source.root)}
    reader = reader_of(source.root)
    known = _records.records(source.root, reader)
    by_value = _objects.by_value(source.root) & known.keys() & objects.keys()
    objects = {name: each for name, each in objects.items() if name not in by_value}
    known = {name: each for name, each in known.items() if name not in objects}
    reader = replace(reader, records=frozenset(known), objects=frozenset(objects))
    try:
        names = _asked(found, objects, by_value, entry_points)
        declared = [_function(name, found, reader) for name in names]
        declared += _methods.declared(source.root, objects, reader)
        declared += _methods.of_values(source.root, by_value, entry_points, reader)
    except NoValue as error:
        return Declaration(why_shared=str(error))
    own = {(each.owner, each.trait) for each in declared}
    more = (each for one in objects.values() for each in _methods.derived(one))
    declared += [each for each in more if (each.owner, each.trait) not in own]
    types = (kind for each in declared for kind in (*each.parameters, each.result))
    return Declaration(tuple(declared), _records.used(known, types), tuple(objects.values()))


def _asked(
    found: dict[str, Node],
    objects: Collection[str],
    by_value: Collection[str],
    entry_points: tuple[str, ...],
) -> tuple[str, ...]:
    """The names of the functions that the candidate's process is asked for, without methods."""
    if objects or by_value:
        return tuple(
            name
            for name, node in found.items()
            if name in entry_points or _is_open(node) or _objects.mentions(node, objects)
        )
    # Some benchmarks have renamed the function in one language only.
    if found.keys().isdisjoint(entry_points):
        return tuple(name for name, node in found.items() if _is_open(node)) or entry_points
    return entry_points


def parsed(text: str) -> Source | None:
    """The declaration, completed where it ends before or in the body of its last function."""
    for end in _ENDS:
        source = Source.of(text + end)
        if source.root and not source.root.has_error:
            return source
    return None


def functions(root: Node) -> Iterator[Item]:
    return (item for item in items(root) if item.node.type in _FUNCTIONS)


def _is_open(function: Node) -> bool:
    """Whether the function has no body yet."""
    body = function.child_by_field_name("body")
    is_main = words(function.child_by_field_name("name") or function) == "main"
    return not is_main and (body is None or not body.named_child_count)


def reader_of(root: Node) -> TypeReader:
    aliases = {}
    own = frozenset(item.name for item in items(root) if item.node.type in _TYPES)
    for item in items(root):
        target = item.node.child_by_field_name("type")
        if item.node.type == "type_item" and target and not item.node.child_by_field_name("type_parameters"):
            aliases[item.name] = target
    return TypeReader(aliases, own)


def _function(name: str, found: dict[str, Node], reader: TypeReader) -> Function:
    """
    Raises:
        NoValue: it cannot be called with values; the message says why.
    """
    if name not in found:
        raise NoValue(f"{name} is not declared as a function")
    return _functions.read(name, found[name], reader)


def own_types(text: str, wanted: tuple[Function, ...]) -> tuple[Function, ...]:
    """The functions with the types of numbers that a candidate has in their place."""
    source = Source.of(text)
    if source.root is None:
        return wanted
    owners = frozenset(each.owner for each in wanted if each.owner)
    reader = replace(reader_of(source.root), objects=owners)
    found = {("", item.name): item.node for item in functions(source.root)}
    blocks = (each for each in _objects.blocks(source.root) if not each.trait)
    found |= {(block.owner, item.name): item.node for block in blocks for item in block.items}
    return tuple(_with_own_types(each, found.get((each.owner, each.name)), reader) for each in wanted)


def _with_own_types(function: Function, node: Node | None, reader: TypeReader) -> Function:
    if node is None or function.trait or function.by_value:
        return function
    reader = replace(reader, self_name=function.owner)
    try:
        nodes = _functions.parameters(function.name, node, of_type=function.owner)
        own = [reader.read(each) for each in nodes]
    except NoValue:
        return function
    if len(own) != len(function.parameters):
        return function
    pairs = zip(function.parameters, own, strict=True)
    parameters = tuple(declared.with_numbers_of(other) for declared, other in pairs)
    return replace(function, parameters=parameters, lifetimes="", conditions="")
