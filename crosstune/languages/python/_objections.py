"""What tests in Python do that values do not allow, so that they share a process with the candidate."""

from __future__ import annotations

import ast
import builtins
import importlib
from collections.abc import Iterator

from crosstune.languages.python import _objects as objects
from crosstune.languages.python._callees import aliases, results
from crosstune.languages.python._given import runnable
from crosstune.languages.python._identities import asserts_identity, compares_identity, names_of_types
from crosstune.languages.python._nodes import nodes
from crosstune.languages.python._own_objects import names_of_own_objects
from crosstune.records import Program

# What tests do to the process of the candidate, which is not theirs then.
_CHANGES = frozenset(
    """
    random.seed numpy.random.seed np.random.seed random.setstate os.chdir os.environ os.putenv sys.stdin
    sys.path sys.modules sys.setrecursionlimit sys.argv sys.stdout sys.stderr importlib.reload gc.collect
    asyncio.wait_for asyncio.timeout asyncio.create_task asyncio.ensure_future asyncio.Event asyncio.Lock
    asyncio.Queue asyncio.Semaphore asyncio.TaskGroup asyncio.shield asyncio.wait asyncio.as_completed
    asyncio.Task asyncio.Future asyncio.Condition asyncio.to_thread
    asyncio.CancelledError asyncio.TimeoutError
    decimal.getcontext decimal.setcontext decimal.localcontext numpy.seterr np.seterr locale.setlocale
    """.split()  # noqa: SIM905 - as many quotes as names
)
# What is replaced in tests, or looks at more than a value.
_NAMES = frozenset(
    """
    input open globals locals exec eval __import__ id callable mock patch monkeypatch tmp_path tmpdir capsys
    capfd caplog Mock MagicMock AsyncMock Generator GeneratorType AsyncGenerator AsyncIterator Coroutine seed
    getcontext setcontext localcontext setrecursionlimit setattr delattr issubclass doctest_namespace
    vars recwarn anext aiter wait_for create_task ensure_future TaskGroup as_completed
    """.split()  # noqa: SIM905
)
# Attributes by which tests look at more than a value, or at what the candidate's process has done.
_LOOKING = frozenset(
    """
    __dict__ __class__ __slots__ __mro__ __bases__ __annotations__ __dataclass_fields__ catch_warnings warns
    deprecated_call assertWarns assertWarnsRegex assertLogs assertNoLogs
    """.split()  # noqa: SIM905
)
# What ends a process unless tests expect it: elsewhere it ends the candidate's.
_EXITS = frozenset({"SystemExit", "KeyboardInterrupt", "GeneratorExit"})
# Functions that need a data class, which only the benchmark's own are for the tests.
_OF_DATA_CLASSES = frozenset({"asdict", "astuple", "is_dataclass"})
_MODULES = frozenset(
    """
    importlib inspect dis tracemalloc gc weakref threading multiprocessing concurrent subprocess signal socket
    pathlib tempfile shutil builtins ctypes timeit pandas pickle doctest logging contextvars
    """.split()  # noqa: SIM905
)
# The modules whose objects are values.
_VALUES = frozenset("collections datetime decimal fractions array uuid numpy np".split())  # noqa: SIM905
_COMPUTES = frozenset(
    "math cmath random itertools string copy operator statistics json re".split()  # noqa: SIM905
)
_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What results have that are values, also those of NumPy and of the standard library.
_ATTRIBUTES = objects.PLAIN_ATTRIBUTES | frozenset(
    """
    shape dtype size ndim T tolist all any sum mean item astype flatten ravel reshape round min max
    year month day hour minute second days seconds date time total_seconds isoformat strftime weekday
    numerator denominator popleft appendleft maxlen most_common elements as_tuple quantize start stop step
    """.split()  # noqa: SIM905
)


