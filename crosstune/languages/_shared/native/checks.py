"""Whether tests in C or C++ can fail at all, or check nothing.

They can if something that is reached from ``main`` asserts, throws, exits, compares or decides. All else
passes every candidate. When in doubt, they can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tree_sitter import Node

from crosstune.languages._shared.native.nodes import descendants, name_of_function, text_of

_DECIDING = """
throw_statement throw_expression static_assert_declaration if_statement while_statement do_statement
switch_statement conditional_expression gnu_asm_expression requires_clause
"""
_COMPARING = frozenset(
    {"==", "!=", "<", ">", "<=", ">=", "<=>", "&&", "||", "!", "and", "or", "not", "not_eq"}
)
# Names of functions and macros that may end the program, as part of their name or as a whole.
_ENDING = re.compile(
    r"assert|abort|exit|check|expect|require|verif|fail|terminate|raise|kill|trap|test|unreachable|jmp|throw"
    r"|error|ensure|must|compare|equal|^(?:at|get|value|sto[a-z]+|any_cast|dynamic_cast)$",
    re.IGNORECASE,
)
_CONSTANTS = frozenset({"number_literal", "true", "false"})
_CONSTANT_NAMES = frozenset({"EXIT_SUCCESS", "EXIT_FAILURE"})


def lack(roots: Iterable[Node]) -> str:
    """What is wrong if the tests, in whole files with these roots, check nothing; else empty."""
    roots = list(roots)
    if any(root.has_error for root in roots):
        return ""
    functions: dict[str, list[Node]] = {}
    reached: list[Node] = []
    for root in roots:
        _collect(root, functions, reached)
    if "main" not in functions:
        return ""
    mains = functions["main"]
    waiting, seen = [*functions.pop("main"), *reached], set[str]()
    while waiting:
        node = waiting.pop()
        for each in descendants(node, _is_entered):
            if _can_fail(each, mains, functions):
                return ""
            for name in _names(each) & functions.keys() - seen:
                seen.add(name)
                waiting += functions[name]
    return "the tests check nothing: from main, no assertion, exit, throw, comparison or condition is reached"


def _collect(root: Node, functions: dict[str, list[Node]], reached: list[Node]) -> None:
    """Sort the tests' functions and macros by name; ``reached`` are what runs, or may, without its name."""
    for node in descendants(root, lambda each: each.type != "function_definition"):
        if node.type in ("preproc_def", "preproc_function_def"):
            functions.setdefault(text_of(node.child_by_field_name("name")), []).append(node)
        elif node.type == "function_definition":
            name = name_of_function(node)
            inner = node.parent is not None and node.parent.type == "field_declaration_list"
            if not name or inner or "__attribute__" in text_of(node):
                reached.append(node)
            else:
                functions.setdefault(name, []).append(node)
        elif node.type in ("init_declarator", "field_declaration", "static_assert_declaration"):
            reached.append(node)


def _is_entered(node: Node) -> bool:
    """The condition of a counting loop decides nothing about the candidate."""
    parent = node.parent
    counts = parent and parent.type == "for_statement" and parent.child_by_field_name("condition") == node
    return not counts or any(each.type == "call_expression" for each in descendants(node))


def _names(node: Node) -> set[str]:
    """The names in a token; a macro's text is one token."""
    return set(re.findall(r"\w+", text_of(node))) if node.child_count == 0 else set()


def _can_fail(node: Node, mains: list[Node], functions: dict[str, list[Node]]) -> bool:
    if node.type in _DECIDING.split():
        return True
    if node.type in _COMPARING:
        return node.parent is not None and node.parent.type in ("binary_expression", "unary_expression")
    if node.type == "preproc_arg":
        return bool(
            _ENDING.search(text_of(node)) or re.search(r"[=<>!?]|\b(?:if|while|switch)\b", text_of(node))
        )
    if node.type == "return_statement":
        return any(main.start_byte <= node.start_byte < main.end_byte for main in mains) and _varies(node)
    if "identifier" in node.type and node.child_count == 0:
        name = text_of(node)
        return name not in functions and name not in _CONSTANT_NAMES and bool(_ENDING.search(name))
    return False


def _varies(returned: Node) -> bool:
    for value in returned.named_children:
        if value.type not in ("comment", *_CONSTANTS) and text_of(value) not in _CONSTANT_NAMES:
            return True
    return False
