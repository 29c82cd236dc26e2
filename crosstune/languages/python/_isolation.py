"""Whether the tests of a Python program can do with values of its candidate, in a process of their own."""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import symtable
from collections.abc import Iterator

from crosstune.languages.python import _objects as objects
from crosstune.languages.python._changed_results import changes_results
from crosstune.records import Program

# What tests do to the process of the candidate, which is not theirs then.
_CHANGES = frozenset(
    """
    random.seed numpy.random.seed np.random.seed random.setstate os.chdir os.environ os.putenv sys.stdin
    sys.path sys.modules sys.setrecursionlimit sys.argv sys.stdout sys.stderr importlib.reload gc.collect
    decimal.getcontext decimal.setcontext decimal.localcontext numpy.seterr np.seterr locale.setlocale
    """.split()  # noqa: SIM905 - as many quotes as names
)
# What is replaced in tests, or looks at more than a value.
_NAMES = frozenset(
    """
    input open globals locals exec eval __import__ id callable mock patch monkeypatch tmp_path tmpdir capsys
    capfd caplog Mock MagicMock AsyncMock Generator GeneratorType AsyncGenerator AsyncIterator Coroutine seed
    getcontext setcontext localcontext setrecursionlimit setattr delattr issubclass doctest_namespace
    """.split()  # noqa: SIM905
)
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
_SINGLE = (type, type(None), bool, type(...), type(NotImplemented))


def why_shared(tests: Program) -> str:
    """Why the tests need the candidate's objects; empty if values are enough. See `SeparateProcesses`."""
    text = tests.tests.removeprefix("\ufeff")
    tree = objects.parsed(text)
    if tree is None:
        return "the tests do not parse"
    if tests.declaration.strip() and not runnable(tests.declaration):
        return "the declaration does not parse"
    used = _free_names(text)
    unknown = sorted(used - _given(tests) - set(tests.entry_points) - set(dir(builtins)))
    if unknown:
        return f"the tests use {unknown[0]!r}, which is not among the entry points"
    if objects_used := sorted(used & _names_with_objects(tests)):
        return f"the tests use {objects_used[0]!r}, whose objects are no values"
    if changes_results(tree, frozenset(tests.entry_points), _asked_classes(tests)):
        return "the tests change what the candidate has returned"
    return next(_Objections(tree, tests).found(), "")


def _asked_classes(tests: Program) -> frozenset[str]:
    """The entry points that are classes; without a declaration those that are named like one."""
    tree = objects.parsed(runnable(tests.declaration)) if tests.declaration.strip() else None
    if tree is None:
        return frozenset(name for name in tests.entry_points if name[:1].isupper())
    declared = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    return frozenset(declared.intersection(tests.entry_points))


