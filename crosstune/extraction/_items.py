"""Code cut into its top-level items, with the names that each defines and those that it uses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from crosstune.extraction._parse import CodeParser, decoded, encoded, leaves
from crosstune.languages import Syntax

if TYPE_CHECKING:
    from tree_sitter import Node

_COMMENTS = ("comment", "line_comment", "block_comment")
_MEMBER_FIELDS = ("attribute", "property", "field")
_STUB = re.compile(
    r"\{?\s*(?:pass|\.\.\.|raise\s+NotImplementedError\b.*|(?:todo|unimplemented)!\s*\(.*\);?"
    r"|throw\s+new\s+\w*(?:Error|Exception)\s*\(\s*(?:['\"](?:not\s+(?:yet\s+)?implemented|todo).*)?\);?"
    r"|panic\(\"(?:not\s+implemented|todo).*\"\))?\s*\}?",
    re.IGNORECASE,
)


_MOST_ITEMS = 2000
"""Of a block; no answer to a problem has as many."""


class Kind(StrEnum):
    IMPORT = "import"
    FIRST = "first"
    DEFINITION = "definition"
    PROTOTYPE = "prototype"
    ATTACHED = "attached"
    STATEMENT = "statement"


@dataclass(frozen=True, eq=False)
class Item:
    """A top-level part of a program. ``text`` is its source, bytes ``begin`` to ``end`` of the code;
    ``block`` numbers the code block it is in; ``owner`` is the type that an attached item belongs to;
    ``whole`` is False where parsing it failed."""

    kind: Kind
    text: str
    names: frozenset[str]
    uses: frozenset[str]
    members: frozenset[str]
    """Names of members that the item refers to (``a.name``)."""
    node: Node
    begin: int = 0
    end: int = 0
    block: int = 0
    owner: str = ""
    trait: str = ""
    whole: bool = True


def items(syntax: Syntax, parser: CodeParser, code: str, block: int = 0) -> list[Item]:
    """The items of ``code`` in their order; empty where it cannot be parsed."""
    root = parser.parse(code)
    if root is None:
        return []
    data = encoded(code)
    found: list[Item] = []
    start: int | None = None
    for node in itertools.islice(_top_level(syntax, root), _MOST_ITEMS):
        if node.type in syntax.leading or node.type in _COMMENTS:
            start = node.start_byte if start is None else start
            continue
        if node.is_named and node.type not in syntax.dropped:
            begin = node.start_byte if start is None else start
            begin, end = _extent(data, begin, node)
            item = _item(syntax, node, decoded(data[begin:end]).strip("\n"))
            found.append(replace(item, begin=begin, end=end, block=block))
        start = None
    return found


def _top_level(syntax: Syntax, root: Node) -> Iterator[Node]:
    """The children of the root, and the items inside of what could not be parsed as a whole."""
    for child in root.children:
        if child.type == "ERROR":
            yield from (inner for inner in child.children if _is_item(syntax, inner))
        else:
            yield child


def _is_item(syntax: Syntax, node: Node) -> bool:
    if node.type in syntax.functions:
        return node.child_by_field_name("body") is not None
    known = node.type in syntax.names or node.type in syntax.imports or node.type in syntax.leading
    return known and not node.type.endswith(("declarator", "identifier", "list", "pattern", "name"))


def _extent(data: bytes, begin: int, node: Node) -> tuple[int, int]:
    """Where the node is, with its indentation and the semicolon that ends it."""
    line = begin
    while line and data[line - 1] in b" \t":
        line -= 1
    if not line or data[line - 1] in b"\n":
        begin = line
    end = node.end_byte
    following = node.next_sibling
    if following is not None and following.type == ";":
        end = following.end_byte
    return begin, end


def _item(syntax: Syntax, node: Node, text: str) -> Item:
    inner = _unwrapped(syntax, node)
    if inner is not node:
        text = decoded(inner.text or b"")
    for kind in (inner.type, node.type):
        text = _without_modifier(text, syntax.removed_modifiers.get(kind, ""))
    names = frozenset(names_of(syntax, inner))
    uses, members = _references(syntax, inner)
    return Item(
        kind=_kind(syntax, inner, names),
        text=text,
        names=names,
        uses=uses,
        members=members,
        node=inner,
        owner=_owner(syntax, inner),
        trait=decoded(trait.text or b"") if (trait := inner.child_by_field_name("trait")) else "",
        whole=not inner.has_error,
    )


def _unwrapped(syntax: Syntax, node: Node) -> Node:
    for name in syntax.unwrapped.get(node.type, ()):
        if inner := node.child_by_field_name(name):
            return inner
    return node


def _without_modifier(text: str, modifier: str) -> str:
    return re.sub(rf"^(\s*(?:@\w+\s+)*){modifier}\s+", r"\1", text) if modifier else text


def _kind(syntax: Syntax, node: Node, names: frozenset[str]) -> Kind:
    if node.type in syntax.imports:
        return Kind.IMPORT
    if node.type in syntax.first:
        return Kind.FIRST
    if _owner(syntax, node):
        return Kind.ATTACHED
    if names and not names <= syntax.initialisers:
        return Kind.PROTOTYPE if _is_prototype(node) else Kind.DEFINITION
    return Kind.STATEMENT


def _is_prototype(node: Node) -> bool:
    """A function of C or C++ that is declared and not defined."""
    if node.type != "declaration" or node.child_by_field_name("value"):
        return False
    declarator = node.child_by_field_name("declarator")
    while declarator is not None and declarator.type.endswith(("pointer_declarator", "reference_declarator")):
        declarator = declarator.child_by_field_name("declarator") or next(
            iter(declarator.named_children), None
        )
    return declarator is not None and declarator.type == "function_declarator"


def _owner(syntax: Syntax, node: Node) -> str:
    """The type that ``node`` belongs to, by the grammar's path of fields."""
    path = syntax.attached.get(node.type)
    if path is None:
        return ""
    current: Node | None = node
    for name in path:
        current = current.child_by_field_name(name) if current is not None else None
    if current is None:
        return ""
    if not current.named_child_count:
        return decoded(current.text or b"")
    types = [leaf for leaf in leaves(current) if leaf.type == "type_identifier"]
    return decoded(types[0].text or b"") if types else ""


