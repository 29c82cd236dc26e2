"""Where tests in Python look at the identity or the type of something, rather than at its value."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from crosstune.languages.python._nodes import nodes

_SINGLE = (type, type(None), bool, type(...), type(NotImplemented))


def compares_identity(node: ast.Compare) -> bool:
    """Whether something other than a constant or a type is compared with ``is``."""
    sides = [node.left, *node.comparators]
    return any(
        isinstance(operator, (ast.Is, ast.IsNot)) and not any(map(_is_single, sides[at : at + 2]))
        for at, operator in enumerate(node.ops)
    )


def asserts_identity(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    return name in ("assertIs", "assertIsNot") and not any(map(_is_single, node.args))


def names_of_types(tree: ast.Module) -> Iterator[int]:
    """The expressions ``type(x).__name__`` that are not compared with the name of a built-in type."""
    usual: set[int] = set()
    for node in nodes(tree):
        if isinstance(node, ast.Compare) and any(map(_names_built_in, (node.left, *node.comparators))):
            usual.update(map(id, nodes(node)))
        elif isinstance(node, ast.Attribute) and node.attr in ("__name__", "__qualname__"):
            of_type = isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == "type"
            if of_type and id(node) not in usual:
                yield id(node)


def _names_built_in(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and hasattr(builtins, node.value)


def _is_single(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, _SINGLE)
    return isinstance(getattr(builtins, node.id if isinstance(node, ast.Name) else "", None), type)
