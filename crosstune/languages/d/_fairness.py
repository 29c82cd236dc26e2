"""Comparisons in D's tests: no type of the candidate's may say what equals a value of another type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crosstune.parsing import CodeParser, decoded, encoded

if TYPE_CHECKING:
    from tree_sitter import Node

_OPERATORS = re.compile(r"\bop(?:Equals|Cmp|Cast|Binary)\b|\balias\s+[\w.]+\s+this\b|\bmixin\b")
_COMPARISONS = frozenset({"equal_expression", "rel_expression"})
# A type is the candidate's own if any part of it is: an item, an argument of a template.
_TEMPLATE = """template NAME_fair(A, B) {
    static if (is(A == X[], X) && is(B == Y[], Y)) enum NAME_fair = NAME_fair!(X, Y);
    else enum NAME_fair = is(const A == const B) || !(NAME_own!A || NAME_own!B);
}
template NAME_own(T) {
    static if (is(T == enum)) {
        static if (is(T B == enum)) enum NAME_own = NAME_own!B;
    } else static if (is(T == X[], X) || is(T == X[N], X, typeof(int.sizeof) N)) enum NAME_own = NAME_own!X;
    else static if (is(T == V[K], V, K)) enum NAME_own = NAME_own!V || NAME_own!K;
    else static if (is(T == struct) || is(T == class) || is(T == union) || is(T == interface)) {
        import std.traits : moduleName;
        static if (moduleName!T == __MODULE__) enum NAME_own = true;
        else static if (is(T == C!P, alias C, P...)) enum NAME_own = NAME_some!P;
        else enum NAME_own = false;
    } else enum NAME_own = false;
}
template NAME_some(P...) {
    static if (P.length == 0) enum NAME_some = false;
    else static if (is(P[0])) enum NAME_some = NAME_own!(P[0]) || NAME_some!(P[1 .. $]);
    else enum NAME_some = NAME_some!(P[1 .. $]);
}"""


def is_needed(candidate: str) -> bool:
    """Whether the candidate may define operators."""
    return _OPERATORS.search(candidate) is not None


def template(name: str) -> str:
    """What the checks use; ``name`` is random."""
    return _TEMPLATE.replace("NAME", name)


def with_checks(tests: str, name: str) -> str:
    """The tests, whose comparisons also check the types of what they compare."""
    root = CodeParser("d").parse(tests)
    edits, waiting = list[tuple[int, int, str]](), [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type in _COMPARISONS and len(node.children) == 3:
            edits += _checked(node, name)
    data = encoded(tests)
    for at, _, text in sorted(edits, reverse=True):
        data = data[:at] + text.encode() + data[at:]
    return decoded(data)


def _checked(comparison: Node, name: str) -> list[tuple[int, int, str]]:
    """What is put around a comparison: two values that cannot be compared differ."""
    left, operator, right = (decoded(each.text or b"") for each in comparison.children)
    fair = f"{name}_fair!(typeof({left}), typeof({right}))"
    check = f"(!{fair} || " if operator == "!=" else f"({fair} && "
    size = comparison.end_byte - comparison.start_byte
    # Of what begins at one place, the longest is put around the others.
    return [(comparison.start_byte, -size, check), (comparison.end_byte, size, ")")]
