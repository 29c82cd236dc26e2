"""What stands first in the blocks of D's tests.

Names of the library are the library's, whatever the candidate defines under them: candidate and tests are one
module, whose names come before imported ones, but what a block imports comes before both. So each function of
the tests imports what it names from the modules that the benchmark imports.

Unit tests and ``main`` run once: a candidate that calls them could try out with what they pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.parsing import CodeParser, decoded, encoded
from crosstune.records import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_IMPORT = re.compile(r"\bimport\s+([\w.]+(?:\s*,\s*[\w.]+)*)")
_WORD = re.compile(r"[A-Za-z_]\w*")
_BLOCKS = frozenset({"unittest_declaration", "function_declaration"})
_TYPES = frozenset({"struct_declaration", "class_declaration", "template_declaration"})
_ASSEMBLED = re.compile(r"\bmixin\b")
_USED = frozenset(
    {
        *("call_expression", "property_expression", "template_instance", "type", "template_arguments"),
        *("named_argument", "expression", "expression_list", "unary_expression", "binary_expression"),
        *("equal_expression", "rel_expression", "array_literal"),
    }
)
"""Where a name is used; elsewhere, it may be declared."""


def with_beginnings(program: Program, tests: str, judge: str) -> str:
    """The tests, whose blocks import what they name of the library, and tell the judge that they begin;
    ``judge`` is the function that does."""
    root = CodeParser("d").parse(tests)
    if root is None:
        return tests
    imports = _imports(program, root) if program.entry_points else ""
    begun, data = 0, encoded(tests)
    for node, at in sorted(_blocks(root), key=lambda found: -found[1]):
        begun += (is_run := _is_run(node))
        call = f" {judge}({begun});" if is_run else ""
        data = data[:at] + encoded(f"{call}{imports}") + data[at:]
    return decoded(data)


def _imports(program: Program, root: Node) -> str:
    given = f"{program.setup}\n{program.declaration}"
    known = {*_WORD.findall("\0".join(program.entry_points)), *_declared(given)}
    names = _hidden(root, program.candidate) - known
    imports = f"{given}\n{program.tests}"
    modules = dict.fromkeys(("object", *re.findall(r"[\w.]+", " ".join(_IMPORT.findall(imports)))))
    return "".join(
        f" static if (__traits(compiles, {{ import {module} : {name}; }})) import {module} : {name};"
        for name in sorted(names)
        for module in modules
    )


def _declared(given: str) -> set[str]:
    """What the benchmark's code itself defines."""
    root = CodeParser("d").parse(given)
    found = set[str]()
    for node in _nodes(root) if root is not None else ():
        if node.type == "identifier" and node.parent and node.parent.type not in _USED:
            found.add(decoded(node.text or b""))
    return found


def _hidden(root: Node, candidate: str) -> set[str]:
    """The names that the tests use, do not declare, and that the candidate may define."""
    used, declared = set[str](), set[str]()
    for node in _nodes(root):
        if node.type == "identifier" and node.parent:
            (used if node.parent.type in _USED else declared).add(decoded(node.text or b""))
    used -= declared
    return used if _ASSEMBLED.search(candidate) else used & set(_WORD.findall(candidate))


def _blocks(root: Node) -> Iterator[tuple[Node, int]]:
    """Functions and unit tests, and where their blocks begin."""
    for node in _nodes(root):
        if node.type in _BLOCKS:
            parts = [part for each in node.children for part in (each, *each.children)]
            yield from ((node, each.start_byte + 1) for each in parts if each.type == "block_statement")


def _is_run(node: Node) -> bool:
    """Whether this is a unit test or the main function, which run once. Those in templates may run often;
    what is pure cannot call the judge."""
    named = [decoded(each.text or b"") for each in node.children]
    if "pure" in named or not (node.type == "unittest_declaration" or "main" in named):
        return False
    outside = node.parent
    while outside and outside.type not in _TYPES:
        outside = outside.parent
    return outside is None


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        yield node