class Objections:
    """What tests do that values do not allow."""

    def __init__(self, tree: ast.Module, tests: Program) -> None:
        self._tree = tree
        self._functions = _functions(tree)
        given = objects.given(tests.setup, runnable(tests.declaration))
        self._attributes = _ATTRIBUTES | given.members
        self._helpers = given.functions - set(tests.entry_points)
        self._classes = objects.classes(tests, runnable(tests.declaration))
        self._kinds = {node.name for node in nodes(tree) if isinstance(node, ast.ClassDef)}
        self._own_objects = names_of_own_objects(tree)
        self._coroutines = {node.name for node in nodes(tree) if isinstance(node, ast.AsyncFunctionDef)}
        self._names_of_types = frozenset(names_of_types(tree))
        self._avoided = _NAMES if given.records else _NAMES | _OF_DATA_CLASSES
        self._modules = _modules(tree)
        self._entry_points = set(tests.entry_points)
        self._aliases = aliases(tree, self._entry_points)
        self._results = results(tree, self._aliases - self._classes)

    def found(self) -> Iterator[str]:
        if own := sorted((self._functions | self._kinds) & self._entry_points):
            yield f"the tests themselves define {own[0]!r}"
        called = {id(node.func) for node in nodes(self._tree) if isinstance(node, ast.Call)}
        for node in nodes(self._tree):
            if isinstance(node, ast.Call):
                yield from self._of_call(node)
            elif isinstance(node, ast.Attribute):
                yield from self._of_attribute(node)
                if id(node) in self._names_of_types:
                    yield "the tests ask for the name of a type"
            elif isinstance(node, ast.Name):
                yield from self._of_name(node, is_called=id(node) in called)
            elif isinstance(node, ast.arg) and node.arg in _NAMES:
                yield f"the tests use {node.arg}"
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from _of_import(node)
            elif isinstance(node, ast.Compare) and compares_identity(node):
                yield "the tests compare identities"
            elif isinstance(node, ast.ExceptHandler) and node.type:
                yield from self._of_caught(node.type)
            elif isinstance(node, (ast.AsyncFor, ast.AsyncWith)) or getattr(node, "is_async", False):
                yield "the tests iterate or enter asynchronously"
            elif isinstance(node, _DEFINING):
                yield from self._of_definition(node)

    def _of_name(self, node: ast.Name, *, is_called: bool) -> Iterator[str]:
        if node.id in self._coroutines and not is_called:
            yield f"the tests use the coroutine function {node.id!r} otherwise than to call it"
        if node.id in self._avoided and isinstance(node.ctx, ast.Load):
            yield f"the tests use {node.id}"
        elif node.id in self._classes and not is_called:
            yield f"the tests use the class {node.id!r} otherwise than to make objects"

    def _of_definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[str]:
        if any(map(self._decorates, node.decorator_list)):
            yield f"the tests decorate {node.name!r} by what the candidate defines"
        elif isinstance(node, ast.ClassDef) and any(map(self._is_candidates, node.bases)):
            yield f"the class {node.name!r} of the tests inherits from the candidate's"

    def _of_caught(self, kinds: ast.expr) -> Iterator[str]:
        names = [each for each in nodes(kinds) if isinstance(each, ast.Name)]
        if any(map(self._is_candidates, names)):
            yield "the tests catch an error that the candidate defines"
        yield from (f"the tests expect {each.id}" for each in names if each.id in _EXITS)

    def _decorates(self, node: ast.expr) -> bool:
        """Whether a decorator is the candidate's, or made by it."""
        while isinstance(node, (ast.Call, ast.Attribute)):
            node = node.func if isinstance(node, ast.Call) else node.value
        return isinstance(node, ast.Name) and node.id in self._aliases

    def _is_candidates(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._classes | self._entry_points

    def _of_call(self, node: ast.Call) -> Iterator[str]:
        if asserts_identity(node):
            yield "the tests compare identities"
        if self._is_result(node.func):
            yield "the tests call what the candidate returns"
        if exits := _EXITS.intersection(each.id for each in node.args if isinstance(each, ast.Name)):
            yield f"the tests expect {min(exits)}"
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("isinstance", "hasattr", "getattr") and any(map(self._is_candidates, node.args)):
            yield f"the tests ask {name} about what the candidate defines"
        if name in ("getattr", "hasattr") and node.args and self._is_result(node.args[0]):
            yield f"the tests use {name} on what the candidate returns"
        method = isinstance(node.func, ast.Attribute) and self._classes
        if name in self._aliases or method:
            for argument in [*node.args, *(each.value for each in node.keywords)]:
                if reason := self._no_value(argument):
                    yield f"the tests pass {reason} to the candidate"
        elif name not in self._functions | self._helpers | {"print"}:
            for argument in node.args:
                if isinstance(argument, ast.Name) and argument.id in self._entry_points:
                    yield f"the tests pass {argument.id!r} to {ast.unparse(node.func)}"

    def _of_attribute(self, node: ast.Attribute) -> Iterator[str]:
        path = _path(node)
        if path in _CHANGES or node.attr in (_LOOKING | self._avoided) - {"id", "open", "seed"}:
            yield f"the tests use {path or node.attr}"
        elif isinstance(node.value, ast.Name) and node.value.id in self._aliases:
            yield f"the tests use the attribute {node.attr!r} of {node.value.id!r}"
        elif self._is_result(node.value) and node.attr not in self._attributes:
            yield f"the tests use the attribute {node.attr!r} of what the candidate returns"

    def _is_result(self, node: ast.expr) -> bool:
        """Whether it is what a function of the candidate has returned."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in self._aliases - self._classes
        return isinstance(node, ast.Name) and node.id in self._results

    def _no_value(self, argument: ast.expr) -> str:
        """What an argument is, if it is no value."""
        called = {id(node.func) for node in nodes(argument) if isinstance(node, ast.Call)}
        for node in nodes(argument):
            reason = self._no_value_of_own(node)
            if not reason and id(node) not in called and not _inside_calls(argument, node):
                reason = self._function(node)
            if reason:
                return reason
        return ""

    def _no_value_of_own(self, node: ast.AST) -> str:
        if isinstance(node, ast.Attribute):
            return f"an object of their own ({node.attr})" if node.attr in self._own_objects else ""
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
            return ""
        if node.id in self._own_objects:
            return f"an object of their own ({node.id})"
        module = self._modules.get(node.id)
        if module is None or module in _VALUES | _COMPUTES | {"typing", "sys"}:
            return ""
        return f"what the module {module} makes"

    def _function(self, node: ast.AST) -> str:
        if isinstance(node, ast.Lambda):
            return "a function"
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and self._is_function(node.id):
            return f"the function {node.id!r}"
        if isinstance(node, ast.Attribute) and _is_function_of_module(node, self._modules):
            return f"the function {ast.unparse(node)!r}"
        return ""

    def _is_function(self, name: str) -> bool:
        standard = getattr(builtins, name, None)
        return name in self._functions | self._aliases | self._helpers or (
            callable(standard) and not isinstance(standard, type)
        )


def _functions(tree: ast.Module) -> set[str]:
    """The functions that the tests define."""
    names = set()
    for node in nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _of_import(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    names = [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    for name in names:
        if name.partition(".")[0] in _MODULES:
            yield f"the tests use the module {name}"
        if name.startswith("unittest.mock"):
            yield "the tests use unittest.mock"
    if isinstance(node, ast.ImportFrom):
        for each in node.names:
            if each.name in _NAMES:
                yield f"the tests use {each.name}"


def _modules(tree: ast.Module) -> dict[str, str]:
    """The module from which each imported name comes."""
    found = {}
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                found[(each.asname or each.name).partition(".")[0]] = each.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                found[each.asname or each.name] = (node.module or "").partition(".")[0]
    return found


def _is_function_of_module(node: ast.Attribute, modules: dict[str, str]) -> bool:
    """Whether it is a function such as ``math.sqrt`` or ``str.upper``."""
    if not isinstance(node.value, ast.Name):
        return False
    name = node.value.id
    if name in modules:
        module = modules[name]
        known = importlib.import_module(module) if module in _COMPUTES | {"collections"} else None
        return callable(getattr(known, node.attr, None))
    return isinstance(getattr(builtins, name, None), type)


def _inside_calls(whole: ast.expr, node: ast.AST) -> bool:
    """Whether a node is an argument of a call inside of an expression."""
    return any(
        node is inner
        for call in nodes(whole)
        if isinstance(call, ast.Call)
        for argument in [*call.args, *(each.value for each in call.keywords)]
        for inner in nodes(argument)
    )


def _path(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
