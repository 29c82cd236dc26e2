"""Functions that a C candidate gives as macros only: ``#define add(a, b) ((a) + (b))``.

In the tests they are macros again, if each is a value like the result of a function: an expression in
parentheses that does nothing but compute, and names nothing of the tests. Names that mean something without
the candidate (keywords, the C library's functions, the tests' own) are never taken from it.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Collection, Iterator, Mapping

from tree_sitter import Node

from crosstune.languages._shared.native.nodes import descendants, name_of_function, text_of
from crosstune.parsing import CodeParser, leaves

# A macro that consists of these can change nothing around it, and cannot leave the tests.
_VALUES = """
pointer_expression primitive_type parenthesized_expression binary_expression unary_expression
conditional_expression call_expression argument_list identifier number_literal char_literal
string_literal string_content character escape_sequence true false null cast_expression
type_descriptor abstract_pointer_declarator sized_type_specifier type_identifier sizeof_expression
subscript_expression subscript_argument_list field_expression field_identifier
"""
_MOST_NESTED = 8
_KEYWORDS = """
auto break case char const continue default do double else enum extern float for goto if inline int
long register restrict return short signed sizeof static struct switch typedef union unsigned void
volatile while asm typeof main assert
"""


def definitions(setup: str, candidate: str, tests: str) -> tuple[str, set[str]]:
    """Directives that define these macros for the tests, and the names of all macros that they need."""
    root, tests_root, setup_root = (CodeParser("c").parse(code) for code in (candidate, tests, setup))
    if root is None or tests_root is None or setup_root is None:
        return "", set()
    macros: dict[str, list[Node]] = {}
    for node in descendants(root):
        if node.type in ("preproc_def", "preproc_function_def"):
            macros.setdefault(text_of(node.child_by_field_name("name")), []).append(node)
    named = {text_of(leaf) for leaf in leaves(tests_root) if "identifier" in leaf.type}
    functions = set(_functions(root))
    taken = functions | set(_functions(tests_root)) | set(_functions(setup_root))
    text, needed = "", set[str]()
    for name in sorted(macros.keys() & named - taken):
        inner = None if _has_meaning(name) else _needed(name, macros, named)
        if inner is None:
            continue
        macro = macros[name][0]
        parameters, value = (text_of(macro.child_by_field_name(key)) for key in ("parameters", "value"))
        if parameters or value in functions:
            text += f"#undef {name}\n#define {name}{parameters} ({value})\n"
            needed |= inner
    return text, needed


def _functions(root: Node) -> Iterator[str]:
    for node in descendants(root):
        if node.type == "function_definition":
            yield name_of_function(node)


def _has_meaning(name: str) -> bool:
    """Whether a name means something without the candidate."""
    return name in _KEYWORDS.split() or name.startswith("_") or name == name.upper() or _is_in_library(name)


@functools.lru_cache(maxsize=1024)
def _is_in_library(name: str) -> bool:
    libraries = (ctypes.CDLL(None), ctypes.CDLL("libm.so.6"))
    return any(hasattr(library, name) for library in libraries)


def _needed(
    name: str, macros: Mapping[str, list[Node]], named: Collection[str], depth: int = 0
) -> set[str] | None:
    """The macros that a macro needs, itself included, if it is a value that does not depend on names of the
    tests."""
    macro, *others = macros[name]
    names = None if others or depth > _MOST_NESTED else _names_in(text_of(macro.child_by_field_name("value")))
    if names is None:
        return None
    parameters = macro.child_by_field_name("parameters")
    inner = names - {text_of(each) for each in leaves(parameters)} if parameters else names
    if inner & set(named):
        return None
    needed = {name}
    for each in inner & macros.keys():
        more = _needed(each, macros, named, depth + 1)
        if more is None:
            return None
        needed |= more
    return needed


def _names_in(value: str) -> set[str] | None:
    """The names in an expression that does nothing but compute a value; None for any other text."""
    root = CodeParser("c").parse(f"int value = ({value});")
    if root is None or root.has_error or root.named_child_count != 1:
        return None
    declared = root.named_children[0].child_by_field_name("declarator")
    whole = declared.child_by_field_name("value") if declared else None
    if whole is None or whole.type != "parenthesized_expression":
        return None
    if any(
        (node.is_named and node.type not in _VALUES.split()) or node.type == "&"
        for node in descendants(whole)
    ):
        return None
    return {text_of(node) for node in leaves(whole) if node.type == "identifier"}
