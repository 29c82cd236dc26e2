"""Code cut into its top-level items, with the names that each defines and those that it uses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from crosstune.languages import Syntax
from crosstune.parsing import CodeParser, decoded, encoded, leaves

if TYPE_CHECKING:
    from tree_sitter import Node

_COMMENTS = ("comment", "line_comment", "block_comment")
_MEMBER_FIELDS = ("attribute", "property", "field")
_MEMBER_TYPES = ("property_identifier", "field_identifier", "private_property_identifier", "label_name")
_MEMBER_ACCESS = ("attribute", "subscript", "member_expression", "subscript_expression")
_MACRO_CALLS = ("macro_invocation", "expression_statement", "list", "list_lit")
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
    ``block`` numbers the code block it is in; ``owners`` are the types that an attached item belongs to;
    ``whole`` is False where parsing it failed, ``loose``
    is True where parsing the code around it failed."""

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
    owners: frozenset[str] = frozenset()
    whole: bool = True
    loose: bool = False


def items(syntax: Syntax, parser: CodeParser, code: str, block: int = 0) -> list[Item]:
    """The items of ``code`` in their order; empty where it cannot be parsed."""
    opened = syntax.opened(code)
    shift = len(opened) - len(code)
    found = _items(syntax, parser, opened, block)
    if not shift:
        return found
    return [replace(item, begin=item.begin - shift, end=item.end - shift) for item in found]


def _items(syntax: Syntax, parser: CodeParser, code: str, block: int) -> list[Item]:
    root = parser.parse(code)
    if root is None:
        return []
    data = encoded(code)
    if root.type == "ERROR":
        return _inside_error(syntax, data, root, block)
    found: list[Item] = []
    start: int | None = None
    for node in itertools.islice(_top_level(syntax, root), _MOST_ITEMS):
        if node.type == "ERROR":
            start = None
            found += _inside_error(syntax, data, node, block)
            continue
        if node.type in syntax.leading or node.type in _COMMENTS:
            start = node.start_byte if start is None else start
            continue
        if node.is_named and node.type not in syntax.dropped:
            begin = node.start_byte if start is None else start
            begin, end = _extent(data, begin, node)
            item = _item(syntax, node, decoded(data[begin:end]).strip("\n"))
            found.append(replace(item, begin=begin, end=end, block=block))
        start = None
    return _with_clauses_joined(syntax, data, found)


def _top_level(syntax: Syntax, root: Node) -> Iterator[Node]:
    for node in root.children:
        if node.type in syntax.wrappers:
            yield from _top_level(syntax, node)
        elif root.type not in syntax.wrappers or node != root.child_by_field_name("name"):
            yield node


def _with_clauses_joined(syntax: Syntax, data: bytes, found: list[Item]) -> list[Item]:
    """Clauses in a row that define one name are one item."""
    joined: list[Item] = []
    for item in found:
        last = joined[-1] if joined else None
        if last is None or not _continues(syntax, last, item):
            joined.append(item)
            continue
        joined[-1] = replace(
            last,
            text=decoded(data[last.begin : item.end]).strip("\n"),
            end=item.end,
            uses=last.uses | item.uses,
            members=last.members | item.members,
            whole=last.whole and item.whole,
        )
    return joined


def _continues(syntax: Syntax, last: Item, item: Item) -> bool:
    kinds = (last.node.type, item.node.type)
    return bool(item.names & last.names) and all(kind in syntax.clauses for kind in kinds)


def _inside_error(syntax: Syntax, data: bytes, error: Node, block: int) -> list[Item]:
    """The items inside of code that could not be parsed as a whole."""
    found = []
    for node in itertools.islice(error.children, _MOST_ITEMS):
        if _is_item(syntax, node):
            begin, end = _extent(data, node.start_byte, node)
            item = _item(syntax, node, decoded(data[begin:end]).strip("\n"))
            found.append(replace(item, begin=begin, end=end, block=block, loose=True))
    return found


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
    owners = _owners(syntax, inner)
    names = set() if owners else names_of(syntax, inner)
    if syntax.macro_names and inner.type in _MACRO_CALLS:
        names |= set(syntax.macro_names.findall(text))
    uses, members = _references(syntax, inner)
    return Item(
        kind=_kind(syntax, inner, text, frozenset(names), owners),
        text=text,
        names=frozenset(names),
        uses=uses,
        members=members,
        node=inner,
        owners=owners,
        whole=not inner.has_error,
    )


