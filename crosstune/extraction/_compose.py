"""Put the chosen definition, what it needs, and the declaration's surroundings together."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crosstune.extraction._closure import (
    Pool,
    needed,
    needed_imports,
    needed_statements,
    parameter_names,
)
from crosstune.extraction._declaration import Declaration, class_of, import_names, members_of
from crosstune.extraction._items import Item, Kind, class_body, names_of
from crosstune.languages import Method, Syntax
from crosstune.parsing import decoded, leaves

if TYPE_CHECKING:
    from tree_sitter import Node

_VISIBILITY = re.compile(r"^(\s*(?:@\w+\s+)*)(?:(?:public|private|protected|static)\s+)+")


def compose(declaration: Declaration, pool: Pool, chosen: Item) -> str:
    """The candidate: attributes of the whole program, imports, then definitions, each after what it needs."""
    syntax = pool.syntax
    kept = _kept(declaration, pool, chosen)
    statements = [item for item in kept if pool.sets_up(item) and not _relies_on(pool, item, kept)]
    before = _not_repeated(declaration, kept)
    lines = [item.text for item in pool.items if item.kind is Kind.FIRST]
    lines += [item.text for item in declaration.before if item.kind is Kind.FIRST]
    lines += _imports(syntax, declaration, before, needed_imports(pool, kept))
    lines += [item.text for item in statements]
    lines += [item.text for item in before[_imports_end(before) :]]
    lines += _definitions(declaration, pool, chosen, [item for item in kept if item not in statements])
    return "\n".join(line.strip("\n").rstrip() for line in lines if line.strip()) + "\n"


def _kept(declaration: Declaration, pool: Pool, chosen: Item) -> list[Item]:
    """The chosen item, all that it needs, and the statements that prepare it."""
    name = declaration.name
    roots = [chosen]
    if name in chosen.names and not pool.is_class(chosen):
        roots = pool.definers(name, chosen.block) or roots
        roots = roots if chosen in roots else [chosen]
    kept = needed(pool, roots, name)
    if declaration.container and pool.is_class(chosen):  # loose members are quotations
        kept = [item for item in kept if pool.is_class(item)]
    statements: list[Item] = []
    while found := [item for item in needed_statements(pool, kept, name) if item not in kept]:
        statements += found
        kept = needed(pool, [*roots, *statements], name)
    return kept


def _relies_on(pool: Pool, item: Item, kept: Sequence[Item]) -> bool:
    """Whether a statement uses what another item defines."""
    return any(
        definer is not item and definer in kept
        for used in item.uses
        for definer in pool.definers(used, item.block)
    )


def _not_repeated(declaration: Declaration, kept: Sequence[Item]) -> list[Item]:
    """The declaration's items that the answer does not define anew."""
    names = frozenset[str]().union(*(item.names for item in kept))
    texts = {squeezed(item.text) for item in kept}
    return [
        item
        for item in declaration.before
        if item.kind is not Kind.FIRST
        and (item.kind is Kind.IMPORT or not item.names & names)
        and squeezed(item.text) not in texts
        and not (item.kind is Kind.ATTACHED and item.owners & names)
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


def _imports_end(before: Sequence[Item]) -> int:
    """The number of items up to the last import."""
    return max((at for at, item in enumerate(before, 1) if item.kind is Kind.IMPORT), default=0)


def _imports(
    syntax: Syntax, declaration: Declaration, before: Sequence[Item], imports: Sequence[Item]
) -> list[str]:
    """The declaration up to its last import, and the answer's imports that it does not have."""
    given = before[: _imports_end(before)]
    future = [item.text for item in imports if "__future__" in item.text]
    lines = [*future, *(item.text for item in given)]
    seen = {squeezed(line) for line in lines}
    bound = set(declaration.bound).union(
        *(import_names(syntax, item) for item in given if item.kind is Kind.IMPORT)
    )
    for item in imports:
        if syntax.split_imports:
            pairs = syntax.split_imports(item.text)
            if not set(pairs) & bound:
                new = [item.text]
            else:
                new = [line for each, line in pairs.items() if each not in bound]
            bound |= set(pairs)
        else:
            new = [syntax.rewrite_import(item.text) if syntax.rewrite_import else item.text]
        lines += [line for line in new if squeezed(line) not in seen]
        seen |= {squeezed(line) for line in new}
    return lines


def _definitions(declaration: Declaration, pool: Pool, chosen: Item, kept: Sequence[Item]) -> list[str]:
    syntax, name = pool.syntax, declaration.name
    if declaration.container and name in chosen.names:
        return _in_container(declaration, pool, kept)
    owner = None if name in chosen.names else class_of(syntax, chosen.node, name)
    lines = []
    for item in kept:
        if item is chosen and owner is not None and declaration.container:
            lines.append(_class_text(syntax, declaration, owner, item))
        else:
            lines.append(textwrap.dedent(item.text) if syntax.indented else item.text)
    if chosen.kind is Kind.ATTACHED and syntax.empty_type:
        known = frozenset[str]().union(*(item.names for item in kept))
        lines[:0] = [syntax.empty_type.format(each) for each in sorted(chosen.owners - known)]
    if owner is not None and not declaration.container:
        lines += _calling(syntax, owner, name)
    return lines


def _in_container(declaration: Declaration, pool: Pool, kept: Sequence[Item]) -> list[str]:
    """Bare functions put into the class that the declaration opens; classes stay outside."""
    outside = [item for item in kept if pool.is_class(item) and not _VISIBILITY.match(item.text)]
    inside = [item for item in kept if item not in outside]
    names = frozenset[str]().union(*(item.names for item in inside))
    members = [each.text for each in declaration.members if not each.names & names]
    body = "\n".join([*members, *(item.text for item in inside)])
    closer = "\n}" if declaration.header.rstrip().endswith("{") else ""
    return [*(item.text for item in outside), f"{declaration.header}\n{body}{closer}"]


def _class_text(syntax: Syntax, declaration: Declaration, owner: Node, item: Item) -> str:
    """The answer's class under the declared name, without a main, with the members it lacks."""
    name = _class_name(syntax, owner)
    own = frozenset[str]().union(*(each.names for each in members_of(syntax, owner)))
    missing = [each.text for each in declaration.members if each.names and not each.names & own]
    text = _edited_class(syntax, owner, missing, {name: declaration.container} if name else {})
    is_inner = owner.start_byte != item.node.start_byte
    return _VISIBILITY.sub(r"\1", text) if is_inner or text.lstrip().startswith("public") else text


def _class_name(syntax: Syntax, owner: Node) -> str:
    name = owner.child_by_field_name("name") or owner.child_by_field_name("type")
    if name is None:  # some grammars have no fields
        return next(iter(names_of(syntax, owner)), "")
    return decoded(name.text or b"")


def _edited_class(syntax: Syntax, owner: Node, missing: Sequence[str], renamed: dict[str, str]) -> str:
    """The class's source without ``main`` methods, with members added and identifiers renamed."""
    base, data = owner.start_byte, owner.text or b""
    edits: list[tuple[int, int, str]] = []
    mains = (each.node for each in members_of(syntax, owner) if "main" in each.names)
    cut = [(node.start_byte, node.end_byte) for node in mains if node.type in syntax.functions]
    for leaf in leaves(owner):
        new = renamed.get(decoded(leaf.text or b"")) if "identifier" in leaf.type else None
        if new and not any(begin <= leaf.start_byte < end for begin, end in cut):
            edits.append((leaf.start_byte, leaf.end_byte, new))
    edits += [(begin, end, "") for begin, end in cut]
    body = class_body(syntax, owner)
    if missing and body is not None and (body.text or b"").endswith(b"}"):
        edits.append(
            (body.start_byte + 1, body.start_byte + 1, "\n".join(["", *(f"    {each}" for each in missing)]))
        )
    for begin, end, new in sorted(edits, reverse=True):
        data = data[: begin - base] + new.encode() + data[end - base :]
    return decoded(data)


def _calling(syntax: Syntax, owner: Node, name: str) -> list[str]:
    """A function that calls the method which the answer wrote in its place."""
    method = next((each for each in members_of(syntax, owner) if name in each.names), None)
    if method is None or syntax.call_method is None:
        return []
    node = method.node
    node = node.child_by_field_name("definition") or node
    body = node.child_by_field_name("body")
    text = node.text or b""
    head = decoded(text[: body.start_byte - node.start_byte] if body is not None else text).strip()
    receiver = [child for child in leaves(node) if child.type == "self"]
    static = bool(re.match(r"(?:pub\s+)?(?:static|fn)\b", head)) and not receiver
    static = static or owner.type == "object_declaration"
    parameters = parameter_names(syntax, node)
    return [
        syntax.call_method(
            Method(
                owner=_class_name(syntax, owner), name=name, head=head, parameters=parameters, static=static
            )
        )
    ]


def continued_class(declaration: Declaration, pool: Pool, item: Item, code: str) -> str | None:
    """A continued method in its class: the class as it is where it is whole, else closed after the method;
    None where the method is not whole."""
    syntax, name = pool.syntax, declaration.name
    owner = class_of(syntax, item.node, name) or item.node
    data = code.encode("utf-8", "surrogatepass")
    lines = [decoded(data[: owner.start_byte]).rstrip("\n")]
    if (item.whole and owner is not item.node) or (item.whole and item.node.type in syntax.classes):
        text = _edited_class(syntax, owner, [], {})
        later = [
            each.text for each in needed(pool, [item], name) if each is not item and each.begin >= item.end
        ]
        return "\n".join([*lines, text, *later]).strip("\n").rstrip() + "\n"
    method = _method(syntax, item.node, name)
    if method is None or method.has_error:
        return None
    text = decoded(data[owner.start_byte : method.end_byte])
    return "\n".join([*lines, f"{text}\n}}"]).strip("\n").rstrip() + "\n"


def _method(syntax: Syntax, node: Node, name: str) -> Node | None:
    waiting, found = [node], None
    while waiting:
        current = waiting.pop(0)
        if current.type in syntax.functions and name in names_of(syntax, current):
            found = found or current
        waiting += current.named_children
    return found
