"""What a benchmark declares: the functions that are asked for, and everything else that it gives."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crosstune.languages.rust import _records
from crosstune.languages.rust._records import Record
from crosstune.languages.rust._source import Item, Source, items, words
from crosstune.languages.rust._types import UNIT, NoValue, Type, TypeReader

if TYPE_CHECKING:
    from tree_sitter import Node

# A declaration may end where the function's body begins, or before.
_ENDS = ("", "\n}", "{}", ";")
_FUNCTIONS = frozenset({"function_item", "function_signature_item"})
_TYPES = frozenset({"enum_item", "struct_item", "type_item", "union_item"})


@dataclass(frozen=True)
class Function:
    """``lifetimes`` and ``conditions`` (its ``where`` clause) are text, with nothing but lifetimes in them;
    ``texts`` are the types of the parameters and of the result as they are declared."""

    name: str
    parameters: tuple[Type, ...]
    result: Type
    texts: tuple[str, ...]
    lifetimes: str = ""
    conditions: str = ""

    @property
    def changes(self) -> list[int]:
        """The positions of the parameters that a call may change."""
        return [at for at, each in enumerate(self.parameters) if each.name == "&mut"]


@dataclass(frozen=True)
class Declaration:
    """``records`` are its own types that the functions take or return. ``why_shared``: why these functions
    cannot be called with values; empty if they can."""

    functions: tuple[Function, ...] = ()
    records: tuple[Record, ...] = ()
    why_shared: str = ""


@functools.lru_cache(maxsize=256)
def read(text: str, entry_points: tuple[str, ...]) -> Declaration:
    source = parsed(text)
    if source is None or source.root is None:
        return Declaration(why_shared="the declaration does not parse")
    found = {item.name: item.node for item in functions(source.root)}
    reader = reader_of(source.root)
    names = entry_points
    if not found.keys() & set(names):  # some benchmarks have renamed the function in one language only
        names = tuple(name for name, node in found.items() if _is_open(node)) or names
    known = _records.records(source.root, reader)
    reader = replace(reader, records=frozenset(known))
    try:
        declared = tuple(_function(name, found, reader) for name in names)
    except NoValue as error:
        return Declaration(why_shared=str(error))
    types = (kind for each in declared for kind in (*each.parameters, each.result))
    return Declaration(declared, _records.used(known, types))


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
    node = found[name]
    if any(each.type == "function_modifiers" for each in node.children):
        raise NoValue(f"{name} is declared as an async, const, extern or unsafe function")
    generics = node.child_by_field_name("type_parameters")
    if generics and any(
        each.type not in ("lifetime", "lifetime_parameter") for each in generics.named_children
    ):
        raise NoValue(f"{name} is generic")
    conditions = next((words(each) for each in node.children if each.type == "where_clause"), "")
    parameters, result = _parameters(name, node), node.child_by_field_name("return_type")
    try:
        types = tuple(reader.parameter(each) for each in parameters)
        returned = reader.result(result) if result else UNIT
    except NoValue as error:
        raise NoValue(f"{name} takes or returns {error}, which is no plain value") from None
    texts = (*map(words, parameters), words(result) if result else "()")
    return Function(name, types, returned, texts, words(generics) if generics else "", conditions)


def _parameters(name: str, node: Node) -> list[Node]:
    """The nodes of the parameters' types."""
    parameters = node.child_by_field_name("parameters")
    found = []
    for each in parameters.named_children if parameters else ():
        kind = each.child_by_field_name("type")
        if each.type == "parameter" and kind:
            found.append(kind)
        elif "comment" not in each.type and each.type != "attribute_item":
            raise NoValue(f"{name} is a method")
    return found


def own_types(text: str, wanted: tuple[Function, ...]) -> tuple[Function, ...]:
    """The functions with the types of numbers that a candidate has in their place."""
    source = Source.of(text)
    if source.root is None:
        return wanted
    reader = reader_of(source.root)
    found = {item.name: item.node for item in functions(source.root)}
    return tuple(_with_own_types(each, found.get(each.name), reader) for each in wanted)


def _with_own_types(function: Function, node: Node | None, reader: TypeReader) -> Function:
    try:
        own = [reader.read(each) for each in _parameters(function.name, node)] if node else []
    except NoValue:
        return function
    if len(own) != len(function.parameters):
        return function
    pairs = zip(function.parameters, own, strict=True)
    parameters = tuple(declared.with_numbers_of(other) for declared, other in pairs)
    return Function(function.name, parameters, function.result, function.texts)
