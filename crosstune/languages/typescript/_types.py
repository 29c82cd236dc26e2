"""The types of what a TypeScript declaration declares, as shapes that values are compared with.

A program is checked by the compiler, but ``as any`` lets it return what the tests do not expect, such as a
text that loosely equals a number. A shape is None (anything), the name of a primitive type, or an object; see
shapes.cjs. What cannot be decided by a value (type parameters, functions, conditional types …) is anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import declared, modules, names
from crosstune.languages._shared.node.names import text_of
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

    from crosstune.records import Program

Shape = None | str | Mapping[str, object]

_PRIMITIVE = frozenset({"number", "string", "boolean", "bigint", "symbol", "object"})
_NAMED = {"Date": "date", "RegExp": "regexp", "Error": "error"}
_OF_ITEMS = {
    **dict.fromkeys(("Array", "ReadonlyArray"), "array"),
    **dict.fromkeys(("Promise", "PromiseLike"), "promise"),
    **dict.fromkeys(("Set", "ReadonlySet"), "set"),
}
_HOW = {"union_type": "any of", "intersection_type": "all of"}
_ANNOTATIONS = ("type_annotation", "type_predicate_annotation")
_SAME = frozenset({"Readonly", "Partial", "Required", "NonNullable"})
_MEMBERS = ("method_signature", "abstract_method_signature")
_CLASSES = ("class_declaration", "abstract_class_declaration", "class")
_DEFINITIONS = (*_CLASSES, "interface_declaration", "type_alias_declaration", "enum_declaration")


def of_program(program: Program) -> dict[str, object]:
    """The types of the entry points: those of functions, of the members of classes, and all definitions."""
    found = declared.parsed("typescript", program.declaration)
    setup = CodeParser("typescript").parse(modules.plain(program.setup))
    roots = [root for root in (setup, found[1] if found else None) if root]
    nodes = [node for root in roots for node in names.walk(root)]
    types = _Types(nodes)
    return {
        "definitions": {name: types.definition(node) for name, node in types.known.items()},
        "functions": {
            name: types.function(nodes_of) for name, nodes_of in _functions(program, nodes).items()
        },
        "classes": {
            text_of(node.child_by_field_name("name")): types.members(node)
            for node in nodes
            if node.type in _CLASSES and node.child_by_field_name("name")
        },
    }


def _functions(program: Program, nodes: list[Node]) -> dict[str, list[Node]]:
    """The declarations of the entry points that are functions: several if they are overloaded."""
    found: dict[str, list[Node]] = {}
    for node in nodes:
        if node.type not in ("function_declaration", "function_signature", "variable_declarator"):
            continue
        if (name := text_of(node.child_by_field_name("name"))) in program.entry_points:
            found.setdefault(name, []).append(node)
    return found


class _Types:
    """Translates types; ``known`` are those that the benchmark defines."""

    def __init__(self, nodes: list[Node]) -> None:
        parameters = {
            text_of(node.child_by_field_name("name")) for node in nodes if node.type == "type_parameter"
        }
        self.known = {
            name: node
            for node in nodes
            if node.type in _DEFINITIONS and (name := text_of(node.child_by_field_name("name")))
        }
        self._parameters = parameters

    def definition(self, node: Node) -> Shape:
        if node.type == "enum_declaration":
            return {"is": "any of", "each": ["number", "string"]}
        if node.type == "type_alias_declaration":
            return self.shape(node.child_by_field_name("value"))
        if node.type == "interface_declaration":
            body = node.child_by_field_name("body")
            is_whole = all(child.type != "extends_type_clause" for child in node.children)
            return self._fields(body, complete=is_whole) if body else None
        return "object"

    def function(self, nodes: list[Node]) -> Shape:
        """The types of a function's result and parameters; overloads have one for all."""
        signatures = [signature for node in nodes if (signature := self._signature(node))]
        if len(signatures) == len(nodes) == 1:
            return signatures[0]
        results = [signature["result"] for signature in signatures]
        return {"result": {"is": "any of", "each": results}} if len(results) == len(nodes) else None

    def _signature(self, node: Node | None) -> dict[str, object] | None:
        if node is None:
            return None
        if node.type == "variable_declarator":
            annotation = node.child_by_field_name("type")
            return self._signature(_inner(annotation) if annotation else node.child_by_field_name("value"))
        if node.type == "type_identifier":
            alias = self.known.get(text_of(node))
            is_alias = alias is not None and alias.type == "type_alias_declaration"
            return self._signature(alias.child_by_field_name("value")) if alias and is_alias else None
        if node.type not in (*names.FUNCTIONS, "function_signature", "function_type", *_MEMBERS):
            return None
        result = node.child_by_field_name("return_type")
        listed = node.child_by_field_name("parameters")
        return {
            "result": self.shape(_annotated(result)),
            "parameters": list(map(self._parameter, listed.named_children if listed else ())),
        }

    def _parameter(self, node: Node) -> Shape:
        pattern = node.child_by_field_name("pattern")
        if pattern is None or pattern.type == "rest_pattern":
            return None
        return self.shape(_annotated(node.child_by_field_name("type")))

    def members(self, kind: Node) -> dict[str, object]:
        """The types of the methods and attributes of a class, and the name of its base class."""
        members, statics = dict[str, list[Shape]](), dict[str, list[Shape]]()
        body = kind.child_by_field_name("body")
        for member in body.named_children if body else ():
            name = text_of(member.child_by_field_name("name"))
            shape = self._member(member)
            is_static = any(child.type == "static" for child in member.children)
            (statics if is_static else members).setdefault(name, []).append(shape)
        base = next((each for each in names.walk(kind) if each.type == "extends_clause"), None)
        return {
            "base": text_of(base.child_by_field_name("value")) if base else "",
            "members": {name: each[0] for name, each in members.items() if len(each) == 1},
            "statics": {name: each[0] for name, each in statics.items() if len(each) == 1},
        }

    def _member(self, member: Node) -> Shape:
        if member.type == "public_field_definition":
            annotation = member.child_by_field_name("type")
            function = None if annotation else self._signature(member.child_by_field_name("value"))
            return function or {"result": self.shape(_annotated(annotation))}
        return self._signature(member)

    def shape(self, node: Node | None) -> Shape:
        if node is None:
            return None
        inner = [each for each in node.named_children if each.type != "comment"]
        if node.type in _HOW and inner:
            return {"is": _HOW[node.type], "each": list(map(self.shape, inner))}
        if node.type in ("parenthesized_type", "readonly_type") and inner:
            return self.shape(inner[0])
        translate: dict[str, Callable[[], Shape]] = {
            "predefined_type": lambda: text_of(node) if text_of(node) in _PRIMITIVE else None,
            "type_identifier": lambda: self._named(text_of(node)),
            "generic_type": lambda: self._generic(node),
            "literal_type": lambda: _literal(inner[0]),
            "template_literal_type": lambda: "string",
            "array_type": lambda: {"is": "array", "item": self.shape(inner[0])},
            "tuple_type": lambda: self._tuple(inner),
            "object_type": lambda: self._fields(node),
            "type_predicate": lambda: "boolean",
        }
        return translate[node.type]() if node.type in translate else None

    def _named(self, name: str) -> Shape:
        if name in self._parameters:
            return None
        return {"is": "named", "name": name} if name in self.known else _NAMED.get(name)

    def _generic(self, node: Node) -> Shape:
        name = text_of(node.child_by_field_name("name"))
        listed = node.child_by_field_name("type_arguments")
        inner = list(map(self.shape, listed.named_children if listed else ()))
        if name in self.known or name in self._parameters or not inner:
            return self._named(name)
        if name in _SAME:
            return inner[0]
        if name in _OF_ITEMS:
            return {"is": _OF_ITEMS[name], "item": inner[0]}
        if name in ("Map", "ReadonlyMap", "Record") and len(inner) > 1:
            fields = {"is": "fields", "fields": {}, "others": inner[1]}
            return fields if name == "Record" else {"is": "map", "key": inner[0], "item": inner[1]}
        return None

    def _tuple(self, parts: list[Node]) -> Shape:
        items: list[Shape] = []
        for part in parts:
            if part.type == "rest_type":
                rest = self.shape(part.named_children[0])
                item = rest.get("item") if isinstance(rest, Mapping) else None
                return {"is": "tuple", "items": items, "rest": item} if part == parts[-1] else None
            inner = _annotated(part.child_by_field_name("type")) or part
            optional = inner.type in ("optional_type", "optional_parameter")
            items.append(self.shape(inner.named_children[-1] if optional else inner))
        return {"is": "tuple", "items": items}

    def _fields(self, body: Node, *, complete: bool = True) -> Shape:
        fields: dict[str, Shape] = {}
        others: Shape = None
        for member in body.named_children:
            name = text_of(member.child_by_field_name("name"))
            if member.type == "property_signature" and name.isidentifier():
                fields[name] = self.shape(_annotated(member.child_by_field_name("type")))
            elif member.type == "index_signature":
                others = self.shape(_annotated(member.child_by_field_name("type")))
            elif member.type in ("call_signature", "construct_signature"):
                return None
        needed = fields if complete else {}
        return {"is": "fields", "fields": needed, "others": None if fields else others}


def _annotated(annotation: Node | None) -> Node | None:
    """The type of an annotation, or a type itself."""
    return _inner(annotation) if annotation and annotation.type in _ANNOTATIONS else annotation


def _inner(node: Node) -> Node | None:
    return next((each for each in node.named_children if each.type != "comment"), None)


def _literal(node: Node) -> Shape:
    text = text_of(node)
    if node.type == "string":
        return "string" if "\\" in text else {"is": "literal", "value": text[1:-1]}
    if node.type in ("true", "false"):
        return {"is": "literal", "value": node.type == "true"}
    try:
        return {"is": "literal", "value": json.loads(text)}
    except ValueError:
        return None
