"""Read a benchmark's declaration: the functions that are asked for, and what it gives besides."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages.go import _imports, _types
from crosstune.languages.go._types import GoType, UnsupportedType
from crosstune.parsing import CodeParser, decoded

if TYPE_CHECKING:
    from tree_sitter import Node

_DEFINITIONS = {
    "function_declaration": "function",
    "method_declaration": "method",
    "type_declaration": "type",
    "var_declaration": "variable",
    "const_declaration": "constant",
}
_NAMED = frozenset({"type_spec", "type_alias", "var_spec", "const_spec"})


@dataclass(frozen=True)
class Function:
    """A function that is asked for."""

    name: str
    parameters: tuple[GoType, ...]
    results: tuple[GoType, ...]
    is_variadic: bool


@dataclass(frozen=True)
class Definition:
    """A definition that the benchmark gives, which may define several names; a method has its receiver's."""

    kind: str
    names: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Declaration:
    """``types`` are the names of the types that it defines and whose values may be in an interface;
    ``why_shared``: why values are not enough, with empty tuples."""

    functions: tuple[Function, ...] = ()
    given: tuple[Definition, ...] = ()
    imports: tuple[_imports.Import, ...] = ()
    types: tuple[str, ...] = ()
    why_shared: str = ""


@functools.lru_cache(maxsize=64)
def read(code: str, entry_points: tuple[str, ...]) -> Declaration:
    """Read a declaration, whose last function may lack its body or the end of it."""
    part = _imports.split(code)
    root = _parsed(part.code)
    if root is None:
        return Declaration(why_shared="the declaration does not parse")
    types = {_types.text(_name(each)): each for each in _type_specs(root)}
    found: dict[str, Function] = {}
    given = []
    for node in root.named_children:
        name = _types.text(_name(node)) if node.type == "function_declaration" else ""
        if name not in entry_points:
            given += [_definition(node)] if node.type in _DEFINITIONS else []
            continue
        try:
            found[name] = _function(node, name, {key: _meaning(each) for key, each in types.items()})
        except UnsupportedType as error:
            return Declaration(why_shared=f"{name} is declared with {error}, which is no type of values")
    if missing := [name for name in entry_points if name not in found]:
        return Declaration(why_shared=f"the declaration has no function {missing[0]}")
    return Declaration(tuple(found.values()), tuple(given), part.imports, _values_of(root))


def definitions(code: str) -> set[tuple[str, str]] | None:
    """The kinds and names of what code defines; None if it does not parse."""
    root = CodeParser("go").parse(f"{_imports.split(code).code}\n")
    if root is None:
        return None
    found = (_definition(node) for node in root.named_children if node.type in _DEFINITIONS)
    return {(each.kind, name) for each in found for name in each.names}


def results(code: str, name: str) -> list[str] | None:
    """The types of the results of the function that code defines under this name."""
    root = CodeParser("go").parse(code)
    for node in root.named_children if root else ():
        if node.type == "function_declaration" and _types.text(_name(node)) == name:
            return [_types.text(each) for each in _result_types(node)]
    return None


def _parsed(code: str) -> Node | None:
    for end in ("", "}\n", "{\n}\n"):  # a function without a body is no error in Go
        root = CodeParser("go").parse(f"{code.rstrip()}\n{end}")
        if root is not None and not root.has_error:
            return root
    return None


def _name(node: Node) -> Node:
    return node.child_by_field_name("name") or node


def _type_specs(root: Node) -> Iterator[Node]:
    for node in root.named_children:
        if node.type == "type_declaration":
            yield from (each for each in node.named_children if each.type in ("type_spec", "type_alias"))


def _values_of(root: Node) -> tuple[str, ...]:
    return tuple(
        _types.text(_name(each))
        for each in _type_specs(root)
        if each.type == "type_spec"
        and not each.child_by_field_name("type_parameters")
        and _meaning(each).type != "interface_type"
    )


def _meaning(spec: Node) -> Node:
    return spec.child_by_field_name("type") or spec


def _definition(node: Node) -> Definition:
    kind = _DEFINITIONS[node.type]
    if kind == "method":
        receiver = node.child_by_field_name("receiver")
        names = [_types.text(each) for each in _identifiers(receiver)] if receiver else []
    elif kind == "function":
        names = [_types.text(_name(node))]
    else:
        names = [_types.text(name) for spec in _specs(node) for name in spec.children_by_field_name("name")]
    return Definition(kind, tuple(names), decoded(node.text or b""))


def _specs(node: Node) -> Iterator[Node]:
    for each in node.named_children:
        if each.type in _NAMED:
            yield each
        else:
            yield from _specs(each)


def _identifiers(node: Node) -> Iterator[Node]:
    for each in node.named_children:
        if each.type == "type_identifier":
            yield each
        yield from _identifiers(each)


def _function(node: Node, name: str, types: Mapping[str, Node]) -> Function:
    """
    Raises:
        UnsupportedType: a parameter or result is of a type whose values cannot be sent.
    """
    if node.child_by_field_name("type_parameters"):
        raise UnsupportedType("type parameters")
    parameters: list[GoType] = []
    is_variadic = False
    taken = node.child_by_field_name("parameters")
    for each in taken.named_children if taken else ():
        if each.type not in ("parameter_declaration", "variadic_parameter_declaration"):
            continue
        found = _types.read(_meaning(each), types)
        is_variadic = each.type == "variadic_parameter_declaration"
        count = max(1, len(each.children_by_field_name("name")))
        parameters += [_types.variadic(found) if is_variadic else found] * count
    returned = tuple(_types.read(each, types) for each in _result_types(node))
    return Function(name, tuple(parameters), returned, is_variadic)


def _result_types(node: Node) -> Iterator[Node]:
    result = node.child_by_field_name("result")
    if result is None:
        return
    if result.type != "parameter_list":
        yield result
        return
    for each in result.named_children:
        if each.type == "parameter_declaration":
            yield from [_meaning(each)] * max(1, len(each.children_by_field_name("name")))
