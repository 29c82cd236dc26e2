"""Find out which side decides the comparisons of C++ tests, where a candidate may have operators of its own.

Equalities in the tests become calls of functions that look at what they compare, and that only find operators
by the types of their operands; other comparisons are put into a macro that looks at their types. Results of
the functions that are asked for are of no type of the candidate's if the declaration says so (``fair.hpp``).
Where a declaration has operators itself, these may compare anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from crosstune.languages._shared.native import declarations, macros
from crosstune.languages._shared.native.declarations import Function
from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.parsing import CodeParser, decoded, encoded
from crosstune.records import Program

# The word can be pasted together from pieces.
_OPERATOR = re.compile(r"\boperator\b|##|%:%:|\?\?=")
_COMPARING = frozenset({"==", "!=", "<", ">", "<=", ">=", "not_eq"})
_EQUALITIES = {"==": "equal_", "!=": "differ_", "not_eq": "differ_"}
# A literal of these may be a pointer, which a variable of the same value is not.
_LITERALS = frozenset({"number_literal", "null", "nullptr", "char_literal", "true", "false"})
# In these, an expression has to be constant, or is none.
_CONSTANT = """
static_assert_declaration template_argument_list enumerator array_declarator case_statement
preproc_def preproc_function_def preproc_if preproc_elif requires_clause requires_expression
bitfield_clause noexcept decltype
"""
_COMPARISON = r"operator\s*(?:[=!<>]=|<=>|<|>)"
_SPECIALISED = re.compile(rf"template\s*<\s*>[^;{{}}]*\bstd\s*::\s*{_COMPARISON}\s*(?:<[^()]*>)?\s*\(")
_IN_STANDARD = re.compile(rf"{_COMPARISON}\s*(?:<[^()]*>)?\s*\(([^{{;]*)\)")
_CLASS = re.compile(r"\b(?:class|struct|union|enum)\s+(\w+)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_CONTAINER_WORDS = """
basic_string vector list forward_list deque set map multiset multimap unordered_set unordered_map
unordered_multiset unordered_multimap pair tuple optional array stack queue priority_queue variant
basic_string_view initializer_list
"""
CONTAINERS = frozenset(_CONTAINER_WORDS.split())
_CONTAINER = re.compile(rf"\b(?:{'|'.join(sorted(CONTAINERS))})\s*<")
_BEFORE = re.compile(r"[;{}()]|(?<!:):(?!:)")
_DECLARES = re.compile(r"\b(?:template|class|struct)\b")
_BODY = re.compile(r"\s*(?:final\b\s*)?(?:\{|:(?!:))")
_NEAR = 300
# What the type of a result may be made of. A name that is neither here nor declared is one that the candidate
# is to define.
_STANDARD_WORDS = """
std const constexpr inline static unsigned signed int long short char bool float double wchar_t char8_t
char16_t char32_t size_t ssize_t ptrdiff_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t
intmax_t uintmax_t string wstring u16string u32string string_view vector list forward_list deque set map
multiset multimap unordered_set unordered_map unordered_multiset unordered_multimap pair tuple optional array
stack queue priority_queue variant monostate any complex bitset less greater
"""
_STANDARD = frozenset(_STANDARD_WORDS.split())


def may_be_own(program: Program) -> bool:
    """Whether the candidate may have operators."""
    return bool(_OPERATOR.search(macros.joined_lines(program.candidate)))


def are_asked_for(program: Program) -> bool:
    """Whether the benchmark has operators itself."""
    return re.search(r"\boperator\b", f"{program.declaration}\n{program.setup}") is not None


def specialise_the_standard(candidate: str) -> bool:
    """Whether a candidate replaces comparisons of the standard library's own types, which no program may."""
    text = macros.joined_lines(candidate)
    if _SPECIALISED.search(text):
        return True
    own = set(_CLASS.findall(text))
    inside = text.partition("namespace std")[2]
    return any(own.isdisjoint(re.findall(r"\w+", found[1])) for found in _IN_STANDARD.finditer(inside))


def replaces_containers(candidate: str) -> bool:
    """Whether a candidate specialises a container of the standard library, so that the tests' own are its."""
    text = macros.joined_lines(candidate)
    return any(
        _DECLARES.search(_BEFORE.split(text[max(0, found.start() - _NEAR) : found.start()])[-1])
        and _BODY.match(text, _end_of_arguments(text, found.end()))
        for found in _CONTAINER.finditer(text)
    )


