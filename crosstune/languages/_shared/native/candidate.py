"""A candidate's text, as it is put in front of the tests."""

from __future__ import annotations

import re

from tree_sitter import Node

from crosstune.languages._shared.native import macros
from crosstune.parsing import CodeParser, decoded, encoded

_BOM = "\ufeff"
# Parts of a file that may enclose functions at the top level.
_ENCLOSING = """
translation_unit preproc_if preproc_ifdef preproc_else preproc_elif linkage_specification
declaration_list
"""


def without_bom(text: str) -> str:
    """A byte order mark is allowed only where a file begins."""
    return text.removeprefix(_BOM)


def with_main_renamed(code: str, name: str, grammar: str) -> str:
    """``code`` whose own ``main`` has another name, whatever it looks like: the tests' ``main`` is run.

    The preprocessor renames it, because only that knows all forms: strings and comments stay the same, and so
    do the line numbers.
    """
    if "main" not in macros.joined_lines(code):
        return code
    if grammar == "cpp":
        code = _with_type_of_main(code)
    return f"#define main {name}_main\n#line 1\n{code}"


_NO_RETURN = re.compile(r"(__attribute__\s*\(\([^()]*|\[\[[^\]]*|#\s*define\s+\w+\s+)\bnoreturn\b")


def without_noreturn(code: str) -> str:
    """``code`` whose functions may all return: behind the call of one that may not, the compiler leaves out
    what the tests do with its result."""
    if "noreturn" not in code.lower():
        return code
    code = _NO_RETURN.sub(r"\1unused", code)
    return f"#define _Noreturn\n#define __noreturn__\n#line 1\n{code}"


def _with_type_of_main(code: str) -> str:
    """``main`` alone may have no type in C++; a function of another name needs one."""
    root = CodeParser("cpp").parse(code)
    if root is None:
        return code
    data = encoded(code)
    for node in reversed(list(_functions(root))):
        declarator = node.child_by_field_name("declarator")
        named = declarator.child_by_field_name("declarator") if declarator else None
        if node.child_by_field_name("type") is None and named and named.text == b"main":
            data = data[: node.start_byte] + b"int " + data[node.start_byte :]
    return decoded(data)


def _functions(node: Node) -> list[Node]:
    """The functions at the top level."""
    found = []
    for child in node.named_children:
        if child.type == "function_definition":
            found.append(child)
        elif child.type in _ENCLOSING.split():
            found += _functions(child)
    return found
