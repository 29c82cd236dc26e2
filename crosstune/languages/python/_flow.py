"""Whether tests in Python pass on to the candidate what it has returned, or what they have made of that."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from crosstune.languages.python._nodes import nodes

_ROUNDS = 10
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def passes_results(tree: ast.Module, functions: set[str]) -> bool:
    """Whether an argument of one of the candidate's ``functions``, or of a method of one of its objects, may
    depend on what they have returned. A name counts wherever it is used in the module."""
    flow = _Flow(tree, functions)
    return any(map(flow.passes, nodes(tree)))


class _Flow:
    def __init__(self, tree: ast.Module, functions: set[str]) -> None:
        self._functions, self._names = set(functions), set[str]()
        self._own = {node.name: node for node in nodes(tree) if isinstance(node, _FUNCTIONS)}
        found = nodes(tree)
        for _ in range(_ROUNDS):
            known = len(self._names) + len(self._functions)
            for node in found:
                self._names.update(self._changed(node))
            self._functions |= {name for name, node in self._own.items() if self._returns(node)}
            if known == len(self._names) + len(self._functions):
                break

    def depends(self, node: ast.AST) -> bool:
        """Whether a value depends on results; one of the functions does, since it may be called there."""
        return any(
            isinstance(each, ast.Name) and (each.id in self._names or each.id in self._functions)
            for each in nodes(node)
        )

    def passes(self, node: ast.AST) -> bool:
        """Whether it hands the candidate something that depends on results: by a call, by an operator of an
        object, or by setting an attribute or an item."""
        match node:
            case ast.Call() if self._asks_candidate(node):
                passed = [each for each in _arguments(node) if not self._is_function(each)]
                least = 1
            case ast.Assign(targets=targets, value=value) if any(map(self._is_inside, targets)):
                passed, least = [value], 1
            case ast.AugAssign(target=left, value=right) | ast.BinOp(left=left, right=right):
                passed, least = [left, right], 2
            case ast.Compare(left=left, comparators=others):
                passed, least = [left, *others], 2
            case ast.Subscript(value=left, slice=right):
                passed, least = [left, right], 2
            case _:
                return False
        return sum(map(self.depends, passed)) >= least

    def _is_inside(self, target: ast.expr) -> bool:
        return isinstance(target, (ast.Attribute, ast.Subscript)) and self.depends(target.value)

    def _asks_candidate(self, node: ast.Call) -> bool:
        if isinstance(node.func, ast.Attribute):
            return self.depends(node.func.value)
        return any(map(self._is_function, [node.func, *node.args]))

    def _is_function(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._functions

    def _changed(self, node: ast.AST) -> Iterator[str]:
        """The names that depend on results after ``node``."""
        match node:
            case ast.Assign(targets=targets, value=value) if self.depends(value):
                yield from _names(targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value) if self.depends(value):
                yield from _names([target])
            case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                yield from _names([target]) if self.depends(value) else ()
            case ast.For(iter=value) | ast.comprehension(iter=value):
                yield from _stored(node) if self.depends(value) else ()
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target) if self.depends(value):
                yield from _names([target])
            case ast.arguments():
                yield from self._with_defaults(node)
            case ast.While(test=value) | ast.If(test=value) if self.depends(value):
                yield from _stored(node)
            case ast.Call() if any(map(self.depends, _arguments(node))):
                yield from self._taking(node)

    def _taking(self, node: ast.Call) -> Iterator[str]:
        """What a call gives its arguments to: an object, or the parameters of a function of the tests."""
        if isinstance(node.func, ast.Attribute):
            yield from _names([node.func.value])
        elif isinstance(node.func, ast.Name) and (own := self._own.get(node.func.id)):
            yield from _parameters(own.args)
        for each in node.args:
            yield from _parameters(each.args) if isinstance(each, ast.Lambda) else ()
        if isinstance(node.func, ast.Lambda):
            yield from _parameters(node.func.args)

    def _with_defaults(self, node: ast.arguments) -> Iterator[str]:
        positional = [*node.posonlyargs, *node.args]
        pairs = [*zip(reversed(positional), reversed(node.defaults), strict=False)]
        pairs += [
            (name, value) for name, value in zip(node.kwonlyargs, node.kw_defaults, strict=True) if value
        ]
        yield from (name.arg for name, value in pairs if self.depends(value))

    def _returns(self, node: ast.AST) -> bool:
        values = (each.value for each in nodes(node) if isinstance(each, (ast.Return, ast.Yield)))
        return any(value is not None and self.depends(value) for value in values)


def _arguments(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(each.value for each in node.keywords)]


def _parameters(node: ast.arguments) -> Iterator[str]:
    return (each.arg for each in nodes(node) if isinstance(each, ast.arg))


def _stored(node: ast.AST) -> Iterator[str]:
    """The names that are assigned there: how often, may depend on results."""
    for each in nodes(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _names(targets: Iterable[ast.expr]) -> Iterator[str]:
    for node in targets:
        yield from (each.id for each in nodes(node) if isinstance(each, ast.Name))