def _names_with_objects(tests: Program) -> set[str]:
    """The classes of setup and declaration whose objects are more than records, and the functions there that
    use them. Tests that make such objects of what they expect would show it to the candidate."""
    given = objects.given(tests.setup, runnable(tests.declaration))
    found = set(given.classes - given.records - set(tests.entry_points))
    trees = [tree for text in (tests.setup, runnable(tests.declaration)) if (tree := objects.parsed(text))]
    functions = [
        node
        for tree in trees
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    for _ in functions if found else ():
        more = {node.name for node in functions if found & _names_in(node)} - found
        if not more:
            break
        found |= more
    return found - set(tests.entry_points)


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _free_names(text: str) -> set[str]:
    """The global names that the tests use and do not define themselves."""
    found: set[str] = set()
    top = symtable.symtable(text, "tests.py", "exec")
    pending = [top]
    while pending:
        table = pending.pop()
        pending += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (table is top or symbol.is_global()):
                found.add(symbol.get_name())
    defined = {
        symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()
    }
    return found - defined - {"__name__", "__file__"}


def _given(tests: Program) -> set[str]:
    """The names that setup and declaration define."""
    names: set[str] = set()
    for text in (tests.setup, runnable(tests.declaration)):
        tree = objects.parsed(text)
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names |= _imported(node)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = {(each.asname or each.name).partition(".")[0] for each in node.names}
    return _starred(node) if "*" in names and isinstance(node, ast.ImportFrom) else names


def _starred(node: ast.ImportFrom) -> set[str]:
    """The names that a star import of one of the usual modules brings."""
    if node.module not in ("math", "typing", "collections", "itertools", "functools", "heapq", "bisect"):
        return set()
    return {name for name in dir(importlib.import_module(node.module)) if not name.startswith("_")}


@functools.lru_cache(maxsize=256)
def runnable(declaration: str, entry_points: tuple[str, ...] = ()) -> str:
    """The declaration as a module of its own, without the ``entry_points``: a function without a body gets
    one; empty if it does not parse."""
    begun = declaration.rstrip()
    last = begun.rpartition("\n")[2]
    indent = last[: len(last) - len(last.lstrip())]
    for text in (declaration, *(f"{begun}\n{indent}{more}pass\n" for more in ("    ", "\t", ""))):
        if tree := objects.parsed(text):
            if not entry_points:
                return text
            tree.body = [node for node in tree.body if getattr(node, "name", None) not in entry_points]
            return ast.unparse(tree)
    return ""


class _Objections:
    """What tests do that values do not allow."""

    def __init__(self, tree: ast.Module, tests: Program) -> None:
        self._tree = tree
        self._functions = _functions(tree)
        given = objects.given(tests.setup, runnable(tests.declaration))
        self._attributes = _ATTRIBUTES | given.members
        self._helpers = given.functions - set(tests.entry_points)
        self._classes = objects.classes(tests, runnable(tests.declaration))
        self._kinds = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        self._modules = _modules(tree)
        self._entry_points = set(tests.entry_points)
        self._aliases = aliases(tree, self._entry_points)
        self._results = _results(tree, self._aliases - self._classes)

    def found(self) -> Iterator[str]:
        if own := sorted((self._functions | self._kinds) & self._entry_points):
            yield f"the tests themselves define {own[0]!r}"
        called = {id(node.func) for node in ast.walk(self._tree) if isinstance(node, ast.Call)}
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call):
                yield from self._of_call(node)
            elif isinstance(node, ast.Attribute):
                yield from self._of_attribute(node)
            elif isinstance(node, ast.Name) and node.id in _NAMES and isinstance(node.ctx, ast.Load):
                yield f"the tests use {node.id}"
            elif isinstance(node, ast.Name) and node.id in self._classes and id(node) not in called:
                yield f"the tests use the class {node.id!r} otherwise than to make objects"
            elif isinstance(node, ast.arg) and node.arg in _NAMES:
                yield f"the tests use {node.arg}"
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from _of_import(node)
            elif isinstance(node, ast.Compare) and _compares_identity(node):
                yield "the tests compare identities"
            elif isinstance(node, (ast.AsyncFor, ast.AsyncWith)):
                yield "the tests iterate or enter asynchronously"
            elif isinstance(node, ast.ClassDef) and any(map(self._is_candidates, node.bases)):
                yield f"the class {node.name!r} of the tests inherits from the candidate's"

    def _is_candidates(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._classes | self._entry_points

    def _of_call(self, node: ast.Call) -> Iterator[str]:
        if self._is_result(node.func):
            yield "the tests call what the candidate returns"
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
        if path in _CHANGES or node.attr in _NAMES - {"id", "open", "seed"}:
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
        called = {id(node.func) for node in ast.walk(argument) if isinstance(node, ast.Call)}
        for node in ast.walk(argument):
            if isinstance(node, ast.Lambda):
                inner = _inside_calls(argument, node)
                if not inner:
                    return "a function"
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                if node.id in self._kinds:
                    return f"an object of {node.id!r}"
                module = self._modules.get(node.id)
                if module is not None and module not in _VALUES | _COMPUTES | {"typing", "sys"}:
                    return f"what the module {module} makes"
                if (
                    id(node) not in called
                    and not _inside_calls(argument, node)
                    and self._is_function(node.id)
                ):
                    return f"the function {node.id!r}"
            elif (
                isinstance(node, ast.Attribute)
                and id(node) not in called
                and not _inside_calls(argument, node)
                and _is_function_of_module(node, self._modules)
            ):
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
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


# What results have that are values, also those of NumPy and of the standard library.
_ATTRIBUTES = objects.PLAIN_ATTRIBUTES | frozenset(
    """
    shape dtype size ndim T tolist all any sum mean item astype flatten ravel reshape round min max
    year month day hour minute second days seconds date time total_seconds isoformat strftime weekday
    numerator denominator popleft appendleft maxlen most_common elements as_tuple quantize start stop step
    """.split()  # noqa: SIM905
)


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
    for node in ast.walk(tree):
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
        for call in ast.walk(whole)
        if isinstance(call, ast.Call)
        for argument in [*call.args, *(each.value for each in call.keywords)]
        for inner in ast.walk(argument)
    )


def _compares_identity(node: ast.Compare) -> bool:
    """Whether something other than a constant or a type is compared with ``is``."""
    sides = [node.left, *node.comparators]
    return any(
        isinstance(operator, (ast.Is, ast.IsNot)) and not any(map(_is_single, sides[at : at + 2]))
        for at, operator in enumerate(node.ops)
    )


def _is_single(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, _SINGLE)
    return isinstance(getattr(builtins, node.id if isinstance(node, ast.Name) else "", None), type)


def aliases(tree: ast.Module, entry_points: set[str]) -> set[str]:
    """The names that may hold an entry point: assigned from one, or parameters (``check(candidate)``)."""
    names = set(entry_points)
    for _ in range(2):
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in names:
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for position, argument in enumerate(node.args):
                    if isinstance(argument, ast.Name) and argument.id in names:
                        names |= _parameter(tree, node.func.id, position)
    return names


def _parameter(tree: ast.Module, function: str, position: int) -> set[str]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function)
    return {node.args.args[position].arg for node in found if position < len(node.args.args)}


def _results(tree: ast.Module, functions: set[str]) -> set[str]:
    """The names that are only assigned what these functions return."""
    assigned: dict[str, bool] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = node.value
            is_result = (
                isinstance(value, ast.Call)
                and isinstance(value.func, ast.Name)
                and value.func.id in functions
            )
            name = node.targets[0].id
            assigned[name] = assigned.get(name, True) and is_result
    return {name for name, only in assigned.items() if only}


def _path(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
