"""Whether tests in Python change what the candidate has returned.

Apart, results are copies: two rows that are one list for the candidate are two for the tests, and a list that
it keeps is another one. So tests that change a result, and then look at it or at something else, need the
candidate's own objects.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from crosstune.languages.python._nodes import nodes

_METHODS = """
add append appendleft clear discard extend extendleft fill insert pop popitem popleft put remove reverse
rotate setdefault sort update
"""
_CHANGING = frozenset(_METHODS.split())
_ROUNDS = 10


def changes_results(tree: ast.Module, functions: frozenset[str], classes: frozenset[str]) -> bool:
    """``functions`` are the names by which the tests call the candidate, ``classes`` those of them that make
    objects: these change by their own methods, which is no change of a result."""
    results = _Results(tree, functions, classes)
    return any(map(results.is_changed_by, nodes(tree)))


class _Results:
    def __init__(self, tree: ast.Module, functions: frozenset[str], classes: frozenset[str]) -> None:
        self._functions, self._classes = {*functions, *_parameters_for(tree, functions)}, classes
        self._objects, self._values = set[str](), set[str]()
        for _ in range(_ROUNDS):
            known = len(self._objects) + len(self._values)
            for node in nodes(tree):
                self._note(node)
            if known == len(self._objects) + len(self._values):
                break

    def _note(self, node: ast.AST) -> None:
        """Note the names to which a result is assigned."""
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            targets, value = [node.target], node.value
        elif isinstance(node, ast.For):
            targets, value = [node.target], node.iter
        else:
            return
        is_object = self._makes_object(value)
        if is_object or self._is_result(value):
            names = {each.id for target in targets for each in nodes(target) if isinstance(each, ast.Name)}
            (self._objects if is_object else self._values).update(names)

    def _makes_object(self, node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._classes
        )

    def _is_result(self, node: ast.expr) -> bool:
        """Whether it is a result, a part of one, or an attribute or what a method returns of an object."""
        if isinstance(node, ast.Name):
            return node.id in self._values
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                return node.func.id in self._functions and node.func.id not in self._classes
            return isinstance(node.func, ast.Attribute) and self._is_object(node.func.value)
        if isinstance(node, ast.Attribute):
            return self._is_object(node.value) or self._is_result(node.value)
        return isinstance(node, ast.Subscript) and self._is_result(node.value)

    def _is_object(self, node: ast.expr) -> bool:
        return (isinstance(node, ast.Name) and node.id in self._objects) or self._makes_object(node)

    def is_changed_by(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Assign | ast.Delete):
            return any(map(self._is_part, node.targets))
        if isinstance(node, ast.AugAssign):
            return self._is_part(node.target)
        called = node.func if isinstance(node, ast.Call) else None
        return (
            isinstance(called, ast.Attribute) and called.attr in _CHANGING and self._is_result(called.value)
        )

    def _is_part(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Subscript) and self._is_result(node.value)


def _parameters_for(tree: ast.Module, functions: frozenset[str]) -> Iterator[str]:
    """The parameters of the tests' own functions that are given one of the candidate's."""
    own = {node.name: node for node in nodes(tree) if isinstance(node, ast.FunctionDef)}
    for node in nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own:
            parameters = own[node.func.id].args.args
            for given, parameter in zip(node.args, parameters, strict=False):
                if isinstance(given, ast.Name) and given.id in functions:
                    yield parameter.arg
