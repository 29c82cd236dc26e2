"""Protects the comparisons in a test's assertions against operators that the candidate wrote.

The sandbox loads this file by its path, as it loads `_runner`. An answer whose ``==`` is always true would
pass every test. So in an assertion, ``a == b`` is computed by a function that does not let an object of a
candidate's class decide about a value of another kind. Objects of one class compare by their own rules: a
program that has to define a class must be able to define when two of its objects are equal.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import operator
import os
from collections.abc import Callable
from typing import Any

# Built-in functions that tests compare with: an assertion calls them even if the candidate has defined its
# own function of that name.
_JUDGING = "abs all any bool float int isinstance len list range repr round set sorted str tuple type zip"
# Modules whose classes, written in Python, compare by rules that the candidate did not write.
_TRUSTED = "array collections datetime decimal enum fractions pathlib re types uuid"
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "In": lambda left, right: left in right,
    "NotIn": lambda left, right: left not in right,
    "Sub": operator.sub,
}
_DECIDING = (
    "__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __sub__ __rsub__ __contains__ __class__ __getattribute__"
)
_PLAIN: frozenset[type] = frozenset([int, str, float, bool, type(None), complex, bytes])
_CONTAINERS: frozenset[type] = frozenset([list, tuple, dict, set, frozenset])
_BLOCKS = (ast.stmt, ast.ExceptHandler)
_WRITTEN_IN_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE


def prepare() -> Callable[[ast.Module, frozenset[type]], dict[str, Any]]:
    """Return a function that rewrites a module of tests in place and returns the names that this needs. It
    also takes more classes whose comparisons the candidate did not write.
    """
    kinds = [kind for name in _TRUSTED.split() for kind in vars(importlib.import_module(name)).values()]
    trusted = frozenset(kind for kind in kinds if isinstance(kind, type))
    usual = _guard_with(trusted)
    judging = {word: getattr(builtins, word) for word in _JUDGING.split()}

    def guarded(tree: ast.Module, more: frozenset[type]) -> dict[str, Any]:
        name = "_" + os.urandom(8).hex()
        guard = _guard_with(trusted | more) if more else usual
        _Rewriting(name, judging).into(tree)
        return {name: guard, **{name + word: function for word, function in judging.items()}}

    return guarded


class _Rewriting:
    """Rewrites the conditions of all assertions; it skips literals to save time."""

    def __init__(self, name: str, judging: dict[str, Any]) -> None:
        self._name, self._judging = name, judging

    def into(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Assert):
                child.test = self._expression(child.test)
            elif isinstance(child, _BLOCKS):
                self.into(child)

    def _expression(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.BoolOp():
                node.values = [self._expression(value) for value in node.values]
            case ast.UnaryOp():
                node.operand = self._expression(node.operand)
            case ast.Call():
                node.args = [self._expression(value) for value in node.args]
                if isinstance(node.func, ast.Name) and node.func.id in self._judging:
                    node.func.id = self._name + node.func.id
            case ast.GeneratorExp() | ast.ListComp():
                node.elt = self._expression(node.elt)
            case ast.Compare(left=left, ops=[kind], comparators=[right]):
                return self._call(node, kind, left, right)
            case ast.BinOp(left=left, op=kind, right=right):
                return self._call(node, kind, left, right)
        return node

    def _call(self, node: ast.expr, kind: ast.AST, left: ast.expr, right: ast.expr) -> ast.expr:
        word = type(kind).__name__
        if word not in _OPERATORS:
            return node
        arguments = [ast.Constant(word), self._expression(left), self._expression(right)]
        call = ast.Call(ast.Name(self._name, ast.Load()), arguments, [])
        return ast.fix_missing_locations(ast.copy_location(call, node))


def _guard_with(trusted: frozenset[type]) -> Callable[[str, Any, Any], Any]:
    """A function that applies an operator, unless only one of its values compares by rules of its own.

    Everything that the inner functions use is bound to their arguments in advance: they call methods of the
    candidate, which could reach this module's names and the built-in ones through the frames.
    """

    def foreign(
        value: Any,
        depth: int,
        again: Any,
        *,
        trusted: frozenset[type] = trusted,
        kind_of: Any = type,
        kinds_in: Any = lambda items, kind_of=type, each=map, unite=frozenset: unite(each(kind_of, items)),
        ancestors: Any = type.__dict__["__mro__"].__get__,
        flags: Any = type.__dict__["__flags__"].__get__,
        members: Any = type.__dict__["__dict__"].__get__,
        plain: frozenset[type] = _PLAIN,
        containers: frozenset[type] = _CONTAINERS,
        deciding: frozenset[str] = frozenset(_DECIDING.split()),
        python: int = _WRITTEN_IN_PYTHON,
        mapping: type = dict,
        nothing: frozenset[type] = frozenset(),
    ) -> frozenset[type]:
        """The classes in ``value`` that define operators of their own."""
        kind = kind_of(value)
        if kind in plain or kind in trusted:
            return nothing
        if kind not in containers:
            for base in ancestors(kind):
                if flags(base) & python and base not in trusted and not deciding.isdisjoint(members(base)):
                    return nothing | {kind}
            return nothing
        classes = nothing
        if depth:
            for items in (value.keys(), value.values()) if kind is mapping else (value,):
                if not kinds_in(items) <= plain:
                    for item in items:
                        classes |= again(item, depth - 1, again)
        return classes

    def guard(
        word: str,
        left: Any,
        right: Any,
        *,
        foreign: Any = foreign,
        operators: dict[str, Callable[[Any, Any], Any]] = _OPERATORS,
        error: type[AssertionError] = AssertionError,
    ) -> Any:
        if word in ("NotEq", "NotIn") or foreign(left, 8, foreign) == foreign(right, 8, foreign):
            return operators[word](left, right)
        raise error("an object of the program's own class must not decide about a value of another kind")

    return guard
