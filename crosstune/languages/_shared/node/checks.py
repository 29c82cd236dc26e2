"""Find tests that cannot judge any candidate: they do not parse, need a missing package, or check nothing.

Only sure findings count; the candidate has no influence. See `Judging.check_tests`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import packages
from crosstune.languages._shared.node.modules import plain
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

Confirm = Callable[[str], str]
"""Why a text does not parse, from the language's own parser; empty if it does."""

_NOTHING = "the tests check nothing: no assertion, comparison, throw or exit in them is ever reached"
_FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "method_definition",
    }
)
_CHECKS = frozenset({"throw_statement", "switch_statement"})
_COMPARISONS = frozenset(
    {"==", "===", "!=", "!==", "<", ">", "<=", ">=", "instanceof", "in", "&&", "||", "??"}
)
_CHECKING = re.compile(
    r"assert|expect|should|equal|check|verif|fail|throws?$|reject|test|suite|spec|describe|^it$|^ok$|^t$|^is$"
    r"|exit|kill|abort|same|match|must|valid|tap|chai|strict|emit|compare|diff|^\$|eval|run|judge|require",
    re.IGNORECASE,
)
_DYNAMIC = re.compile(r"\b(?:eval|Function|globalThis|global|window|vm|exitCode)\b")
_RUNNERS = {"describe": "mocha or jest", "it": "mocha or jest", "test": "jest", "expect": "jest or chai"}
_MATCHER = re.compile(r"^(?:to|not|be|resolves|rejects)(?:$|[A-Z])")


class _Tests:
    def __init__(self, root: Node, text: str, setup: str) -> None:
        self.root, self.text, self.setup = root, text, setup
        self.nodes = list(_nodes(root))

    @functools.cached_property
    def declared(self) -> dict[str, Node]:
        """The functions that the tests declare at their top level, by name."""
        found = {}
        for statement in self.root.named_children:
            if statement.type in _FUNCTIONS:
                found[_text(statement.child_by_field_name("name"))] = statement
            for declarator in statement.named_children:
                value = declarator.child_by_field_name("value")
                if declarator.type == "variable_declarator" and value and value.type in _FUNCTIONS:
                    found[_text(declarator.child_by_field_name("name"))] = declarator
        return found

    @functools.cached_property
    def bound(self) -> set[str]:
        """Names that the tests bind to anything but their own functions: what these do is unknown."""
        kinds = ("identifier", "shorthand_property_identifier_pattern")
        named = [node for node in self.nodes if node.type in kinds and not _is_used(node)]
        return {_text(node) for node in named} - set(self.declared)


def _is_used(node: Node) -> bool:
    """Whether an identifier is read, not bound."""
    binding = ("variable_declarator", "import_clause", "import_specifier", "namespace_import", "pair_pattern")
    parent = node.parent
    return parent is None or not (
        node.type == "shorthand_property_identifier_pattern"
        or parent.type in (*binding, "formal_parameters", "required_parameter", "import_require_clause")
        or (parent.type == "arrow_function" and parent.child_by_field_name("parameter") == node)
    )


