"""What a problem's declaration says: the function asked for, and the code around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.extraction._items import Item, Kind, class_body, items, names_of
from crosstune.languages import Syntax
from crosstune.parsing import CodeParser, decoded
from crosstune.records import Problem

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True)
class Member:
    """A part of a class: what it defines, its source, and its node."""

    names: frozenset[str]
    text: str
    node: Node


@dataclass(frozen=True)
class Declaration:
    """``name`` is the function asked for; ``container`` the class that holds it (empty: none), ``header``
    that class's source up to its first member, ``members`` its other members; ``before`` are the items
    around the function; ``bound`` are the names that imports before the candidate bind."""

    name: str
    container: str
    header: str
    members: tuple[Member, ...]
    before: tuple[Item, ...]
    bound: frozenset[str]


def read_declaration(syntax: Syntax, parser: CodeParser, problem: Problem) -> Declaration:
    """The declaration of ``problem``, completed so that it can be parsed."""
    found = _completed(syntax, parser, problem.declaration)
    bound = frozenset(_bound(syntax, items(syntax, parser, problem.setup)))
    name = problem.entry_point
    if not any(_holds(syntax, item, name) for item in found):
        # Benchmarks misspell an entry point at times; the declaration is what the answer follows.
        name = _last_function(syntax, found) or name
    at = next((at for at in reversed(range(len(found))) if _holds(syntax, found[at], name)), None)
    if at is None:
        return Declaration(name, "", "", (), tuple(found), bound)
    holder = found[at]
    before = (*found[:at], *found[at + 1 :])
    if name in holder.names:
        return Declaration(name, "", "", (), before, bound)
    owner = class_of(syntax, holder.node, name) or holder.node
    members = tuple(each for each in members_of(syntax, owner) if name not in each.names)
    return Declaration(name, _name(owner), _header(syntax, owner), members, before, bound)


def _completed(syntax: Syntax, parser: CodeParser, declaration: str) -> list[Item]:
    text = declaration.rstrip()
    if not text:
        return []
    for closer in syntax.closers:
        root = parser.parse(syntax.opened(f"{text}{closer}\n"))
        if root is not None and not root.has_error:
            return items(syntax, parser, f"{text}{closer}\n")
    return items(syntax, parser, f"{text}{syntax.closers[-1]}\n")


def _bound(syntax: Syntax, found: list[Item]) -> Iterator[str]:
    for item in found:
        if item.kind is Kind.IMPORT and syntax.split_imports:
            yield from import_names(syntax, item)


def import_names(syntax: Syntax, item: Item) -> frozenset[str]:
    """What an import binds; empty where that is unknown."""
    return frozenset(syntax.split_imports(item.text)) if syntax.split_imports else item.names


def _holds(syntax: Syntax, item: Item, name: str) -> bool:
    return name in item.names or class_of(syntax, item.node, name) is not None


def _last_function(syntax: Syntax, found: list[Item]) -> str:
    for item in reversed(found):
        if item.kind in (Kind.DEFINITION, Kind.PROTOTYPE):
            if item.node.type in syntax.classes:
                inner = [each for each in members_of(syntax, item.node) if each.node.type in syntax.functions]
                return next(iter(sorted(inner[-1].names)), "") if inner else ""
            return next(iter(sorted(item.names)), "")
    return ""


def class_of(syntax: Syntax, node: Node, name: str) -> Node | None:
    """The innermost class in ``node`` that has a method ``name``."""
    waiting, found = [(node, 0)], None
    while waiting:
        current, depth = waiting.pop()
        if current.type in syntax.classes and any(
            name in each.names and _is_method(syntax, each.node) for each in members_of(syntax, current)
        ):
            found = current
        if depth < 5 and current.type not in syntax.functions:
            waiting += [(child, depth + 1) for child in current.named_children]
    return found


def _is_method(syntax: Syntax, node: Node) -> bool:
    inner = node.child_by_field_name("definition") or node
    return inner.type in syntax.functions


def members_of(syntax: Syntax, owner: Node) -> list[Member]:
    body = class_body(syntax, owner)
    if body is None:
        return []
    return [
        Member(frozenset(names_of(syntax, child)), decoded(child.text or b""), child)
        for child in body.named_children
    ]


def _name(owner: Node) -> str:
    name = owner.child_by_field_name("name") or owner.child_by_field_name("type")
    return decoded(name.text or b"") if name is not None else ""


def _header(syntax: Syntax, owner: Node) -> str:
    """The class's source up to and with what opens its body."""
    body = class_body(syntax, owner)
    assert body is not None
    begin, text = owner.start_byte, owner.text or b""
    opened = body.start_byte - begin + (1 if (body.text or b"").startswith(b"{") else 0)
    return decoded(text[:opened])