def _end_of_arguments(text: str, begin: int) -> int:
    """The position after the bracket that closes the one before ``begin``, or one that is near."""
    depth, last = 1, min(len(text), begin + _NEAR)
    for at in range(begin, last):
        depth += (text[at] == "<") - (text[at] == ">")
        if depth == 0:
            return at + 1
    return last


_Mark = tuple[int, int, int, bytes]
"""Where a text begins and ends, how deep in the tree it is, and what takes its place."""


@dataclass(frozen=True)
class Checks:
    """``name`` begins those of the macro and of the functions that check; ``functions`` are those whose
    results are of no type of the candidate's."""

    name: str
    functions: Collection[str]

    def of(self, tests: str) -> str:
        """``tests`` with each comparison looked at, apart from those that an ``assert`` consists of, and with
        the results of the functions."""
        root = CodeParser("cpp").parse(tests)
        if root is None:
            return tests
        has_operators = "operator" in tests
        marks = list[_Mark]()
        for depth, node in enumerate(_expressions(root)):
            if node.type == "call_expression" and _function(node) in self.functions:
                marks += _around(node, depth, f"{self.name}_fair::given_(")
            elif _is_comparison(node) and not _has_lambda(node):
                marks += self._compared(node, depth, has_operators=has_operators)
        return _marked(encoded(tests), marks)

    def _compared(self, node: Node, depth: int, *, has_operators: bool) -> Iterator[_Mark]:
        left, operator, right = node.children[:3]
        function = "" if has_operators else _EQUALITIES.get(text_of(operator), "")
        if function and not (_is_literal(left) or _is_literal(right)):
            yield from _around(node, depth, f"{self.name}_fair::{function}(")
            yield operator.start_byte, operator.end_byte, depth, b","
            return
        parent = node.parent
        whole = parent is not None and parent.type == "argument_list" and parent.parent
        if not (whole and _is_assertion(whole)):
            yield from _around(node, depth, f"{self.name}_compared(")


def checks(program: Program, name: str) -> Checks:
    """Those of a program whose candidate may have operators."""
    found = declarations.parsed(program.declaration, program.entry_points, "cpp")
    own = set(re.findall(r"\b(?:class|struct|union|enum|typename|using|typedef\b.*?)\s+(\w+)", found.given))
    plain = {each.name for each in found.functions if _is_plain(each, own)}
    return Checks(name, plain if program.declaration else frozenset())


def _is_plain(function: Function, own: Collection[str]) -> bool:
    """Whether the declared type of a function's result has nothing of the candidate's; ``own`` are the types
    that are declared."""
    words = set(_WORD.findall(f"{function.head} {function.tail.rpartition(')')[2]}"))
    return bool(function.head) and words <= _STANDARD and words.isdisjoint(own)


def _around(node: Node, depth: int, before: str) -> Iterator[_Mark]:
    yield node.start_byte, node.start_byte, depth, before.encode()
    yield node.end_byte, node.end_byte, depth, b")"


def _marked(data: bytes, marks: list[_Mark]) -> str:
    """``data`` with texts in the place of others. What ends at a place ends before anything begins there, and
    what is outside begins first."""
    order = sorted(marks, key=lambda each: (each[0], each[3] != b")", each[2]), reverse=True)
    for start, end, _, mark in order:
        data = data[:start] + mark + data[end:]
    return decoded(data)


def lambda_in_assertion(tests: str) -> bool:
    """Whether an assertion contains a lambda expression, whose type cannot be asked for."""
    root = CodeParser("cpp").parse(tests) if "assert" in tests and "[" in tests else None
    return root is not None and any(_is_assertion(node) and _has_lambda(node) for node in descendants(root))


def _expressions(root: Node) -> Iterator[Node]:
    constant = _CONSTANT.split()
    for node in descendants(root, lambda each: each.type not in constant and not _is_constexpr(each)):
        if not node.has_error:
            yield node


def _is_comparison(node: Node) -> bool:
    operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
    return operator is not None and text_of(operator) in _COMPARING


def _is_literal(node: Node) -> bool:
    if node.type in ("unary_expression", "parenthesized_expression") and node.named_children:
        return _is_literal(node.named_children[0])
    return node.type in _LITERALS or text_of(node) == "NULL"


def _function(call: Node) -> str:
    return text_of(call.child_by_field_name("function"))


def _is_assertion(node: Node) -> bool:
    return node.type == "call_expression" and _function(node) == "assert"


def _has_lambda(node: Node) -> bool:
    return any(each.type == "lambda_expression" for each in descendants(node))


def _is_constexpr(node: Node) -> bool:
    return any(text_of(child) in ("constexpr", "consteval") for child in node.children)
