"""Why tests cannot judge any candidate: they do not parse, need a package, or check nothing."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from crosstune.languages.java import _packages, _prepared
from crosstune.parsing import CodeParser, decoded

if TYPE_CHECKING:
    from tree_sitter import Node, Query

    from crosstune.records import Program

_CONTINUATIONS = ("class X { void f() {\n", "class X {\n")
"""Tests may also be the rest of a class whose beginning, up to the body of a method, is the candidate."""
_LEAVES = frozenset({"exit", "halt", "orElseThrow"})
_CHECKS_BY_NAME = re.compile(
    r"(?i)(assert|check|verify|expect|require|ensure|must|should|fail|confirm|validate|test|compare|reject)"
)
"""Names of methods of others that may throw because of their argument; too many rather than too few."""
_USUAL = frozenset(
    (
        *(
            "Object",
            "String",
            "StringBuilder",
            "Integer",
            "Long",
            "Double",
            "Boolean",
            "Character",
            "Math",
            "System",
        ),
        *(
            "Thread",
            "Runtime",
            "Exception",
            "RuntimeException",
            "AssertionError",
            "IllegalStateException",
            "Error",
        ),
        *(
            "Arrays",
            "List",
            "ArrayList",
            "LinkedList",
            "Map",
            "HashMap",
            "TreeMap",
            "Set",
            "HashSet",
            "TreeSet",
        ),
        *("Collections", "Objects", "Optional", "Random", "Scanner", "Stream", "IntStream", "Collectors"),
    )
)
REFLECTION = frozenset(
    {"getMethod", "getMethods", "getDeclaredMethod", "getDeclaredMethods", "newProxyInstance"}
)
_KINDS = """
    [
        (import_declaration) (method_declaration) (constructor_declaration) (assert_statement)
        (throw_statement) (method_invocation) (method_reference) (marker_annotation) (annotation)
        (object_creation_expression) (class_declaration) (record_declaration)
    ] @found
"""


def tests_error(program: Program) -> str:
    """Why the tests of a program cannot judge any candidate, and the way to mend it; empty if they can, or in
    doubt."""
    if not program.tests.strip():
        return "the tests check nothing: there are none"
    root = _parsed(program.tests)
    if root is None:
        return ""
    if root.has_error:
        return _prepared.syntax_error(program.tests)
    nodes = nodes_of(root)
    return _missing_package(nodes) or _idle(nodes, program.setup)


def _parsed(tests: str) -> Node | None:
    """The tree; with errors if the tests have some in whatever way they are read."""
    first: Node | None = None
    parser = CodeParser("java")
    text = tests.removeprefix("\ufeff")
    for opening in ("", *_CONTINUATIONS):
        root = parser.parse(opening + text)
        if root is None or not root.has_error:
            return root
        first = first or root
    return first


def nodes_of(root: Node) -> dict[str, list[Node]]:
    from tree_sitter import QueryCursor

    found = QueryCursor(_query()).captures(root).get("found", [])
    nodes = defaultdict[str, list["Node"]](list)
    for node in found:
        nodes[node.type].append(node)
    return nodes


@functools.cache
def _query() -> Query:
    from tree_sitter import Query
    from tree_sitter_language_pack import get_language

    return Query(get_language("java"), _KINDS)


def _missing_package(nodes: dict[str, list[Node]]) -> str:
    imports = [
        (_text(_imported(node)), {child.type for child in node.children})
        for node in nodes["import_declaration"]
    ]
    names = {part for name, _ in imports for part in name.split(".")}
    for name, kinds in imports:
        members = ("static" in kinds) + ("asterisk" not in kinds)
        known = _prepared.platform_packages()
        error = _packages.missing(name, known, members, may_be_candidate=False)
        if error and _names_class(nodes, names):
            return error
        if error := _packages.missing(name, known, members, may_be_candidate=True):
            return error
    return ""


def _imported(node: Node) -> Node:
    return next(child for child in node.named_children if "comment" not in child.type)


def _names_class(nodes: dict[str, list[Node]], imported: set[str]) -> bool:
    """Whether the tests make an object of a class, or call a method of one, that is neither theirs nor
    imported, nor one of those that need no import or are usually imported with others."""
    known = (
        imported
        | _USUAL
        | {name_of(node) for node in nodes["class_declaration"] + nodes["record_declaration"]}
    )
    made = (node.child_by_field_name("type") for node in nodes["object_creation_expression"])
    called = (node.child_by_field_name("object") for node in nodes["method_invocation"])
    names = (
        _text(node) for node in (*made, *called) if node and node.type in ("type_identifier", "identifier")
    )
    return any(name[:1].isupper() and name not in known for name in names)


def _idle(nodes: dict[str, list[Node]], setup: str) -> str:
    """Why no part of the tests can fail: nothing calls them, or they only compute and print."""
    methods = {name_of(node) for node in nodes["method_declaration"]}
    annotated = any(
        _text(node).startswith("@Test") for node in nodes["marker_annotation"] + nodes["annotation"]
    )
    if "main" not in methods and "main" not in setup:
        return "the tests check nothing: no class of theirs has a method main, which would run them"
    calls = nodes["method_invocation"]
    checks = [*nodes["assert_statement"], *nodes["throw_statement"], *_checking(calls, methods)]
    if not checks and not _might_check(setup):
        return "the tests check nothing: no assertion, no throw and no exit in them"
    if not checks or annotated or any(name_of(call) in REFLECTION for call in calls):
        return ""
    reached = _reached(nodes)
    if any(_owner(check) in reached for check in checks) or _might_check(setup):
        return ""
    return "the tests check nothing: main does not call the methods that have assertions"


def _checking(calls: Iterable[Node], methods: set[str]) -> Iterator[Node]:
    for call in calls:
        name = name_of(call)
        target = call.child_by_field_name("object")
        words = f"{_text(target)}.{name}" if target and target.type == "identifier" else name
        if name in _LEAVES or (name not in methods and _CHECKS_BY_NAME.search(words)):
            yield call


def _might_check(setup: str) -> bool:
    return any(word in setup for word in ("assert", "throw", "exit", "halt"))


def _reached(nodes: dict[str, list[Node]]) -> set[str]:
    """The methods that main may call, by name; those of classes that extend others may be called from
    anywhere, and code outside of methods (``""``) is run."""
    called = defaultdict[str, set[str]](set)
    for call in [*nodes["method_invocation"], *nodes["method_reference"]]:
        called[_owner(call)].add(name_of(call))
    waiting = ["", "main", *(name_of(each) for each in nodes["method_declaration"] if _is_inherited(each))]
    reached = set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += called[name]
    return reached


def _owner(node: Node) -> str:
    """The name of the outermost method around a node; empty outside of all."""
    owner, parent = "", node.parent
    while parent is not None:
        if parent.type == "method_declaration":
            owner = name_of(parent)
        parent = parent.parent
    return owner


def _is_inherited(method: Node) -> bool:
    body = method.parent
    kind = body.parent if body is not None else None
    if kind is None:
        return False
    return any(child.type in ("superclass", "super_interfaces") for child in kind.children)


def name_of(node: Node) -> str:
    name = node.child_by_field_name("name") or (node.children[-1] if node.children else node)
    return _text(name)


def _text(node: Node) -> str:
    return decoded(node.text or b"")
