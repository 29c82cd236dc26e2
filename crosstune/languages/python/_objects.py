"""The classes that tests of a Python program use, and what they do with their objects.

An object of a class that is asked for stays in the candidate's process, and its operators are the candidate's
code. Tests get those that they apply to objects which they have made, and no others.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crosstune.languages.python._nodes import nodes
from crosstune.records import Program

_RECORDS = frozenset({"NamedTuple", "dataclass"})
_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.MatMult: "matmul",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
}
_UNARY: dict[type[ast.unaryop], str] = {
    ast.USub: "neg",
    ast.UAdd: "pos",
    ast.Invert: "invert",
    ast.Not: "bool",
}
_ORDER: dict[type[ast.cmpop], str] = {ast.Lt: "lt gt", ast.Gt: "gt lt", ast.LtE: "le ge", ast.GtE: "ge le"}
_FUNCTIONS = {
    "len": "len",
    "str": "str repr",
    "print": "str repr",
    "repr": "repr",
    "format": "str repr",
    "bool": "bool len",
    "int": "int index",
    "float": "float",
    "abs": "abs",
    "next": "next",
    **dict.fromkeys("iter list tuple set sorted sum max min enumerate zip map dict any all".split(), "iter"),  # noqa: SIM905
    **dict.fromkeys("assertTrue assertFalse".split(), "bool len"),  # noqa: SIM905
}
_LITERALS = (ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp)


@dataclass(frozen=True, slots=True)
class Given:
    """What setup and declaration of a program define, by name."""

    functions: frozenset[str]
    classes: frozenset[str]
    records: frozenset[str]
    """Data classes, named tuples and exceptions, whose objects are made of values."""
    members: frozenset[str]
    """The attributes of records."""


@functools.lru_cache(64)
def parsed(text: str) -> ast.Module | None:
    """The tree, which must not be changed; None if there is none."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@functools.lru_cache(256)
