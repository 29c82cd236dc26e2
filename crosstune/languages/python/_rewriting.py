"""Rewrites tests that share a process with the candidate, so that they compare by functions of the judge.

What a test compares and how it fails goes through `_guard`; the built-in functions and the modules that it
uses are those that it would have had without the candidate. No code of the tests runs here: they are
rewritten outside of the sandbox, once for all candidates, because a syntax tree needs so much memory that it
would cost a forked process a fourth of its time.
"""

from __future__ import annotations

import ast
import builtins
import collections
import functools
import importlib
import marshal
import os
import sys
import typing
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

# Built-in functions and types that tests compare with. A function that is asked for may have another's name.
JUDGING = frozenset(
    "abs all any bool float int isinstance len list range repr round set sorted str tuple type zip".split()  # noqa: SIM905
)
# Others, where the names of the functions that are asked for are known.
_MORE = frozenset(
    """
    ascii bin bytearray bytes callable chr complex dict divmod enumerate filter format frozenset getattr
    hasattr hash hex id issubclass iter map max min next oct ord pow reversed setattr slice sum
    """.split()  # noqa: SIM905
)
_COMPARING = frozenset(
    """
    allclose array_equal array_equiv isclose assert_allclose assert_array_equal assert_array_almost_equal
    assert_equal assert_almost_equal eq ne
    """.split()  # noqa: SIM905
)
# An error of the candidate's would end what they return, as if that had no more items.
_ENDED = frozenset({"map", "filter"})
_MODULES = {
    name: name
    for name in "cmath collections copy functools itertools math operator random re string".split()  # noqa: SIM905
} | {"np": "numpy", "numpy": "numpy"}
_KNOWN = frozenset((*dir(builtins), *typing.__all__, *collections.__all__))
_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SCOPES = (*_DEFINING, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SUSPENDING = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


Source = tuple[str, str, str]
"""Where a name of the rewritten tests comes from: a module, what of it (empty: the module itself), and, of an
attribute ``module.attribute``, the attribute."""


class Rewritten(NamedTuple):
    """Tests for `_runner`, which gets them by `marshal`."""

    code: bytes
    name: str
    """How all names begin that are the judge's."""
    used: dict[str, Source]
    """The built-in functions and modules that the tests use, by their new names."""
    classes: tuple[str, ...]
    """The names of the classes that are asked for, as far as the tests tell, and of the tests' own."""
    private: tuple[str, ...]
    """The functions and methods that only the tests and their runner call: a candidate never gets one of
    them as a value."""
    modules: tuple[str, ...]
    """The modules that the tests import."""
    calls_more: bool
    """Whether the tests use functions that look up others while they run, in their module or the built-in
    one, where a candidate may have replaced them."""


@functools.lru_cache(maxsize=256)
def rewritten(tests: str, setup: str, entry_points: frozenset[str], modules: tuple[str, ...]) -> bytes:
    """The tests, rewritten, as `_runner` reads them. ``entry_points`` are the names that are asked for, where
    they are known; ``modules`` are in the sandbox.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: the tests cannot be compiled.
    """
    tree = ast.parse(tests.removeprefix("\ufeff"), "tests.py")
    return marshal.dumps(tuple(_rewritten(tree, setup, entry_points, f"_{os.urandom(8).hex()}", modules)))


def _rewritten(
    tree: ast.Module, setup: str, entry_points: frozenset[str], name: str, modules: tuple[str, ...]
) -> Rewritten:
    names = _Names(tree)
    before, given = _given(setup, bool(entry_points), modules)
    bound = names.bound | entry_points
    words = (JUDGING | _MORE if entry_points else JUDGING) - bound - before
    free = (names.loaded - bound - before - _KNOWN) | entry_points
    classes = names.classes.union(each for each in free if each[:1].isupper())
    known = {key: given[key] for key in given.keys() & names.loaded - bound}
    rewriting = _Rewriting(name, words, frozenset(free), known)
    private = _functions(tree) - names.values
    rewriting.visit(tree)
    ast.fix_missing_locations(tree)
    code = compile(tree, "tests.py", "exec", dont_inherit=True)
    looked_up = names.loaded & (before | _KNOWN - words - bound)
    return Rewritten(
        code=marshal.dumps(code),
        name=name,
        used=rewriting.used,
        classes=tuple(classes),
        private=tuple(private),
        modules=tuple(names.modules),
        calls_more=bool(looked_up or names.modules)
        or any(module != "builtins" for module, *_ in rewriting.used.values()),
    )


class _Names:
    """The names in a module: those that it binds anywhere, that it loads, that it uses otherwise than to call
    (``values``), and those of its classes."""

    def __init__(self, tree: ast.Module) -> None:
        self.bound: set[str] = set()
        self.loaded: set[str] = set()
        self.values: set[str] = set()
        self.classes: set[str] = set()
        self.modules: set[str] = set()
        self._called: set[int] = set()
        pending: list[Any] = [tree]
        while pending:  # twice as fast as `ast.walk`
            node = pending.pop()
            if note := _NOTES.get(type(node)):
                note(self, node)
            for value in node.__dict__.values():
                if isinstance(value, list):
                    pending += [each for each in value if isinstance(each, ast.AST)]
                elif isinstance(value, _NODES):
                    pending.append(value)

    def name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bound.add(node.id)
            return
        self.loaded.add(node.id)
        if id(node) not in self._called:
            self.values.add(node.id)

    def attribute(self, node: ast.Attribute) -> None:
        if id(node) not in self._called:
            self.values.add(node.attr)

    def call(self, node: ast.Call) -> None:
        self._called.add(id(node.func))

    def class_(self, node: ast.ClassDef) -> None:
        self.bound.add(node.name)
        self.classes.add(node.name)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.bound.add(node.name)

    def argument(self, node: ast.arg) -> None:
        self.bound.add(node.arg)

    def import_(self, node: ast.Import) -> None:
        self.modules.update(each.name for each in node.names)

    def import_from(self, node: ast.ImportFrom) -> None:
        if node.module and not node.level:
            self.modules.add(node.module)

    def alias(self, node: ast.alias) -> None:
        self.bound.add((node.asname or node.name).partition(".")[0])

    def declared(self, node: ast.Global | ast.Nonlocal) -> None:
        self.bound.update(node.names)

    def caught(self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> None:
        self.bound.add(node.name or "")


_NODES = (
    ast.expr,
    ast.stmt,
    ast.mod,
    ast.arguments,
    ast.arg,
    ast.pattern,
    ast.alias,
)
_NOTES: dict[type, Callable[[_Names, Any], None]] = {
    ast.Name: _Names.name,
    ast.Attribute: _Names.attribute,
    ast.Call: _Names.call,
    ast.ClassDef: _Names.class_,
    ast.FunctionDef: _Names.function,
    ast.AsyncFunctionDef: _Names.function,
    ast.arg: _Names.argument,
    ast.Import: _Names.import_,
    ast.ImportFrom: _Names.import_from,
    ast.alias: _Names.alias,
    ast.Global: _Names.declared,
    ast.Nonlocal: _Names.declared,
    ast.ExceptHandler: _Names.caught,
    ast.MatchAs: _Names.caught,
    ast.MatchStar: _Names.caught,
}


def _functions(tree: ast.Module) -> frozenset[str]:
    """The functions of a module and the test methods of its classes."""
    found = [each for each in tree.body if isinstance(each, _DEFINING) and not each.decorator_list]
    methods = [each for kind in found if isinstance(kind, ast.ClassDef) for each in kind.body]
    tests = [each.name for each in methods if isinstance(each, _DEFINING) and each.name.startswith("test")]
    return frozenset([*(each.name for each in found if not isinstance(each, ast.ClassDef)), *tests])


@functools.lru_cache(maxsize=16)
def _given(
    setup: str, named: bool, modules: tuple[str, ...]
) -> tuple[frozenset[str], dict[str, tuple[str, str]]]:
    """The names that setup binds, and what they are by then: modules and, where the functions that are asked
    for are ``named``, what else it imports from one."""
    try:
        tree = ast.parse(setup.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = ast.Module([], [])  # it is only the beginning of a program
    found = {name: (module, "") for name, module in _MODULES.items()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                if each.asname or "." not in each.name:
                    found[each.asname or each.name] = each.name, ""
        elif isinstance(node, ast.ImportFrom) and named and node.module in sys.stdlib_module_names:
            found.update(_imported(node.module, node, node.module in modules))
    return frozenset(_Names(tree).bound), found


def _imported(module: str, node: ast.ImportFrom, is_loaded: bool) -> Iterable[tuple[str, tuple[str, str]]]:
    for each in node.names:
        if each.name != "*":
            yield each.asname or each.name, (module, each.name)
        elif is_loaded:
            members = vars(importlib.import_module(module))
            for name in members.get("__all__") or [name for name in members if not name.startswith("_")]:
                yield name, (module, name)


class _Rewriting(ast.NodeTransformer):
    def __init__(
        self, name: str, words: frozenset[str], free: frozenset[str], given: dict[str, tuple[str, str]]
    ) -> None:
        self._name, self._words, self._free, self._given = name, words, free, given
        self._asserted = self._in_class = self._is_final = False
        self.used: dict[str, Source] = {}

    def visit(self, node: ast.AST) -> ast.AST:
        kept = self._asserted, self._in_class, self._is_final
        if isinstance(node, _SCOPES):
            self._in_class, self._is_final = isinstance(node, ast.ClassDef), False
        elif isinstance(node, ast.Try):  # which may catch it
            self._is_final = False
        elif isinstance(node, ast.With):
            self._is_final |= any(self._is_candidates(each.context_expr) for each in node.items)
        changed: ast.AST = super().visit(node)
        self._asserted, self._in_class, self._is_final = kept
        return changed

    def _is_candidates(self, node: ast.expr) -> bool:
        """Whether the candidate has made it: then it must not catch what fails within."""
        while isinstance(node, (ast.Call, ast.Attribute)):
            node = node.func if isinstance(node, ast.Call) else node.value
        return isinstance(node, ast.Name) and node.id in self._free

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """What fails is looked at: see `_guard`."""
        if node.msg:
            node.msg = self.visit(node.msg)  # type: ignore[assignment]
        self._asserted = True
        test: Any = self.visit(node.test)
        failed = self._called(test, "final" if self._is_final else "failed", [])
        node.test = ast.copy_location(ast.BoolOp(ast.Or(), [test, failed]), test)
        return node

    def visit_List(self, node: ast.List) -> ast.AST:
        return node if all(map(_is_constant, node.elts)) else self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load):
            module, what = self._given.get(node.id, ("", ""))
            if node.id in self._words:
                return self._bound(node, "builtins", node.id)
            if what:
                return self._bound(node, module, what)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """An attribute of a module; the candidate may have an object of that name, with other attributes."""
        if isinstance(node.value, ast.Name):
            module, what = self._given.get(node.value.id, ("", ""))
            if module and not what:
                self._bound(node.value, module, "", node.attr)
                return node
        return self.generic_visit(node)

    def _bound(self, node: ast.Name, module: str, what: str, attribute: str = "") -> ast.Name:
        source = module, what, attribute
        node.id = f"{self._name}{node.id}.{attribute}" if attribute else f"{self._name}{node.id}"
        self.used[node.id] = source
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        words = [type(each).__name__ for each in node.ops]
        if not set(words) - {"Is", "IsNot"}:
            return node
        if len(words) == 1:
            return self._called(node, "", [ast.Constant(words[0]), node.left, node.comparators[0]])
        first, *later = node.comparators
        if self._in_class or any(isinstance(each, _SUSPENDING) for part in later for each in ast.walk(part)):
            return node  # what is evaluated only if needed cannot become a function
        delayed = [ast.Lambda(_NOTHING, each) for each in later]
        return self._called(node, "chain", [ast.Constant(" ".join(words)), node.left, first, *delayed])

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        answers = self._asserted or any(map(self._is_answer, (node.left, node.right)))
        self.generic_visit(node)
        if not answers or (isinstance(node.op, ast.Mod) and _is_text(node.left)):
            return node
        return self._called(node, "number", [ast.Constant(type(node.op).__name__), node.left, node.right])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Functions of modules that compare their first two arguments."""
        compares = len(node.args) > 1 and _last_name(node.func) in _COMPARING
        if isinstance(node.func, ast.Name) and node.func.id in _ENDED & self._words:
            node.func = ast.copy_location(ast.Name(f"{self._name}{node.func.id}", ast.Load()), node.func)
        self.generic_visit(node)
        if compares and not any(isinstance(each, ast.Starred) for each in node.args):
            node.args.insert(0, node.func)
            node.func = ast.copy_location(ast.Name(f"{self._name}call", ast.Load()), node.func)
        return node

    def _is_answer(self, node: ast.expr) -> bool:
        """Whether it may be what the candidate has returned."""
        return (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in self._words
        )

    def _called(self, node: ast.expr, word: str, arguments: list[ast.expr]) -> ast.Call:
        """A call of a function of `_guard` in place of ``node``."""
        return ast.copy_location(ast.Call(ast.Name(self._name + word, ast.Load()), arguments, []), node)


_NOTHING = ast.arguments([], [], None, [], [], None, [])


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