def is_name(syntax: Syntax, node: Node) -> bool:
    """Whether ``node`` is a name token."""
    return not node.named_child_count and ("identifier" in node.type or node.type in syntax.identifiers)


def names_of(syntax: Syntax, node: Node) -> set[str]:
    """What ``node`` defines."""
    path = syntax.names.get(node.type)
    if path is None:
        return {decoded(node.text or b"")} if is_name(syntax, node) else set()
    found: set[str] = set()
    for name in path:
        if name == "*":
            inner = node.named_children
        else:
            inner = node.children_by_field_name(name)
            inner += [child for child in node.named_children if child.type == name]
        for child in inner:
            if name != "*" or child.type in syntax.names or is_name(syntax, child):
                found |= names_of(syntax, child)
    return found


def _references(syntax: Syntax, node: Node) -> tuple[frozenset[str], frozenset[str]]:
    """The names in ``node``, and apart from them those of members (``a.name``)."""
    uses: set[str] = set()
    members: set[str] = set()
    waiting = [(node, False)]
    while waiting:
        current, is_member = waiting.pop()
        if current.child_count:
            fields = [current.child_by_field_name(name) for name in _MEMBER_FIELDS]
            waiting.extend((child, child in fields) for child in current.children)
        elif is_name(syntax, current):
            (members if is_member else uses).add(decoded(current.text or b""))
    return frozenset(uses), frozenset(members)


def body_of(node: Node) -> Node | None:
    """The body of the function that ``node`` is, or holds (a variable's value, a decorated one)."""
    waiting = [node]
    for _ in range(6):
        following: list[Node] = []
        for current in waiting:
            if body := current.child_by_field_name("body"):
                return body
            following += current.named_children
        waiting = following
    return None


def is_stub(node: Node) -> bool:
    """Whether a function's body does nothing yet (``pass``, ``...``, ``todo!()``, a comment)."""
    body = body_of(node)
    if body is None:
        return False
    kept = [child for child in body.children if child.type not in _COMMENTS]
    if kept and kept[0].type in ("string", "expression_statement") and body.type == "block":
        text = decoded(kept[0].text or b"")
        if text[:3] in ('"""', "'''") and len(kept) > 1:
            kept = kept[1:]
    text = "\n".join(decoded(child.text or b"") for child in kept).strip()
    return _STUB.fullmatch(text) is not None
