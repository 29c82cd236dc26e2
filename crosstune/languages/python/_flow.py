"""Whether tests in Python pass on to the candidate what it has returned, or what they have made of that."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

_ROUNDS = 10
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def passes_results(tree: ast.Module, functions: set[str]) -> bool:
    """Whether an argument of one of the candidate's ``functions``, or of a method of one of its objects, may
    depend on what they have returned. A name counts wherever it is used in the module."""
    flow = _Flow(tree, functions)
    return any(
        flow.asks_candidate(node) and any(map(flow.depends, _arguments(node)))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    )


class _Flow:
    def __init__(self, tree: ast.Module, functions: set[str]) -> None:
        self._functions, self._names = set(functions), set[str]()
        self._own = {node.name: node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)}
        nodes = list(ast.walk(tree))
        for _ in range(_ROUNDS):
            known = len(self._names) + len(self._functions)
            for node in nodes:
                self._names.update(self._changed(node))
            self._functions |= {name for name, node in self._own.items() if self._returns(node)}
            if known == len(self._names) + len(self._functions):
                break

    def depends(self, node: ast.AST) -> bool:
        return any(
            (isinstance(each, ast.Name) and each.id in self._names)
            or (
                isinstance(each, ast.Call)
                and isinstance(each.func, ast.Name)
                and each.func.id in self._functions
            )
            for each in ast.walk(node)
        )

    def asks_candidate(self, node: ast.Call) -> bool:
        if isinstance(node.func, ast.Attribute):
            return self.depends(node.func.value)
        return isinstance(node.func, ast.Name) and node.func.id in self._functions

    def _changed(self, node: ast.AST) -> Iterator[str]:
        """The names that depend on results after ``node``."""
        match node:
            case ast.Assign(targets=targets, value=value) if self.depends(value):
                yield from _names(targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value) if self.depends(value):
                yield from _names([target])
            case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                yield from _names([target]) if self.depends(value) else ()
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                yield from _names([target]) if self.depends(value) else ()
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target) if self.depends(value):
                yield from _names([target])
            case ast.Call() if any(map(self.depends, _arguments(node))):
                yield from self._taking(node)

    def _taking(self, node: ast.Call) -> Iterator[str]:
        """What a call gives its arguments to: an object, or the parameters of a function of the tests."""
        if isinstance(node.func, ast.Attribute):
            yield from _names([node.func.value])
        elif isinstance(node.func, ast.Name) and (own := self._own.get(node.func.id)):
            yield from (each.arg for each in ast.walk(own.args) if isinstance(each, ast.arg))

    def _returns(self, node: ast.AST) -> bool:
        values = (each.value for each in ast.walk(node) if isinstance(each, (ast.Return, ast.Yield)))
        return any(value is not None and self.depends(value) for value in values)


def _arguments(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(each.value for each in node.keywords)]


def _names(nodes: Iterable[ast.expr]) -> Iterator[str]:
    for node in nodes:
        yield from (each.id for each in ast.walk(node) if isinstance(each, ast.Name))
