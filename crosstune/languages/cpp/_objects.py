"""What tests in C++ use of a declaration's classes, whose objects stay in the candidate's process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from crosstune.languages._shared.native import declarations
from crosstune.languages._shared.native.declarations import Function
from crosstune.languages._shared.native.nodes import descendants, name_of_function, text_of
from crosstune.languages.cpp import _classes
from crosstune.languages.cpp._class_stubs import stub
from crosstune.languages.cpp._classes import Class, Shared
from crosstune.parsing import decoded, encoded

# Types that an instance of a class template may have as arguments, and their headers.
_SAME = "string vector map set deque list array tuple optional unordered_map unordered_set"
_HEADERS = {
    **dict(zip(_SAME.split(), _SAME.split(), strict=True)),
    "pair": "utility",
    "multiset": "set",
    "multimap": "map",
}
_UNQUALIFIED = re.compile(rf"(?<![:\w])({'|'.join(_HEADERS)})\b")
_FUNCTIONS = ("function_definition", "declaration")


@dataclass(frozen=True)
class Classes:
    """What a declaration has if the tests use classes of it: its text ``before`` them, the text with their
    stubs, the classes, and the functions that are entry points, too."""

    before: str
    stubs: str
    classes: tuple[Class, ...]
    functions: tuple[Function, ...]


def classes(declaration: str, entry_points: tuple[str, ...]) -> Classes | None:
    """The classes among the entry points; None if there is none. An entry point is the name of a class, of a
    function, or of a method (alone or as in ``Stack::push``).

    Raises:
        Shared: their objects cannot be reached from another process.
    """
    root = declarations.root_of(declaration, "cpp")
    if root is None:
        return None
    asked = {each.partition("<")[0] for each in entry_points}
    functions = {
        name_of_function(node): node
        for node in root.named_children
        if node.type in _FUNCTIONS and declarations.declarator_of(node) and _owner(node) is None
    }
    nodes = [pair for pair in _classes.found(root) if _is_asked(*pair, asked - functions.keys())]
    if not nodes:
        return None
    read = tuple(_classes.read(node, scope) for node, scope in nodes)
    named = {name: node for name, node in functions.items() if name in asked}
    operators = _operators(root, read)
    dropped = [*named.values(), *_definitions(root, {each.name for each in read})]
    dropped += [node for node in operators.values() if node.parent == root]
    cuts = sorted(
        [(node.start_byte, node.end_byte, "") for node in dropped]
        + [(each.node.start_byte, each.node.end_byte, stub(each)) for each in read]
    )
    first = min(_top(each.node).start_byte for each in read)
    return Classes(
        before=_replaced(root, 0, first, cuts),
        stubs=_replaced(root, first, root.end_byte, cuts),
        classes=read,
        functions=tuple(
            declarations.function_of(name, node) for name, node in (*named.items(), *operators.items())
        ),
    )


def _operators(root: Node, read: Sequence[Class]) -> dict[str, Node]:
    """The operators that are declared outside of the classes, or as friends, and work on their objects."""
    found = dict[str, Node]()
    names = {each.name for each in read}
    outside = [node for node in root.named_children if node.type == "declaration"]
    for node in (*outside, *(friend for each in read for friend in each.friends)):
        declarator = declarations.declarator_of(node)
        name = declarator.child_by_field_name("declarator") if declarator else None
        words = set(re.findall(r"\w+", text_of(node)))
        is_operator = name is not None and name.type == "operator_name"
        if is_operator and names & words and not words & {"ostream", "istream"}:
            if text_of(name) in found and found[text_of(name)].parent != node.parent:
                continue  # a friend that is declared outside, too
            if text_of(name) in found:
                raise Shared(f"{text_of(name)} is overloaded")
            if any(each.template for each in read):
                raise Shared(f"{text_of(name)} is no member")
            found[text_of(name)] = node
    return found


def _is_asked(node: Node, scope: tuple[str, ...], asked: set[str]) -> bool:
    name = _classes.name_of(node)
    if {name, "::".join((*scope, name))} & asked:
        return True
    body = node.child_by_field_name("body")
    names = {name_of_function(each) for each in body.named_children} if body else set()
    names = {each for each in names if each}
    return bool(
        (names | {f"{name}::{each}" for each in names} | {f"{name}.{each}" for each in names}) & asked
    )


def _owner(node: Node) -> str | None:
    """The class whose member is defined outside of it."""
    inner = declarations.declarator_of(node) or node.child_by_field_name("declarator")
    if inner is not None and inner.type in ("function_declarator", "init_declarator"):
        inner = inner.child_by_field_name("declarator")
    if inner is None or inner.type != "qualified_identifier":
        return None
    return text_of(inner.child_by_field_name("scope")).partition("<")[0]


def _definitions(root: Node, names: set[str]) -> Iterator[Node]:
    """The definitions of members outside of their classes."""
    for node in root.named_children:
        inner = node.named_children[-1] if node.type == "template_declaration" else node
        if inner.type in _FUNCTIONS and _owner(inner) in names:
            yield node


def _top(node: Node) -> Node:
    while node.parent is not None and node.parent.parent is not None:
        node = node.parent
    return node


def _replaced(root: Node, begin: int, end: int, cuts: Iterable[tuple[int, int, str]]) -> str:
    data, parts, at = encoded(text_of(root)), [], begin
    offset = root.start_byte
    for first, last, text in cuts:
        if begin <= first < end:
            parts += [data[max(at - offset, 0) : first - offset], text.encode()]
            at = last
    parts.append(data[max(at - offset, 0) : end - offset])
    return decoded(b"".join(parts))


def instances_of(names: Iterable[str]) -> tuple[str, ...]:
    """The instances of class templates among what the tests use."""
    return tuple(name for name in names if "<" in name and not name.startswith("operator"))


def includes_of(instances: Iterable[str]) -> str:
    """The headers that instances need, which the tests include."""
    words = set(re.findall(r"\w+", " ".join(instances)))
    return "".join(
        f"#include <{each}>\n" for each in sorted({_HEADERS[word] for word in words & _HEADERS.keys()})
    )


def uses(tests: Node, found: Sequence[Class]) -> tuple[str, ...]:
    """What the tests use of the classes: names of methods, and instances of class templates."""
    names = {method.name for each in found for method in each.methods}
    templates = {each.qualified: each for each in found if each.template}
    text, texts, instances = text_of(tests), set[str](), dict[str, None]()
    for node in descendants(tests):
        if node.child_count == 0:
            texts.add(text_of(node))
        if node.type == "template_type":
            name = text_of(node.child_by_field_name("name"))
            for qualified in templates:
                if qualified.rpartition("::")[2] == name:
                    arguments = " ".join(text_of(node.child_by_field_name("arguments")).split())
                    if "using namespace std" in text:
                        arguments = _UNQUALIFIED.sub(r"std::\1", arguments)
                    instances[f"{qualified}{arguments}"] = None
    signs = {name: name.removeprefix("operator").strip()[:2] for name in names if name.startswith("operator")}
    operators = {name for name, sign in signs.items() if sign in texts or sign in ("[]", "()")}
    return (*sorted(names & texts | operators), *instances)
