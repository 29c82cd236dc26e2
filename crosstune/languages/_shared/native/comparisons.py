"""Find out which side decides the comparisons of C++ tests, where a candidate may have operators of its own.

The tests' ``assert`` looks at what it compares; every other comparison is put into a macro that does. A
declaration that has operators itself asks for them: then nothing is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from crosstune.languages._shared.native import macros
from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.parsing import CodeParser, decoded, encoded
from crosstune.records import Program

# The word can be pasted together from pieces.
_OPERATOR = re.compile(r"\boperator\b|##|%:%:|\?\?=")
_COMPARING = frozenset({"==", "!=", "<", ">", "<=", ">=", "not_eq"})
# In these, an expression has to be constant, or is none.
_CONSTANT = """
static_assert_declaration template_argument_list enumerator array_declarator case_statement
preproc_def preproc_function_def preproc_if preproc_elif requires_clause requires_expression
bitfield_clause noexcept decltype
"""
_SPECIALISED = re.compile(
    r"template\s*<\s*>[^;{}]*\bstd\s*::\s*operator\s*(?:[=!<>]=|<=>|<|>)\s*(?:<[^()]*>)?\s*\("
    r"|namespace\s+std\s*\{[^}]*template\s*<\s*>[^;{}]*\boperator\s*(?:[=!<>]=|<=>|<|>)"
)


def are_checked(program: Program) -> bool:
    """Whether the candidate may have operators that the benchmark does not ask for."""
    given = f"{program.declaration}\n{program.setup}"
    return bool(_OPERATOR.search(macros.joined_lines(program.candidate))) and not re.search(
        r"\boperator\b", given
    )


def specialise_the_standard(candidate: str) -> bool:
    """Whether a candidate replaces comparisons of the standard library's own types, which no program may."""
    return bool(_SPECIALISED.search(macros.joined_lines(candidate)))


def with_checks(tests: str, macro: str) -> str:
    """``tests`` with each comparison in the ``macro``, apart from those that an ``assert`` consists of."""
    root = CodeParser("cpp").parse(tests)
    if root is None:
        return tests
    data = encoded(tests)
    marks = [(node.start_byte, f"{macro}(".encode()) for node in _comparisons(root)]
    marks += [(node.end_byte, b")") for node in _comparisons(root)]
    # What ends at a place ends before anything begins there.
    for place, mark in sorted(marks, key=lambda each: (each[0], each[1] != b")"), reverse=True):
        data = data[:place] + mark + data[place:]
    return decoded(data)


def lambda_in_assertion(tests: str) -> bool:
    """Whether an assertion contains a lambda expression, whose type cannot be asked for."""
    root = CodeParser("cpp").parse(tests) if "assert" in tests and "[" in tests else None
    return root is not None and any(_is_assertion(node) and _has_lambda(node) for node in descendants(root))


def _comparisons(root: Node) -> Iterator[Node]:
    constant = _CONSTANT.split()
    for node in descendants(root, lambda each: each.type not in constant and not _is_constexpr(each)):
        operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
        if operator is None or text_of(operator) not in _COMPARING or node.has_error:
            continue
        parent = node.parent
        whole = parent is not None and parent.type == "argument_list" and parent.parent
        if not (whole and _is_assertion(whole)) and not _has_lambda(node):
            yield node


def _is_assertion(node: Node) -> bool:
    return node.type == "call_expression" and text_of(node.child_by_field_name("function")) == "assert"


def _has_lambda(node: Node) -> bool:
    return any(each.type == "lambda_expression" for each in descendants(node))


def _is_constexpr(node: Node) -> bool:
    return any(text_of(child) in ("constexpr", "consteval") for child in node.children)