def given(setup: str, declaration: str) -> Given:
    statements = [node for text in (setup, declaration) if (tree := parsed(text)) for node in tree.body]
    kinds = [node for node in statements if isinstance(node, ast.ClassDef)]
    functions = (
        node.name for node in statements if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    records: set[str] = set()
    for node in kinds:
        if _is_record(node, records):
            records.add(node.name)
    members = (each for node in kinds if node.name in records for each in node.body)
    return Given(
        functions=frozenset(functions),
        classes=frozenset(node.name for node in kinds),
        records=frozenset(records),
        members=frozenset(map(_member, members)),
    )


def _member(node: ast.stmt) -> str:
    """The name of a field or a method; empty for anything else."""
    if isinstance(node, ast.AnnAssign):
        return node.target.id if isinstance(node.target, ast.Name) else ""
    return getattr(node, "name", "")


def _is_record(node: ast.ClassDef, known: set[str]) -> bool:
    names = {_last_name(each) for each in (*node.bases, *node.decorator_list)}
    return any(name in _RECORDS | known or name.endswith(("Error", "Exception")) for name in names)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def classes(program: Program, declaration: str) -> frozenset[str]:
    """The names of the classes whose objects stay in the candidate's process.

    An entry point that nothing declares is one if it is named like a class, and its results have attributes
    or are added to each other.
    """
    known = given(program.setup, declaration)
    unknown = {name for name in program.entry_points if name not in known.functions | known.classes}
    tree = parsed(program.tests.removeprefix("\ufeff"))
    named = {name for name in unknown if tree and is_class_name(name) and _is_used_as_class(tree, name)}
    return frozenset(named | (known.classes & set(program.entry_points)))


def is_class_name(name: str) -> bool:
    return name[:1].isupper()


def _is_used_as_class(tree: ast.Module, name: str) -> bool:
    objects = Objects(tree, frozenset({name}))
    return any(
        (
            isinstance(node, ast.Attribute)
            and objects.include(node.value)
            and node.attr not in PLAIN_ATTRIBUTES
        )
        or (isinstance(node, ast.BinOp) and objects.include(node.left) and objects.include(node.right))
        for node in nodes(tree)
    )


PLAIN_ATTRIBUTES = frozenset(
    name for kind in (int, float, complex, str, bytes, list, tuple, set, dict) for name in dir(kind)
)


OPERATORS = frozenset({*_BINARY.values(), *(f"r{name}" for name in _BINARY.values()), "neg", "pos", "invert"})
"""The names of operators that compute something, without underscores."""


class Objects:
    """The expressions of tests that are objects of some classes."""

    def __init__(self, tree: ast.Module, kinds: frozenset[str]) -> None:
        self._kinds = kinds
        self._names: set[str] = set()
        assigned = list(assignments(tree))
        for _ in range(3):  # an object may be named again
            self._names |= {_path(target) for target, value in assigned if self.include(value)} - {""}

    def include(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call):
            return isinstance(node.func, ast.Name) and node.func.id in self._kinds
        if isinstance(node, ast.BinOp):
            return self.include(node.left) or self.include(node.right)
        if isinstance(node, ast.UnaryOp):
            return not isinstance(node.op, ast.Not) and self.include(node.operand)
        return _path(node) in self._names


def assignments(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in nodes(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield target, node.value
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    yield from zip(target.elts, node.value.elts, strict=False)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value:
            yield node.target, node.value
        elif isinstance(node, ast.withitem) and node.optional_vars:
            yield node.optional_vars, node.context_expr


def _path(node: ast.expr) -> str:
    """``name`` or ``self.name``; empty for anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def operations(tests: str, kinds: frozenset[str]) -> frozenset[str]:
    """What tests do with objects of some classes: the names of special methods without underscores, and
    ``eq value`` where they compare them with values."""
    tree = parsed(tests.removeprefix("\ufeff")) if kinds else None
    if tree is None:
        return frozenset()
    objects = Objects(tree, kinds)
    return frozenset(
        " ".join(found for node in nodes(tree) for found in _operations(node, objects)).split()
    ) | ({"eq value"} if any(_compares_value(node, objects) for node in nodes(tree)) else set())


def _operations(node: ast.AST, objects: Objects) -> Iterator[str]:
    match node:
        case ast.Compare():
            for operator, left, right in _comparisons(node):
                yield from _compared(operator, left, right, objects)
        case ast.BinOp() if objects.include(node):
            yield f"{_BINARY[type(node.op)]} r{_BINARY[type(node.op)]}"
        case ast.AugAssign() if objects.include(node.target) or objects.include(node.value):
            yield f"{_BINARY[type(node.op)]} r{_BINARY[type(node.op)]}"
        case ast.UnaryOp() if objects.include(node.operand):
            yield _UNARY[type(node.op)]
        case ast.Subscript() if objects.include(node.value):
            yield "getitem setitem delitem"
        case ast.Call():
            yield from _called(node, objects)
        case ast.FormattedValue() if objects.include(node.value):
            yield "str repr"
        case _:
            yield from _used(node, objects)


def _used(node: ast.AST, objects: Objects) -> Iterator[str]:
    match node:
        case ast.For() | ast.comprehension() if objects.include(node.iter):
            yield "iter"
        case ast.Starred() if objects.include(node.value):
            yield "iter"
        case ast.withitem() if objects.include(node.context_expr):
            yield "enter exit"
        case ast.If() | ast.While() | ast.Assert() | ast.IfExp() if objects.include(node.test):
            yield "bool"
        case ast.BoolOp() if any(map(objects.include, node.values)):
            yield "bool"


def _comparisons(node: ast.Compare) -> Iterable[tuple[ast.cmpop, ast.expr, ast.expr]]:
    return zip(node.ops, [node.left, *node.comparators], node.comparators, strict=False)


def _compared(operator: ast.cmpop, left: ast.expr, right: ast.expr, objects: Objects) -> Iterator[str]:
    if isinstance(operator, (ast.In, ast.NotIn)):
        if objects.include(right):
            yield "contains"
        if objects.include(left):
            yield "eq"
    elif objects.include(left) or objects.include(right):
        yield _ORDER.get(type(operator), "eq")


def _called(node: ast.Call, objects: Objects) -> Iterator[str]:
    if objects.include(node.func):
        yield "call"
    if not any(map(objects.include, node.args)):
        return
    name = _last_name(node.func)
    if name in ("assertIn", "assertNotIn"):
        yield "contains"
    yield "eq" if name.startswith("assert") else _FUNCTIONS.get(name, "")
    yield _FUNCTIONS.get(name, "")


def _compares_value(node: ast.AST, objects: Objects) -> bool:
    """Whether an object is compared with something that is plainly a value."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.Compare):
        pairs = [
            (left, right)
            for operator, left, right in _comparisons(node)
            if isinstance(operator, (ast.Eq, ast.NotEq))
        ]
    elif isinstance(node, ast.Call) and _last_name(node.func) in ("assertEqual", "assertNotEqual"):
        pairs = [(node.args[0], node.args[1])] if len(node.args) > 1 else []
    return any(
        (objects.include(one) and isinstance(other, _LITERALS))
        or (objects.include(other) and isinstance(one, _LITERALS))
        for one, other in pairs
    )
