"""Comparisons in D's tests: no type of the candidate's may say what equals a value of another type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crosstune.parsing import CodeParser, decoded, encoded

if TYPE_CHECKING:
    from tree_sitter import Node

_OPERATORS = re.compile(r"\bop(?:Equals|Cmp|Cast|Binary)\b|\balias\s+[\w.]+\s+this\b")
_COMPARISONS = frozenset({"equal_expression", "rel_expression"})
_TEMPLATE = """template NAME_fair(A, B) {
    static if (is(A : X[], X) && is(B : Y[], Y)) enum NAME_fair = NAME_fair!(X, Y);
    else static if (is(A == struct) || is(A == class) || is(B == struct) || is(B == class))
        enum NAME_fair = is(const A == const B) || !(NAME_own!A || NAME_own!B);
    else enum NAME_fair = true;
}
template NAME_own(T) {
    static if (is(T == struct) || is(T == class)) {
        import std.traits : moduleName;
        enum NAME_own = moduleName!T == __MODULE__;
    } else enum NAME_own = false;
}"""


def is_needed(candidate: str) -> bool:
    """Whether the candidate may define operators."""
    return _OPERATORS.search(candidate) is not None


def template(name: str) -> str:
    """What the checks use; ``name`` is random."""
    return _TEMPLATE.replace("NAME", name)


def with_checks(tests: str, name: str) -> str:
    """The tests, whose assertions also check the types of what they compare."""
    root = CodeParser("d").parse(tests)
    edits, waiting = list[tuple[int, str]](), [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type == "assert_arguments" and node.named_children:
            edits += _checked(node.named_children[0], name)
    data = encoded(tests)
    for at, text in sorted(edits, reverse=True):
        data = data[:at] + text.encode() + data[at:]
    return decoded(data)


def _checked(asserted: Node, name: str) -> list[tuple[int, str]]:
    """What is put around an assertion; nothing if it does not compare two values."""
    compared = asserted
    while compared.type not in _COMPARISONS and compared.named_child_count == 1:
        compared = compared.named_children[0]
    if compared.type not in _COMPARISONS or len(compared.named_children) != 2:
        return []
    left, right = (decoded(each.text or b"") for each in compared.named_children)
    check = f"{name}_fair!(typeof({left}), typeof({right})) && ("
    return [(asserted.start_byte, check), (asserted.end_byte, ")")]
