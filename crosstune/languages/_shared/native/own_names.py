"""Which side means a function by a name that both tests and candidate could have.

The tests' own functions get names that the candidate cannot know: in C++ an overload of the same name, which
fits better, would be called in their place. Functions of the C library that the candidate replaces are the
candidate's own, by another name, unless the task asks for them: tests compare texts with ``strcmp``.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from crosstune.languages._shared.native import macros
from crosstune.languages._shared.native.candidate import without_bom
from crosstune.languages._shared.native.nodes import descendants, name_of_function, text_of
from crosstune.parsing import CodeParser, decoded, encoded
from crosstune.records import Program

# What tests in C compare with, and what makes the values that they compare; in C++ the standard library's
# classes do so, too.
_COMPARING = """
strcmp strncmp strcasecmp strncasecmp strcoll strlen strnlen strchr strstr memcmp bcmp wcscmp wcslen
malloc calloc realloc free memcpy memmove memset strdup
abs labs llabs fabs fabsf fabsl isnan isinf fmin fmax round floor ceil pow sqrt
"""
_NAMES = ("identifier", "preproc_arg")


def renamed(program: Program, grammar: str, name: str) -> str:
    """The tests, whose own functions have names that begin with ``name`` where the candidate has the same."""
    tests = without_bom(program.tests)
    root = CodeParser(grammar).parse(tests) if grammar == "cpp" else None
    if root is None or root.has_error:
        return tests
    own = _functions(root) - {"main", *program.entry_points}
    text = macros.joined_lines(program.candidate)
    own = {each for each in own if "##" in text or re.search(rf"\b{each}\b", text)}
    return _renamed(tests, root, own - set(_otherwise(root)), name) if own else tests


def replaced(program: Program, grammar: str) -> list[str]:
    """The functions of the C library that the candidate defines and nobody asks for."""
    text = macros.joined_lines(program.candidate)
    named = [each for each in _COMPARING.split() if re.search(rf"\b{each}\s*\(", text)]
    root = CodeParser(grammar).parse(text) if named else None
    if root is None:
        return []
    defined = _functions(root)
    given = set(program.entry_points) | set(re.findall(r"\w+", program.declaration))
    others = {each for each in defined if re.search(rf"\b{each}\s*\(", program.tests)} - set(named)
    asked_for = bool(program.entry_points or others)
    return [each for each in named if each in defined and asked_for and each not in given]


def reserved(program: Program) -> list[str]:
    """The functions of the C library that a candidate may not replace by a name for the linker alone."""
    text = macros.joined_lines(program.candidate)
    return [each for each in _COMPARING.split() if not re.search(rf"\b{each}\s*\([^;{{]*\)\s*\{{", text)]


def without_allocation(code: str, name: str) -> str:
    """``code`` in C++ that does not allocate for the tests, too: two values in one place are equal."""
    root = CodeParser("cpp").parse(code) if re.search(r"\boperator\s+(?:new|delete)\b", code) else None
    data = encoded(code)
    for node in reversed(root.named_children if root else []):
        for each in descendants(node) if node.type in ("function_definition", "declaration") else ():
            found = re.match(r"operator\s+(new|delete)\s*(?:\[\s*\])?$", text_of(each))
            if each.type == "operator_name" and found:
                start, end = each.start_byte, each.end_byte
                data = data[:start] + f"{name}_{found[1]}".encode() + data[end:]
    return decoded(data)


def _functions(root: Node) -> set[str]:
    return {name_of_function(node) for node in descendants(root) if node.type == "function_definition"} - {""}


def _otherwise(root: Node) -> set[str]:
    """What tests name as a member, or of a namespace."""
    found = set()
    for node in descendants(root):
        if node.type == "field_identifier" or (
            node.parent is not None and node.parent.type == "qualified_identifier"
        ):
            found.add(text_of(node))
    return found


def _renamed(tests: str, root: Node, names: set[str], prefix: str) -> str:
    if not names:
        return tests
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    data = encoded(tests)
    for node in sorted(descendants(root), key=lambda each: each.start_byte, reverse=True):
        if node.type in _NAMES and not (node.child_count and node.type == "identifier"):
            new = pattern.sub(lambda found: f"{prefix}_{found[0]}", text_of(node))
            data = data[: node.start_byte] + encoded(new) + data[node.end_byte :]
    return decoded(data)
