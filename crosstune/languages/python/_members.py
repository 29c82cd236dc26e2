"""Which methods and attributes of the candidate's classes the tests take for objects of those classes.

The operators of an object are the candidate's code. One that a method returns where the tests expect a value
must not decide by them, although the same operators decide about the objects that the tests have made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from crosstune.languages.python import _objects as objects
from crosstune.languages.python._nodes import nodes

# Operators return objects unless the declaration says otherwise.
_OPERATORS = frozenset(f"__{name}__" for name in (*objects.OPERATORS, "enter"))
_ASSERTIONS = frozenset({"assertEqual", "assertNotEqual", "assertEquals", "assertNotEquals"})


def returning_objects(tests: str, given: Iterable[str], kinds: frozenset[str]) -> frozenset[str]:
    """The names of functions, methods and attributes whose results are objects of the classes ``kinds``: as
    annotated in ``given`` (setup and declaration), or as the tests use them. ``contains`` follows the names
    of methods that take such objects: what they return may be one at least where the tests look into it by
    ``in``, such as a union."""
    tree = objects.parsed(tests.removeprefix("\ufeff")) if kinds else None
    if tree is None:
        return frozenset()
    annotated = dict(_annotated(given, kinds))
    used = set(_used(tree, objects.Objects(tree, kinds)))
    values = {name for name, is_object in annotated.items() if not is_object}
    return frozenset((_OPERATORS | used | set(annotated)) - values)


def that_may_equal_values(tests: str, given: Iterable[str], kinds: frozenset[str]) -> list[str]:
    """The methods whose results the tests compare with values alone, although they may be objects of the
    classes ``kinds``: nothing says what they return, and such objects are made to equal such values."""
    tree = objects.parsed(tests.removeprefix("\ufeff")) if kinds else None
    if tree is None:
        return []
    texts, known = list(given), objects.Objects(tree, kinds)
    pairs = [pair for node in nodes(tree) if _asks_equality(node) for pair in _pairs(node)]
    equal = {_kind(other) for one, other in pairs if known.include(one)} - {""}
    declared = _declare_equality(texts, kinds)
    compared = {
        _member(one) for one, other in pairs if _is_asked(one, known) and (declared or _kind(other) in equal)
    }
    annotated = {name for name, _ in _annotated(texts, kinds)}
    return sorted(compared - annotated - returning_objects(tests, texts, kinds))


def _asks_equality(node: ast.AST) -> bool:
    return not isinstance(node, ast.Compare) or all(
        isinstance(each, (ast.Eq, ast.NotEq)) for each in node.ops
    )


def _kind(node: ast.expr) -> str:
    """Which kind of literal it is; empty for anything else."""
    while isinstance(node, ast.UnaryOp):
        node = node.operand
    if not isinstance(node, ast.Constant):
        return type(node).__name__ if isinstance(node, (ast.List, ast.Tuple, ast.Dict, ast.Set)) else ""
    return "number" if isinstance(node.value, (int, float, complex)) else type(node.value).__name__


def _declare_equality(texts: Iterable[str], kinds: frozenset[str]) -> bool:
    return any(
        isinstance(node, ast.ClassDef)
        and node.name in kinds
        and any(getattr(each, "name", "") == "__eq__" for each in node.body)
        for text in texts
        if (tree := objects.parsed(text))
        for node in nodes(tree)
    )


def _is_asked(node: ast.expr, known: objects.Objects) -> bool:
    """Whether a method of an object is called."""
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and known.include(called.value)


def _annotated(given: Iterable[str], kinds: frozenset[str]) -> Iterator[tuple[str, bool]]:
    for text in given:
        tree = objects.parsed(text)
        for node in nodes(tree) if tree else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns:
                yield node.name, _names_any(node.returns, kinds | {"Self"})


def _names_any(annotation: ast.expr, kinds: frozenset[str]) -> bool:
    """Whether an annotation names one of the classes, perhaps in a text (``"Optional[Node]"``)."""
    text = ast.unparse(annotation).strip("'\"")
    tree = objects.parsed(text)
    return any(
        (isinstance(node, ast.Name) and node.id in kinds)
        or (isinstance(node, ast.Attribute) and node.attr in kinds)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in kinds)
        for node in (nodes(tree) if tree else ())
    )


def _used(tree: ast.Module, known: objects.Objects) -> Iterator[str]:
    """What the tests compare with objects, or look into."""
    named = list(_named(tree))
    assigned = [(_path(target), _member(value)) for target, value in named]
    asked = {_path(target): _member(value) for target, value in named if _is_asked(value, known)}
    looked_into: set[str] = set()
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and node.attr not in objects.PLAIN_ATTRIBUTES:
            looked_into.add(_path(node.value))
            yield _member(node.value)
        if isinstance(node, ast.Call) and any(_is_made(each, known) for each in node.args):
            yield f"{_member(node)} contains"
        for one, other in _pairs(node):
            if _is_made(one, known):
                looked_into.add(_path(other))
                yield _member(other)
                for each in _operands(other):
                    yield _member(each) if _is_asked(each, known) else asked.get(_path(each), "")
    yield from (member for path, member in assigned if path and path in looked_into)


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression is computed from by operators; nothing of one without any."""
    if isinstance(node, ast.BinOp):
        for each in (node.left, node.right):
            yield from _operands(each) if isinstance(each, (ast.BinOp, ast.UnaryOp)) else (each,)
    elif isinstance(node, ast.UnaryOp):
        yield from _operands(node.operand) if isinstance(node.operand, ast.BinOp) else (node.operand,)


def _is_made(node: ast.expr, known: objects.Objects) -> bool:
    """Whether it is an object that the tests have made; what an operator returns may be a number."""
    return not isinstance(node, (ast.BinOp, ast.UnaryOp)) and known.include(node)


def _pairs(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What a node compares, both ways."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.Compare):
        pairs = list(zip([node.left, *node.comparators], node.comparators, strict=False))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) > 1:
        pairs = [(node.args[0], node.args[1])] if node.func.attr in _ASSERTIONS else []
    for one, other in pairs:
        yield one, other
        yield other, one


def _named(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    yield from objects.assignments(tree)
    for node in nodes(tree):
        if isinstance(node, (ast.For, ast.comprehension)):
            yield node.target, node.iter


def _member(node: ast.expr) -> str:
    """The name of what returns it; empty for anything else than a call, an attribute, or a part of those."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", "") or getattr(node.func, "id", "")
    return node.attr if isinstance(node, ast.Attribute) else ""


def _path(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
