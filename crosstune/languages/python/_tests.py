"""Why tests in Python cannot judge any candidate; decided from the tests alone.

The candidate is unknown here, so a name that nobody defines may be its function. What is not certain counts
in favour of the tests.
"""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Iterable, Iterator

from crosstune.languages.python._nodes import nodes
from crosstune.languages.python._packages import missing
from crosstune.records import Program

_MARK = "\ufeff"
# Built-in functions that check nothing by themselves. `exec`, `eval`, `exit` and others may.
_HARMLESS = """
abs all any ascii bin bool bytearray bytes callable chr complex dict dir divmod enumerate filter
float format frozenset getattr hasattr hash hex id input int isinstance issubclass iter len list
locals map max min next object oct open ord pow print range repr reversed round set slice sorted str
sum super tuple type vars zip
"""
_BUILT_IN = frozenset(dir(builtins))
# Functions of modules that tests often call around their checks, and star imports that bring no check.
_HARMLESS_MODULES = """
bisect cmath collections copy dataclasses datetime decimal enum fractions functools hashlib heapq io
itertools json math numbers operator os pprint queue random re statistics string textwrap time
timeit typing uuid warnings
"""
_HARMLESS_CALLS = {"sys": frozenset({"setrecursionlimit", "getsizeof"}), "gc": frozenset({"collect"})}
# Parameters that a runner of tests fills without a fixture of the tests' own.
_FIXTURES = """
cache caplog capfd capfdbinary capsys capsysbinary doctest_namespace monkeypatch pytestconfig
record_property record_testsuite_property recwarn request tmp_path tmp_path_factory tmpdir
tmpdir_factory
"""
_CHECKS = (ast.Raise, ast.Compare, ast.Match)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def tests_error(program: Program) -> str:
    """Why the tests cannot judge any candidate, and how to get what is missing; empty if they can."""
    text = program.tests[1:] if program.tests[:1] == _MARK else program.tests
    try:
        tree = ast.parse(text, "tests.py")
        compile(tree, "tests.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"the tests do not parse: line {error.lineno or 1}: {error.msg}"
    except (ValueError, RecursionError, MemoryError):
        return "the tests do not parse" if "\0" in text else ""
    setup = _parsed(program.setup)
    for part in (setup, tree):
        for module in _certain_imports(part):
            if (why := missing(module, program.standard)) and not _changes_imports(part):
                return f"the tests need {why}"
    return "" if _Tests(setup, tree).check_something() else _NOTHING


_NOTHING = (
    "the tests check nothing: no assertion, exception, exit or comparison is reached when they run; "
    "functions that check have to be called, or be found by unittest or pytest"
)


@functools.lru_cache(maxsize=64)
def _parsed(setup: str) -> ast.Module:
    """The setup; empty where it is only the beginning of a program."""
    try:
        return ast.parse(setup.removeprefix(_MARK), "setup.py")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


# -- packages ----------------------------------------------------------------------------------------------


def _certain_imports(tree: ast.Module) -> Iterator[str]:
    """The top-level modules that are imported unconditionally, by statements of the module or of its test
    functions; those inside of ``try``, ``with`` and conditions may be meant to fail."""
    bodies = [tree.body]
    while bodies:
        for node in bodies.pop(0):
            if isinstance(node, ast.Import):
                yield from (each.name.partition(".")[0] for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]
            elif isinstance(node, (ast.Assign, ast.Expr)):
                yield from _imported_or_skipped(node.value)
            else:
                bodies.append(_certain_body(node))


def _imported_or_skipped(node: ast.expr) -> Iterator[str]:
    """pytest would skip the tests where the module is missing, and so check nothing."""
    match node:
        case ast.Call(func=ast.Attribute(attr="importorskip"), args=[ast.Constant(value=str(name)), *_]):
            yield name.partition(".")[0]


def _certain_body(node: ast.stmt) -> list[ast.stmt]:
    """The statements inside of ``node`` that certainly run."""
    if isinstance(node, ast.If):
        return node.body if _is_guard(node.test) else []
    if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return []
    if any("skip" in ast.dump(each).lower() for each in node.decorator_list):
        return []
    runs = isinstance(node, ast.ClassDef) or node.name.startswith("test") or node.name in ("check", "setUp")
    return node.body if runs else []


def _is_guard(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == "__name__"


def _changes_imports(tree: ast.Module) -> bool:
    """Whether the tests may provide modules themselves (``sys.modules``, ``sys.path``)."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in ("modules", "path", "meta_path")
        and _is_sys(node.value)
        for node in nodes(tree)
    )


def _is_sys(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "sys"


# -- checks ------------------------------------------------------------------------------------------------


class _Tests:
    """Follows tests from their statements to the functions that these name.

    A function counts as reached when its name is used in reached code, whether or not it is called there.
    """

    def __init__(self, setup: ast.Module, tree: ast.Module) -> None:
        self._tree = tree
        self._functions: dict[str, list[ast.stmt]] = {}
        self._known: set[str] = set()
        self._harmless: set[str] = set()
        self._starred = False
        for part in (setup, tree):
            self._define(part, of_setup=part is setup)
        self._coroutines = {
            name
            for name, found in self._functions.items()
            if all(isinstance(each, ast.AsyncFunctionDef) for each in found)
        }

    def _define(self, part: ast.Module, *, of_setup: bool) -> None:
        for node in _statements(part.body):
            if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                self._functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.Import):
                for each in node.names:
                    name = each.asname or each.name.partition(".")[0]
                    self._add(name, each.name.partition(".")[0] in _HARMLESS_MODULES.split())
            elif isinstance(node, ast.ImportFrom):
                harmless = (node.module or "").partition(".")[0] in (*_HARMLESS_MODULES.split(), "__future__")
                self._starred |= not harmless and any(each.name == "*" for each in node.names)
                for each in node.names:
                    self._add(each.asname or each.name, harmless)
        if of_setup:
            self._known.update(self._functions)  # helpers, which may check

    def _add(self, name: str, harmless: bool) -> None:
        (self._harmless if harmless else self._known).add(name)

    def check_something(self) -> bool:
        roots = [node for node in self._tree.body if not isinstance(node, (*_FUNCTIONS, ast.ClassDef))]
        pending: list[ast.AST] = [*roots, *self._run_by_runner()]
        done: set[str] = set()
        while pending:
            node = pending.pop()
            names: set[str] = set()
            if self._checks(node, names):
                return True
            for name in names - done:
                done.add(name)
                pending += (each for each in self._functions.get(name, ()))
        return False

    def _run_by_runner(self) -> Iterator[ast.AST]:
        """Test functions that need nothing but fixtures, and classes that may hold tests."""
        for node in self._tree.body:
            if isinstance(node, ast.ClassDef) and (node.bases or node.name.startswith("Test")):
                yield node
            elif isinstance(node, _FUNCTIONS) and node.name.startswith("test"):
                if node.decorator_list or self._are_filled(_needed(node.args)):
                    yield node
            elif not isinstance(node, _FUNCTIONS) and not isinstance(node, ast.ClassDef):
                yield from _nested_tests(node)

    def _are_filled(self, parameters: set[str]) -> bool:
        fixtures = set(_FIXTURES.split())
        for each in _statements(self._tree.body) if parameters else ():
            if isinstance(each, _FUNCTIONS) and any("fixture" in ast.dump(by) for by in each.decorator_list):
                fixtures.add(each.name)
        return parameters <= fixtures

    def _checks(self, root: ast.AST, names: set[str]) -> bool:
        """Whether reaching ``root`` checks something; adds the names that it uses."""
        pending = [root]
        while pending:
            node = pending.pop()
            if isinstance(node, _CHECKS) or (isinstance(node, ast.Assert) and not _is_true(node.test)):
                if not (isinstance(node, ast.Compare) and _is_guard(node)):
                    return True
            elif isinstance(node, ast.Call):
                if self._call_may_check(node.func):
                    return True
            elif isinstance(node, ast.Name):
                names.add(node.id)
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Call)
                and self._is_dropped(node.value)
            ):
                pending += node.value.args
            elif (
                isinstance(node, (*_FUNCTIONS, ast.ClassDef))
                and node is not root
                and not _is_method(node, root)
            ):
                pending += node.decorator_list
            else:
                pending += ast.iter_child_nodes(node)
        return False

    def _is_dropped(self, call: ast.Call) -> bool:
        """Whether the call makes a coroutine that nothing awaits."""
        return isinstance(call.func, ast.Name) and call.func.id in self._coroutines

    def _call_may_check(self, function: ast.expr) -> bool:
        path = []
        while isinstance(function, (ast.Attribute, ast.Call)):
            path.append(function.attr if isinstance(function, ast.Attribute) else "")
            function = function.value if isinstance(function, ast.Attribute) else function.func
        if any("assert" in name.lower() or name in ("fail", "exit", "_exit", "abort") for name in path):
            return True
        if not isinstance(function, ast.Name):
            return False
        name = function.id
        if name in self._known:
            return not set(path) & _HARMLESS_CALLS.get(name, frozenset())
        if name in self._functions or name in self._harmless or name in _HARMLESS.split():
            return False
        if name in _BUILT_IN:
            return not name.endswith(("Error", "Exception", "Warning"))
        return self._starred


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements, also those inside of others."""
    for statement in body:
        yield statement
        for field in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, field, ()))
        for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            yield from _statements(part.body)


def _nested_tests(node: ast.AST) -> Iterable[ast.AST]:
    if isinstance(node, (ast.If, ast.Try, ast.With)):
        return (each for each in nodes(node) if isinstance(each, (*_FUNCTIONS, ast.ClassDef)))
    return ()


def _needed(arguments: ast.arguments) -> set[str]:
    """The parameters without a default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    given = positional[: len(positional) - len(arguments.defaults)]
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {each.arg for each in given} | {each.arg for each, default in pairs if default is None}


def _is_method(node: ast.AST, root: ast.AST) -> bool:
    return isinstance(root, ast.ClassDef) and node in root.body


def _is_true(node: ast.expr) -> bool:
    """Whether it is always true; what is always false may follow a call that has to raise."""
    return isinstance(node, ast.Constant) and bool(node.value)
