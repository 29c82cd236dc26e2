"""Whether the tests of a Python program can do with values of its candidate, in a process of their own."""

from __future__ import annotations

import ast
import builtins
import symtable

from crosstune.languages.python import _objects as objects
from crosstune.languages.python._changed_results import changes_results
from crosstune.languages.python._given import names_given, runnable
from crosstune.languages.python._members import that_may_equal_values
from crosstune.languages.python._nodes import nodes
from crosstune.languages.python._objections import Objections
from crosstune.records import Program


def why_shared(tests: Program) -> str:
    """Why the tests need the candidate's objects; empty if values are enough. See `SeparateProcesses`."""
    tree = objects.parsed(tests.tests.removeprefix("\ufeff"))
    if tree is None:
        return "the tests do not parse"
    if tests.declaration.strip() and not runnable(tests.declaration):
        return "the declaration does not parse"
    return _of_names(tests) or _of_results(tree, tests) or next(Objections(tree, tests).found(), "")


def _of_names(tests: Program) -> str:
    used = _free_names(tests.tests.removeprefix("\ufeff"))
    unknown = sorted(used - names_given(tests) - set(tests.entry_points) - set(dir(builtins)))
    if unknown:
        return f"the tests use {unknown[0]!r}, which is not among the entry points"
    if objects_used := sorted(used & _names_with_objects(tests)):
        return f"the tests use {objects_used[0]!r}, whose objects are no values"
    return ""


def _of_results(tree: ast.Module, tests: Program) -> str:
    if changes_results(tree, frozenset(tests.entry_points), _asked_classes(tests)):
        return "the tests change what the candidate has returned"
    declaration = runnable(tests.declaration)
    kinds = objects.classes(tests, declaration)
    if unclear := that_may_equal_values(tests.tests, (tests.setup, declaration), kinds):
        return f"what {unclear[0]!r} returns may be a value or an object that equals one"
    return ""


def _asked_classes(tests: Program) -> frozenset[str]:
    """The entry points that are classes; without a declaration those that are named like one."""
    tree = objects.parsed(runnable(tests.declaration)) if tests.declaration.strip() else None
    if tree is None:
        return frozenset(name for name in tests.entry_points if name[:1].isupper())
    declared = {node.name for node in nodes(tree) if isinstance(node, ast.ClassDef)}
    return frozenset(declared.intersection(tests.entry_points))


def _names_with_objects(tests: Program) -> set[str]:
    """The classes of setup and declaration whose objects are more than records, and the functions there that
    use them. Tests that make such objects of what they expect would show it to the candidate."""
    given = objects.given(tests.setup, runnable(tests.declaration))
    found = set(given.classes - given.records - set(tests.entry_points))
    trees = [tree for text in (tests.setup, runnable(tests.declaration)) if (tree := objects.parsed(text))]
    functions = [
        node
        for tree in trees
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    for _ in functions if found else ():
        more = {node.name for node in functions if found & _names_in(node)} - found
        if not more:
            break
        found |= more
    return found - set(tests.entry_points)


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in nodes(node) if isinstance(each, ast.Name)}


def _free_names(text: str) -> set[str]:
    """The global names that the tests use and do not define themselves."""
    found: set[str] = set()
    top = symtable.symtable(text, "tests.py", "exec")
    pending = [top]
    while pending:
        table = pending.pop()
        pending += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (table is top or symbol.is_global()):
                found.add(symbol.get_name())
    defined = {
        symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()
    }
    return found - defined - {"__name__", "__file__"}
