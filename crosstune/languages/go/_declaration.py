"""Read a benchmark's declaration: the functions that are asked for, and what it gives besides."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.languages.go import _imports, _objects, _parsing, _types
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
    """A function that is asked for, or a method of the type ``owner``; ``receiver`` is that of a method, as
    it is declared."""

    name: str
    parameters: tuple[GoType, ...]
    results: tuple[GoType, ...]
    is_variadic: bool
    owner: str = ""
    receiver: str = ""

    @property
    def key(self) -> str:
        """Its name in a question."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


@dataclass(frozen=True)
class Definition:
    """A definition that the benchmark gives, which may define several names; a method has its receiver's, or
    ``Type.Name`` where the type's objects stay in the candidate's process."""

    kind: str
    names: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Declaration:
    """``types`` are the names of the types that it defines and whose values may be in an interface;
    ``objects`` those whose objects stay in the candidate's process. ``of_objects``: what it gives of them,
    which the tests do not have. ``why_shared``: why values are not enough, with empty tuples."""

    functions: tuple[Function, ...] = ()
    given: tuple[Definition, ...] = ()
    imports: tuple[_imports.Import, ...] = ()
    types: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    of_objects: tuple[Definition, ...] = ()
    why_shared: str = ""


@functools.lru_cache(maxsize=64)
def read(code: str, entry_points: tuple[str, ...]) -> Declaration:
    """Read a declaration, whose last function may lack its body or the end of it."""
    part = _imports.split(code)
    root = _parsed(part.code)
    if root is None:
        return Declaration(why_shared="the declaration does not parse")
    return _Reading(root, entry_points, part.imports).read()


class _Reading:
    """Reads the parts of a declaration."""

    def __init__(
        self, root: Node, entry_points: tuple[str, ...], imports: tuple[_imports.Import, ...]
    ) -> None:
        self._root, self._entry_points, self._imports = root, entry_points, imports
        self._objects = _objects.of(root, entry_points)
        self._types = {_types.text(_name(each)): _meaning(each) for each in _type_specs(root)}
        self._functions: dict[str, Function] = {}
        self._given: list[Definition] = []
        self._of_objects: list[Definition] = []

    def read(self) -> Declaration:
        for node in self._root.named_children:
            try:
                self._add(node)
            except UnsupportedType as error:
                name = _types.text(_name(node))
                return Declaration(why_shared=f"{name} is declared with {error}, which is no type of values")
        methods = {each.name for each in self._functions.values()}
        known = {*self._functions, *self._objects, *methods}
        if missing := [name for name in self._entry_points if name not in known]:
            return Declaration(why_shared=f"the declaration has no function {missing[0]}")
        return Declaration(
            functions=tuple(self._functions.values()),
            given=tuple(self._given),
            imports=self._imports,
            types=tuple(each for each in _values_of(self._root) if each not in self._objects),
            objects=tuple(sorted(self._objects)),
            of_objects=tuple(self._of_objects),
        )

    def _add(self, node: Node) -> None:
        """
        Raises:
            UnsupportedType: a parameter or result is of a type whose values cannot be sent.
        """
        if node.type not in _DEFINITIONS:
            return
        if node.type == "type_declaration" and self._objects:
            for spec in node.named_children:
                names = tuple(_types.text(name) for name in spec.children_by_field_name("name"))
                mine = self._given if self._objects.isdisjoint(names) else self._of_objects
                mine.append(Definition("type", names, f"type {_types.text(spec)}"))
        elif not self._is_asked(node):
            self._given.append(_definition(node))
        else:
            function = _function(node, _types.text(_name(node)), self._types, self._objects)
            self._functions[function.key] = function
            if function.key not in self._entry_points and _objects.compiles(node):
                kind = _DEFINITIONS[node.type]
                self._of_objects.append(Definition(kind, (function.key,), _types.text(node)))

    def _is_asked(self, node: Node) -> bool:
        """Whether the tests' calls of it go to the candidate's process."""
        if node.type == "method_declaration":
            return _objects.owner_of(node) in self._objects
        if node.type != "function_declaration":
            return False
        is_named = _types.text(_name(node)) in self._entry_points
        more = self._objects and (_objects.is_open(node) or _objects.mentions(node, self._objects))
        return bool(is_named or more)


def definitions(code: str) -> set[tuple[str, str]] | None:
    """The kinds and names of what code defines, a method's with its type's; None if it does not parse."""
    root = CodeParser("go").parse(f"{_imports.split(code).code}\n")
    if root is None:
        return None
    nodes = [node for node in root.named_children if node.type in _DEFINITIONS]
    found = {(each.kind, name) for each in map(_definition, nodes) for name in each.names}
    owners = ((_objects.owner_of(node), _types.text(_name(node))) for node in nodes)
    return found | {("method of", f"{owner}.{name}") for owner, name in owners if owner}


def results(code: str, name: str) -> list[str] | None:
    """The types of the results of the function (or the method ``Type.Name``) that code defines."""
    root = CodeParser("go").parse(code)
    for node in root.named_children if root else ():
        owner, _, own = name.rpartition(".")
        if _types.text(_name(node)) == own and owner == _objects.owner_of(node) and _is_function(node):
            return [_types.text(each) for each in _result_types(node)]
    return None


def types(code: str) -> dict[str, Node]:
    """The meanings of the types that code declares, by name."""
    root = _parsed(_imports.split(code).code)
    return {_types.text(_name(each)): _meaning(each) for each in _type_specs(root)} if root else {}


def fields(struct: Node) -> list[tuple[str, str]]:
    """The names and types of a structure's fields; an embedded type has its own name."""
    found = []
    for each in (each for part in struct.named_children for each in part.named_children):
        if each.type == "field_declaration" and (kind := each.child_by_field_name("type")):
            text = _types.text(kind)
            names = [_types.text(name) for name in each.children_by_field_name("name")]
            found += [(name, text) for name in names or [text]]
    return found


def embeds(struct: Node) -> bool:
    """Whether a structure has the methods of another type."""
    return any(
        not each.children_by_field_name("name")
        for part in struct.named_children
        for each in part.named_children
        if each.type == "field_declaration"
    )


def _is_function(node: Node) -> bool:
    return node.type in ("function_declaration", "method_declaration")


def _parsed(code: str) -> Node | None:
    for end in ("", "}\n", "{\n}\n"):  # a function without a body is no error in Go
        root = _parsing.sound(f"{code.rstrip()}\n{end}")
        if root is not None:
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


def _function(node: Node, name: str, types: Mapping[str, Node], objects: Collection[str]) -> Function:
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
        found = _types.read(_meaning(each), types, objects)
        is_variadic = each.type == "variadic_parameter_declaration"
        count = max(1, len(each.children_by_field_name("name")))
        parameters += [_types.variadic(found) if is_variadic else found] * count
    returned = tuple(_types.read(each, types, objects) for each in _result_types(node))
    owner = _objects.owner_of(node)
    receiver = node.child_by_field_name("receiver") if owner else None
    pointer = "*" if receiver and "*" in _types.text(receiver) else ""
    return Function(
        name, tuple(parameters), returned, is_variadic, owner, f"{pointer}{owner}" if owner else ""
    )


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
