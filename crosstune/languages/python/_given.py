"""What setup and declaration of a Python program give to its tests."""

from __future__ import annotations

import ast
import functools
import importlib

from crosstune.languages.python import _objects as objects
from crosstune.languages.python._nodes import nodes
from crosstune.records import Program


def names_given(tests: Program) -> set[str]:
    """The names that setup and declaration define."""
    names: set[str] = set()
    for text in (tests.setup, runnable(tests.declaration)):
        tree = objects.parsed(text)
        for node in nodes(tree) if tree else ():
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names |= _imported(node)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = {(each.asname or each.name).partition(".")[0] for each in node.names}
    return _starred(node) if "*" in names and isinstance(node, ast.ImportFrom) else names


def _starred(node: ast.ImportFrom) -> set[str]:
    """The names that a star import of one of the usual modules brings."""
    if node.module not in ("math", "typing", "collections", "itertools", "functools", "heapq", "bisect"):
        return set()
    return {name for name in dir(importlib.import_module(node.module)) if not name.startswith("_")}


@functools.lru_cache(maxsize=256)
def runnable(declaration: str, entry_points: tuple[str, ...] = ()) -> str:
    """The declaration as a module of its own, without the ``entry_points``: a function without a body gets
    one; empty if it does not parse."""
    begun = declaration.rstrip()
    last = begun.rpartition("\n")[2]
    indent = last[: len(last) - len(last.lstrip())]
    for text in (declaration, *(f"{begun}\n{indent}{more}pass\n" for more in ("    ", "\t", ""))):
        if tree := objects.parsed(text):
            if not entry_points:
                return text
            kept = [node for node in tree.body if getattr(node, "name", None) not in entry_points]
            return ast.unparse(ast.Module(kept, []))
    return ""
