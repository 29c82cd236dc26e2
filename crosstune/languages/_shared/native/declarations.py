"""The functions that a benchmark declares in C or C++, by their syntax."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from crosstune.languages._shared.native.nodes import descendants, name_of_function, text_of
from crosstune.parsing import CodeParser, decoded, encoded

# A declaration may end in front of the body, or inside it.
_ENDINGS = ("", "\n}", "\n;", "\n};", "\n}\n};")
_FUNCTIONS = ("function_definition", "declaration")
# What a function's type does not have.
_DROPPED = """
storage_class_specifier attribute_declaration attribute_specifier ms_declspec_modifier comment
noexcept virtual inline explicit_function_specifier
"""
# What a member is declared with besides its type.
_OF_MEMBERS = ("type_qualifier", "ref_qualifier", "virtual_specifier")
_OF_HEADS = re.compile(r"\b(?:constexpr|consteval|friend)\b")


@dataclass(frozen=True)
class Parameter:
    """``is_pointer``: to something else than a constant text. ``default`` is the text of its default
    argument, if any, ``type`` that of its type."""

    is_pointer: bool
    default: str
    type: str = ""
    is_reference: bool = False
    is_constant: bool = False


@dataclass(frozen=True)
class Function:
    """A declared function. ``head`` and ``tail`` are the text of its type before and after its name."""

    name: str
    head: str
    tail: str
    parameters: tuple[Parameter, ...]
    returns_pointer: bool

    def typedef(self, name: str) -> str:
        return f"typedef {self.head} {name}{self.tail};"


@dataclass(frozen=True)
class Declaration:
    """``given`` is what a benchmark's declaration has besides the entry points, which are ``functions``. If
    it was not understood, ``why_not`` says so. Of those that are ``overloaded`` only the last is there."""

    given: str = ""
    functions: tuple[Function, ...] = ()
    why_not: str = ""
    overloaded: str = ""


@functools.lru_cache(maxsize=1024)
def parsed(declaration: str, entry_points: tuple[str, ...], grammar: str) -> Declaration:
    root = root_of(declaration, grammar)
    if root is None:
        return Declaration(why_not="the declaration does not parse")
    nodes = [node for node in root.children if node.type in _FUNCTIONS and _is_function(node)]
    named = [node for node in nodes if name_of_function(node) in entry_points]
    if not named and nodes:  # the benchmark names it otherwise
        named = [node for node in nodes[-1:] if node.end_byte >= len(encoded(declaration.rstrip()))]
    last = {name_of_function(node): node for node in named}
    if not last:
        return Declaration(why_not=f"the declaration has no function {' or '.join(entry_points)}")
    functions = tuple(function_of(name, node) for name, node in last.items())
    return Declaration(_without(root, named), functions, overloaded=_overloaded(named))


def _overloaded(nodes: Sequence[Node]) -> str:
    """The name of a function that is declared with different parameters."""
    known = dict[str, list[tuple[str, bool, bool]]]()
    for node in nodes:
        name = name_of_function(node)
        found = [
            (each.type, each.is_pointer, each.is_reference) for each in function_of(name, node).parameters
        ]
        if known.setdefault(name, found) != found:
            return name
    return ""


def root_of(declaration: str, grammar: str) -> Node | None:
    """The syntax tree of a declaration that may end in front of a body, or inside one."""
    for ending in _ENDINGS:
        root = CodeParser(grammar).parse(f"{declaration.rstrip()}{ending}")
        if root is not None and not root.has_error:
            return root
    return None


def _is_function(node: Node) -> bool:
    return declarator_of(node) is not None


def declarator_of(node: Node) -> Node | None:
    """The declarator with the parameters."""
    inner = node.child_by_field_name("declarator")
    while inner is not None and inner.type != "function_declarator":
        if inner.type == "reference_declarator":
            inner = inner.named_children[0] if inner.named_children else None
        else:
            inner = inner.child_by_field_name("declarator")
    return inner


def member_of(name: str, node: Node) -> Function:
    """A method as a function without an object; a constructor has no head."""
    function = function_of(name, node)
    declarator = declarator_of(node)
    outer = node.child_by_field_name("declarator")
    assert declarator is not None
    assert outer is not None
    begin = declarator.child_by_field_name("parameters")
    assert begin is not None
    dropped = [
        (child.start_byte, child.end_byte) for child in declarator.children if child.type in _OF_MEMBERS
    ]
    tail = _text(node, begin.start_byte, outer.end_byte, dropped)
    return replace(function, head=_OF_HEADS.sub("", function.head).strip(), tail=tail)


def function_of(name: str, node: Node) -> Function:
    declarator = declarator_of(node)
    assert declarator is not None
    identifier, parameters = (declarator.child_by_field_name(key) for key in ("declarator", "parameters"))
    assert identifier is not None
    assert parameters is not None
    outer = node.child_by_field_name("declarator")
    listed = [_parameter(each) for each in _parameters(parameters)]
    return Function(
        name=name,
        head=_text(node, node.start_byte, identifier.start_byte),
        tail=_text(node, identifier.end_byte, outer.end_byte if outer else declarator.end_byte),
        parameters=tuple(listed),
        returns_pointer=outer is not None
        and outer.type == "pointer_declarator"
        and not _is_constant_text(node, outer),
    )


def _parameters(parameters: Node) -> Iterator[Node]:
    nodes = [node for node in parameters.named_children if node.type.endswith("parameter_declaration")]
    if len(nodes) == 1 and text_of(nodes[0]) == "void":
        return iter(())
    return iter(nodes)


def _parameter(node: Node) -> Parameter:
    declarator = node.child_by_field_name("declarator")
    kinds = {each.type.removeprefix("abstract_") for each in descendants(declarator)} if declarator else set()
    is_pointer = bool(kinds & {"pointer_declarator", "array_declarator", "function_declarator"})
    default = node.child_by_field_name("default_value")
    return Parameter(
        is_pointer=is_pointer and not (declarator is not None and _is_constant_text(node, declarator)),
        default=text_of(default),
        type=text_of(node.child_by_field_name("type")),
        is_reference="reference_declarator" in kinds,
        is_constant=any(each.type == "type_qualifier" and text_of(each) == "const" for each in node.children),
    )


def _is_constant_text(node: Node, declarator: Node) -> bool:
    """Whether something is declared as ``const char *``."""
    before = decoded(encoded(text_of(node))[: declarator.start_byte - node.start_byte]).split()
    inner = declarator.child_by_field_name("declarator")
    deep = inner is not None and "pointer" in inner.type
    words = [word for word in before if word not in ("static", "inline")]
    is_pointer = declarator.type.removeprefix("abstract_") == "pointer_declarator"
    return is_pointer and not deep and sorted(words) == ["char", "const"]


def _text(node: Node, begin: int, end: int, more: Sequence[tuple[int, int]] = ()) -> str:
    """The text of a part of a function's head, without what its type does not have, and ``more``."""
    data, parts, at = encoded(text_of(node)), [], begin
    for dropped in sorted((*_dropped(node, end), *more)):
        if dropped[0] >= at:
            parts.append(data[at - node.start_byte : min(dropped[0], end) - node.start_byte])
            at = max(at, min(dropped[1], end))
    parts.append(data[at - node.start_byte : end - node.start_byte])
    return decoded(b" ".join(parts)).strip()


def _dropped(node: Node, end: int) -> Iterator[tuple[int, int]]:
    for each in descendants(node, lambda inner: inner.type != "compound_statement"):
        if each.start_byte >= end:
            continue
        if each.type in _DROPPED.split():
            yield each.start_byte, each.end_byte
        elif each.type == "optional_parameter_declaration":
            sign = next((child for child in each.children if child.type == "="), None)
            if sign:
                yield sign.start_byte, each.end_byte


def _without(root: Node, nodes: Sequence[Node]) -> str:
    data, parts, at = encoded(text_of(root)), [], root.start_byte
    for node in nodes:
        parts.append(data[at - root.start_byte : node.start_byte - root.start_byte])
        at = node.end_byte
    parts.append(data[at - root.start_byte :])
    return decoded(b"".join(parts))