def _unwrapped(syntax: Syntax, node: Node) -> Node:
    for name in syntax.unwrapped.get(node.type, ()):
        if inner := node.child_by_field_name(name):
            return inner
    return node


def _without_modifier(text: str, modifier: str) -> str:
    return re.sub(rf"^(\s*(?:@\w+\s+)*){modifier}\s+", r"\1", text) if modifier else text


def _kind(syntax: Syntax, node: Node, text: str, names: frozenset[str], owners: frozenset[str]) -> Kind:
    if node.type in syntax.first or (syntax.first_text and syntax.first_text.match(text)):
        return Kind.FIRST
    if node.type in syntax.imports:
        return Kind.IMPORT
    if owners:
        return Kind.ATTACHED
    if names and node.type in syntax.names and not names <= syntax.initialisers:
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


def _owners(syntax: Syntax, node: Node) -> frozenset[str]:
    """The types (or objects) that ``node`` belongs to."""
    if target := _assigned_member(node):
        return frozenset({target})
    path = syntax.attached.get(node.type)
    if path is None:
        return frozenset()
    if operator := _operator(node):
        return _types(operator.child_by_field_name("parameters"))
    current: Node | None = node
    for name in path:
        current = _descended(current, name)
    found = _types(current)
    trait = node.child_by_field_name("trait")
    return found | _types(trait) if trait is not None else found


def _descended(node: Node | None, name: str) -> Node | None:
    """The child of that field; with ``*`` the last of a chain of such children."""
    if node is None or not name.endswith("*"):
        return node.child_by_field_name(name) if node is not None else None
    while inner := node.child_by_field_name(name[:-1]) or _referred(node):
        node = inner
    return node


def _referred(node: Node) -> Node | None:
    """The declarator inside of a reference of C++, for which the grammar has no field."""
    return node.named_children[-1] if node.type == "reference_declarator" and node.named_children else None


def _types(node: Node | None) -> frozenset[str]:
    """The names of types in ``node``; the node itself where it has no parts."""
    if node is None:
        return frozenset()
    if not node.named_child_count:
        return frozenset({decoded(node.text or b"")})
    kinds = ("type_identifier", "namespace_identifier", "primitive_type", "name")
    return frozenset(decoded(leaf.text or b"") for leaf in leaves(node) if leaf.type in kinds)


def _operator(node: Node) -> Node | None:
    """The declarator of a free operator function of C++."""
    current: Node | None = node
    while current is not None:
        inner = current.child_by_field_name("declarator")
        if inner is not None and inner.type == "operator_name":
            return current
        current = inner
    return None


def _assigned_member(node: Node) -> str:
    """``a`` of a statement ``a.b = c`` or ``a[b] = c``; empty for any other node."""
    if node.type != "expression_statement" and not node.type.endswith("assignment"):
        return ""
    inner = node.named_children[0] if node.type == "expression_statement" and node.named_children else node
    left = inner.child_by_field_name("left")
    if left is None or left.type not in _MEMBER_ACCESS:
        return ""
    first = next(leaves(left))
    return decoded(first.text or b"") if "identifier" in first.type else ""


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
        elif name.startswith("first "):
            inner = [child for child in node.named_children if child.type == name[6:]][:1]
        else:
            inner = node.children_by_field_name(name)
            inner = inner or [child for child in node.named_children if child.type == name]
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
            (members if is_member or current.type in _MEMBER_TYPES else uses).add(
                decoded(current.text or b"")
            )
    return frozenset(uses), frozenset(members)


def has_body(node: Node) -> bool:
    """Whether a function is defined, not only declared."""
    return body_of(node) is not None


def class_body(syntax: Syntax, owner: Node) -> Node | None:
    """The part of a class with its members; some grammars have no field for it."""
    body = owner.child_by_field_name("body")
    return body or next((child for child in owner.named_children if child.type in syntax.members), None)


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
