"""What tests that share a process with the candidate mean by names and modules of the language.

The candidate may have names of its own, and may change what it finds; the tests get what was there before.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from crosstune.languages._shared.node import modules, names
from crosstune.languages._shared.node.expressions import arguments_of
from crosstune.languages._shared.node.names import text_of
from crosstune.parsing import CodeParser

if TYPE_CHECKING:
    from tree_sitter import Node

    from crosstune.records import Program

_KEPT = 1024
# These cannot be the names of parameters, or the runner keeps them otherwise.
_OTHERS = frozenset("arguments eval undefined NaN Infinity globalThis console require module exports".split())  # noqa: SIM905
_MOCKING = re.compile(r"mock|fake|sinon|stub|\b(?:jest|vi|global|globalThis|eval|Function)\b", re.IGNORECASE)


@functools.lru_cache(maxsize=_KEPT)
def of_tests(grammar: str, program: Program) -> dict[str, list[str]]:
    """The ``bound`` names that mean what they mean without the candidate, and the ``modules`` that the tests
    load by name. ``program`` has no candidate."""
    root = CodeParser(grammar).parse(modules.plain(program.tests))
    if root is None or root.has_error:
        return {"bound": [], "modules": []}
    nodes = list(names.walk(root))
    found = sorted({_loaded(node) for node in nodes} - {""})
    return {
        "bound": [] if _MOCKING.search(program.tests) else _bound(grammar, program, nodes),
        "modules": found,
    }


def _bound(grammar: str, program: Program, nodes: list[Node]) -> list[str]:
    free = names.used(nodes).keys() - names.bound(nodes)
    known = (names.LANGUAGE | names.NODE) - _OTHERS
    if not program.entry_points and not free - known - _OTHERS:
        return []  # what they test has such a name
    return sorted((free & known) - set(program.entry_points) - _given(grammar, program) - _assigned(nodes))


def _given(grammar: str, program: Program) -> set[str]:
    roots = (
        CodeParser(grammar).parse(modules.plain(text))
        for text in (program.setup, program.declaration)
        if text
    )
    return names.bound([node for root in roots if root for node in names.walk(root)])


def _assigned(nodes: list[Node]) -> set[str]:
    return {
        text_of(node.child_by_field_name("left")) for node in nodes if node.type == "assignment_expression"
    }


def _loaded(node: Node) -> str:
    """The name of a module that is loaded by ``require`` or ``import``, not by a path; else empty."""
    name = ""
    if node.type in ("import_statement", "import_require_clause"):
        name = text_of(node.child_by_field_name("source"))
    elif node.type == "call_expression" and text_of(node.child_by_field_name("function")) == "require":
        name = "".join(text_of(each) for each in arguments_of(node)[:1] if each.type == "string")
    name = name.strip("'\"`")
    return "" if name.startswith(".") or name in ("process", "node:process") else name