def check_tests(grammar: str, setup: str, tests: str, confirm: Confirm) -> str:
    """Why ``tests`` cannot judge any candidate, and how to get what is missing; empty if they can."""
    text = plain(tests)
    root = CodeParser(grammar).parse(text)
    if root is None:
        return ""
    if root.has_error:
        error = confirm(text)
        return f"the tests do not parse: {error}" if error else ""
    parsed = _Tests(root, text, setup)
    return _missing_package(parsed) or _missing_runner(parsed) or _nothing(parsed)


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def _text(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node else ""


def _missing_package(tests: _Tests) -> str:
    if "require" not in tests.text and "import" not in tests.text:
        return ""
    for node in tests.nodes:
        name = _required(node)
        if name and packages.is_missing(name) and not _is_tried(node):
            return f"the tests need the package {name}, which is not installed. Get it: {packages.how(name)}"
    return ""


def _required(node: Node) -> str:
    """The package that an import or a call of ``require`` loads; empty for anything else."""
    if node.type in ("import_statement", "import_require_clause"):
        return packages.package_of(_text(node.child_by_field_name("source")).strip("'\"`"))
    if node.type != "call_expression" or _text(node.child_by_field_name("function")) != "require":
        return ""
    arguments = node.child_by_field_name("arguments")
    first = arguments.named_children[0] if arguments and arguments.named_children else None
    return packages.package_of(_text(first).strip("'\"")) if first and first.type == "string" else ""


def _is_tried(node: Node) -> bool:
    """Whether the failure of a statement can be caught, or it may never run."""
    above: Node | None = node
    while above is not None:
        if above.type in ("try_statement", "if_statement", "ternary_expression", *_FUNCTIONS):
            return True
        above = above.parent
    return False


def _missing_runner(tests: _Tests) -> str:
    """Functions of a test runner that the tests call although nothing provides them."""
    if not any(f"{name}(" in tests.text for name in _RUNNERS):
        return ""
    called: dict[str, str] = {}
    otherwise = set()
    for node in tests.nodes:
        name = _text(node)
        if node.type not in ("identifier", "shorthand_property_identifier_pattern") or name not in _RUNNERS:
            continue
        if node.type == "identifier" and _is_call_of_runner(node, name):
            called.setdefault(name, _RUNNERS[name])
        elif not _is_called(node):
            otherwise.add(name)
    free = [name for name in called if name not in otherwise and not re.search(rf"\b{name}\b", tests.setup)]
    if not free:
        return ""
    names = " and ".join(free)
    return (
        f"the tests call {names} of {called[free[0]]}, which is not installed. Get it: "
        "import the function from a package or from node:test"
    )


def _is_called(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.type == "call_expression" and parent.child(0) == node


def _is_call_of_runner(node: Node, name: str) -> bool:
    """Whether a call looks like one of a runner: ``it("adds", () => …)``, ``expect(…).toBe(…)``."""
    call = node.parent
    if call is None or not _is_called(node):
        return False
    if name == "expect":
        above = call.parent
        member = (
            above.child_by_field_name("property") if above and above.type == "member_expression" else None
        )
        return _MATCHER.match(_text(member)) is not None
    arguments = call.child_by_field_name("arguments")
    kinds = [each.type for each in arguments.named_children] if arguments else []
    return len(kinds) >= 2 and kinds[0] in ("string", "template_string") and kinds[1] in _FUNCTIONS


def _nothing(tests: _Tests) -> str:
    """Whether no check can be reached. Functions that are declared and never mentioned again do not run."""
    if _DYNAMIC.search(tests.text):
        return ""
    unused = _unused_functions(tests)
    for node in tests.nodes:
        if _is_check(node, tests) and not _is_within(node, unused):
            return ""
    return _NOTHING


def _is_check(node: Node, tests: _Tests) -> bool:
    if node.type == "binary_expression":
        return _text(node.child_by_field_name("operator")) in _COMPARISONS
    if node.type == "import_statement":  # what a module does is unknown, unless names are taken from it
        return not node.named_children[0].type.endswith("clause")
    if node.type in ("call_expression", "new_expression"):
        return _is_checking_call(node, tests)
    return node.type in _CHECKS


def _is_checking_call(node: Node, tests: _Tests) -> bool:
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    name = _text(function)
    if function is None or function.type == "import":
        return True
    if function.type == "identifier" and name in tests.declared:
        return False
    words = re.split(r"\W+", name)
    return words[0] in tests.bound or any(_CHECKING.search(word) for word in words if word != "require")


def _unused_functions(tests: _Tests) -> list[Node]:
    """Functions that are mentioned nowhere, or only in such functions or themselves."""
    data = tests.text.encode("utf-8", "replace")
    mentions = {
        name: [
            found.start() for found in re.finditer(rb"(?<![\w$])%b(?![\w$])" % re.escape(name.encode()), data)
        ]
        for name in tests.declared
    }
    unused = dict(tests.declared)
    while True:
        bodies = list(unused.values())
        used = [name for name in unused if any(not _holds(bodies, at) for at in mentions[name])]
        if not used:
            return bodies
        for name in used:
            del unused[name]


def _holds(nodes: list[Node], at: int) -> bool:
    return any(node.start_byte <= at < node.end_byte for node in nodes)


def _is_within(node: Node, others: list[Node]) -> bool:
    return _holds(others, node.start_byte)
