"""Which names in tests in Python may hold objects of classes that the tests define themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from crosstune.languages.python._nodes import nodes

_ROUNDS = 10


def names_of_own_objects(tree: ast.Module) -> frozenset[str]:
    """The classes that the tests define, and the names and attributes that may hold objects of them, or
    functions that return some."""
    names = {node.name for node in nodes(tree) if isinstance(node, ast.ClassDef)}
    for _ in range(_ROUNDS if names else 0):
        known = len(names)
        for node in nodes(tree):
            names.update(_given(node, names))
        if known == len(names):
            break
    return frozenset(names)


def _given(node: ast.AST, names: set[str]) -> Iterator[str]:
    """The names that hold such an object after ``node``."""
    match node:
        case ast.Assign(targets=targets, value=value) if _mentions(value, names):
            yield from _held(targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value) if _mentions(value, names):
            yield from _held([target])
        case ast.NamedExpr(target=target, value=value) | ast.For(target=target, iter=value):
            yield from _held([target]) if _mentions(value, names) else ()
        case ast.comprehension(target=target, iter=value) if _mentions(value, names):
            yield from _held([target])
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            yield from _held([target]) if _mentions(value, names) else ()
        case ast.Call(func=ast.Attribute(value=owner), args=arguments):
            yield from _held([owner]) if any(_mentions(each, names) for each in arguments) else ()
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _of_function(node, names)


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef, names: set[str]) -> Iterator[str]:
    returned = (each.value for each in nodes(node) if isinstance(each, (ast.Return, ast.Yield)))
    if any(value is not None and _mentions(value, names) for value in returned):
        yield node.name
    if any(_mentions(each, names) for each in node.decorator_list):
        yield from (each.arg for each in node.args.args)


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(each, ast.Name) and each.id in names for each in nodes(node)) or any(
        isinstance(each, ast.Attribute) and each.attr in names for each in nodes(node)
    )


def _held(targets: Iterable[ast.expr]) -> Iterator[str]:
    """What is assigned: names, and the attributes of objects (``self.x``) instead of these."""
    for target in targets:
        if isinstance(target, ast.Attribute):
            yield target.attr
        elif isinstance(target, (ast.Subscript, ast.Starred)):
            yield from _held([target.value])
        elif isinstance(target, (ast.Tuple, ast.List)):
            yield from _held(target.elts)
        elif isinstance(target, ast.Name):
            yield target.id
