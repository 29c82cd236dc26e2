"""The classes that a benchmark declares in C++ and whose objects the tests use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from crosstune.languages._shared.native import declarations
from crosstune.languages._shared.native.declarations import Function
from crosstune.languages._shared.native.nodes import text_of
from crosstune.parsing import decoded, encoded

_SPECIFIERS = ("class_specifier", "struct_specifier")
_TYPES = (*_SPECIFIERS, "union_specifier", "enum_specifier")


class Shared(Exception):
    """Tests and candidate have to share a process, for this reason."""


@dataclass(frozen=True)
class Method:
    """A public method or constructor, by its type. ``key`` is its name in the protocol; ``how`` is
    "constructor", "static", "method" or "conversion"; ``before`` and ``after`` are what is declared in front
    of its type and behind its parameters."""

    key: str
    name: str
    how: str
    type: Function
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Class:
    """``template`` are the parameters of a class template, ``plain_template`` without defaults, ``arguments``
    their names. ``members`` are, in their order, its methods and the text of all else that stays;
    ``fields`` are public ones. ``nested`` are the names of its own public types."""

    name: str
    scope: tuple[str, ...]
    keyword: str
    final: bool
    template: str
    plain_template: str
    arguments: str
    members: tuple[Method | str, ...]
    fields: tuple[str, ...]
    all_public: bool
    nested: tuple[str, ...]
    friends: tuple[Node, ...]
    node: Node

    @property
    def qualified(self) -> str:
        return "::".join((*self.scope, self.name))

    @property
    def self(self) -> str:
        return f"::{self.qualified}{self.arguments}"

    @property
    def methods(self) -> tuple[Method, ...]:
        return tuple(each for each in self.members if isinstance(each, Method))


def found(root: Node, scope: tuple[str, ...] = ()) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """The definitions of classes outside functions and classes, each with the namespaces around it."""
    for node in root.named_children:
        inner = node.named_children[-1] if node.type == "template_declaration" else node
        if inner.type in _SPECIFIERS and inner.child_by_field_name("body"):
            yield inner, scope
        elif node.type == "namespace_definition" and (body := node.child_by_field_name("body")):
            yield from found(body, (*scope, *text_of(node.child_by_field_name("name")).split("::")))


def name_of(node: Node) -> str:
    return text_of(node.child_by_field_name("name"))


def read(node: Node, scope: tuple[str, ...]) -> Class:
    """
    Raises:
        Shared: the class has public members that cannot be reached from another process.
    """
    return _Reading(node, scope).read()


class _Reading:
    def __init__(self, node: Node, scope: tuple[str, ...]) -> None:
        self.node, self.scope, self.name = node, scope, name_of(node)
        self.members: list[Method | str] = []
        self.fields: list[str] = []
        self.nested: list[str] = []
        self.friends: list[Node] = []
        self.public = node.type == "struct_specifier"
        self.all_public = True

    def read(self) -> Class:
        if any(child.type == "base_class_clause" for child in self.node.children):
            raise Shared(f"the class {self.name} extends another")
        body = self.node.child_by_field_name("body")
        assert body
        for child in body.named_children:
            self._member(child)
        outer = self.node.parent
        is_template = outer is not None and outer.type == "template_declaration"
        parameters = outer.child_by_field_name("parameters") if outer and is_template else None
        return Class(
            name=self.name,
            scope=self.scope,
            keyword=text_of(self.node.children[0]),
            final=any(child.type == "virtual_specifier" for child in self.node.children),
            template=f"template {text_of(parameters)} " if parameters else "",
            plain_template=f"template <{', '.join(_without_defaults(parameters))}> " if parameters else "",
            arguments=f"<{', '.join(_names(parameters, self.name))}>" if parameters else "",
            members=tuple(self.members),
            fields=tuple(self.fields),
            all_public=self.all_public,
            nested=tuple(self.nested),
            friends=tuple(self.friends),
            node=outer if outer and is_template else self.node,
        )

    def _member(self, node: Node) -> None:
        text = text_of(node)
        if node.type == "access_specifier":
            self.public = text == "public"
            self.members.append(f"{text}:")
        elif node.type in ("alias_declaration", "type_definition", "static_assert_declaration"):
            self._add_type(node, text)
        elif node.type in ("function_definition", "field_declaration", "declaration"):
            self._declared(node, text)
        elif node.type == "friend_declaration":
            self.friends += [child for child in node.named_children if declarations.declarator_of(child)]
        elif node.type == "template_declaration" and self.public:
            raise Shared(f"the class {self.name} has a template as a member")
        elif node.type.startswith("preproc"):
            raise Shared(f"the class {self.name} has directives inside")

    def _add_type(self, node: Node, text: str) -> None:
        self.members.append(text)
        named = node.child_by_field_name("name") or node.child_by_field_name("declarator")
        if self.public and named:
            self.nested.append(text_of(named))

    def _declared(self, node: Node, text: str) -> None:
        kind = node.child_by_field_name("type")
        if kind and kind.type in _TYPES and kind.child_by_field_name("body"):
            self._add_type(kind, f"{text_of(kind)};")
            if not node.child_by_field_name("declarator"):
                return
        if declarations.declarator_of(node) is not None or _conversion(node):
            if self.public:
                self._add_method(node, text)
        else:
            self._add_fields(node, text)

    def _add_fields(self, node: Node, text: str) -> None:
        words = [text_of(child) for child in node.children if not child.type.endswith("declarator")]
        if "static" in words or "constexpr" in words:
            if ("const" in words or "constexpr" in words) and "=" in words:
                self.members.append(text)
            elif self.public:
                raise Shared(f"the class {self.name} has a public static field")
            return
        if not self.public or not node.child_by_field_name("declarator"):
            self.all_public = False
            return
        declarators = node.children_by_field_name("declarator")
        if any(each.type not in ("field_identifier", "array_declarator") for each in declarators):
            raise Shared(f"the class {self.name} has a public field that is a pointer or reference")
        if any(child.type == "bitfield_clause" for child in node.children):
            raise Shared(f"the class {self.name} has a public bit field")
        kind = text_of(node.child_by_field_name("type"))
        self.members.append(f"{kind} {', '.join(map(text_of, declarators))};")
        self.fields += [re.split(r"[\s\[]", text_of(each))[0] for each in declarators]

    def _add_method(self, node: Node, text: str) -> None:
        if _conversion(node):
            raise Shared(f"the class {self.name} has a conversion")
        kinds = {child.type for child in node.children}
        declarator = declarations.declarator_of(node)
        assert declarator
        named = declarator.child_by_field_name("declarator")
        name = text_of(named)
        defaulted = "default_method_clause" in kinds
        constructs = name == self.name
        if "delete_method_clause" in kinds or (
            defaulted and not (constructs and _has_no_parameters(declarator))
        ):
            self.members.append(text)
            return
        if named is not None and named.type == "destructor_name":
            return
        if "pure_virtual_clause" in kinds or text.replace(" ", "").endswith("=0;"):
            raise Shared(f"the class {self.name} is abstract")
        if named is None or named.type not in ("identifier", "field_identifier", "operator_name"):
            raise Shared(f"the class {self.name} has a member that is not understood: {text[:60]}")
        words = {text_of(child) for child in node.children}
        how = "constructor" if constructs else "static" if "static" in words else "method"
        self.members.append(
            Method(
                key=f"{name}/{len(self.members)}",
                name=name,
                how=how,
                type=declarations.member_of(name, node),
                before=" ".join(word for word in ("explicit",) if word in words),
                after=" ".join(_qualifiers(declarator)),
            )
        )


def _has_no_parameters(declarator: Node) -> bool:
    parameters = declarator.child_by_field_name("parameters")
    return parameters is None or not parameters.named_children


def _conversion(node: Node) -> bool:
    return any(child.type == "operator_cast" for child in node.children)


def _qualifiers(declarator: Node) -> Iterator[str]:
    for child in declarator.children:
        if child.type in ("type_qualifier", "ref_qualifier"):
            yield text_of(child)


def _names(parameters: Node, owner: str) -> Iterator[str]:
    """The names of the parameters of a class template."""
    for each in parameters.named_children:
        if each.type == "comment":
            continue
        declared = each.child_by_field_name("declarator") or each.child_by_field_name("name")
        found = (
            [declared] if declared else [node for node in each.named_children if "identifier" in node.type]
        )
        if not found or "variadic" in each.type or "template" in each.type:
            raise Shared(f"the template parameters of {owner} are not understood")
        yield text_of(found[0])


def _without_defaults(parameters: Node) -> Iterator[str]:
    for each in parameters.named_children:
        if each.type != "comment":
            sign = next((child for child in each.children if child.type == "="), None)
            size = sign.start_byte - each.start_byte if sign else None
            yield decoded(encoded(text_of(each))[:size]).strip()
