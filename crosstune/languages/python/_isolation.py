"""Whether the tests of a Python program can do with values of its candidate, in a process of their own."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator

from crosstune.records import Program

# What tests do to the process of the candidate, which is not theirs then.
_CHANGES = frozenset(
    """
    builtins.input builtins.open builtins.globals builtins.exec builtins.eval builtins.__import__
    random.seed numpy.random.seed np.random.seed os.chdir os.environ os.putenv sys.stdin sys.path sys.modules
    sys.setrecursionlimit sys.argv sys.stdout sys.stderr inspect.getsource inspect.signature time.time
    time.sleep
    importlib.reload gc.collect warnings.catch_warnings threading.Thread
    """.split()  # noqa: SIM905 - as many quotes as names
)
_PATCHING = frozenset({"mock", "patch", "monkeypatch", "tmp_path", "tmpdir", "capsys", "capfd", "importlib"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def why_shared(tests: Program) -> str:
    """Why the tests need the candidate's objects; empty if values are enough. See `SeparateProcesses`."""
    try:
        tree = ast.parse(tests.tests.removeprefix("\ufeff"))
        names = _free_names(tests.tests.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError):
        return "the tests do not parse"
    given = _given(tests)
    unknown = sorted(names - given - set(tests.entry_points) - set(dir(builtins)))
    if unknown:
        return f"the tests use {unknown[0]!r}, which is not among the entry points"
    return next(_objections(tree, tests), "")


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
        for node in ast.walk(ast.parse(text)) if _parses(text) else ():
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for each in node.names:
                    names |= (
                        _starred(node) if each.name == "*" else {(each.asname or each.name).partition(".")[0]}
                    )
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def _starred(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The names that a star import of one of the usual modules brings."""
    import collections
    import math
    import typing

    known = {"math": math, "typing": typing, "collections": collections}
    module = known.get(node.module or "") if isinstance(node, ast.ImportFrom) else None
    return {name for name in dir(module) if not name.startswith("_")} if module else set()


def classes(program: Program) -> list[str]:
    """The classes whose objects stay in the candidate's process: those that the benchmark declares, and
    entry points that are named like classes."""
    declared = [
        node.name
        for node in ast.walk(ast.parse(runnable(program.declaration)))
        if isinstance(node, ast.ClassDef)
    ]
    return sorted({*declared, *(name for name in program.entry_points if name[:1].isupper())})


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def runnable(declaration: str) -> str:
    """The declaration as a module of its own: a function without a body gets one; empty if it does not
    parse."""
    for text in (declaration, f"{declaration.rstrip()}\n    pass\n"):
        if _parses(text):
            return text
    return ""


def _objections(tree: ast.Module, tests: Program) -> Iterator[str]:
    """What the tests do that values do not allow."""
    functions = {
        node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    kinds = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    aliases = _aliases(tree, set(tests.entry_points))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in aliases:
            for argument in [*node.args, *(each.value for each in node.keywords)]:
                if reason := _no_value(argument, functions | set(tests.entry_points), kinds):
                    yield f"the tests pass {reason} to {node.func.id!r}"
        elif isinstance(node, ast.Attribute):
            if (path := _path(node)) in _CHANGES or node.attr in _PATCHING:
                yield f"the tests use {path or node.attr}"
            elif isinstance(node.value, ast.Name) and node.value.id in aliases:
                yield f"the tests use the attribute {node.attr!r} of {node.value.id!r}"
        elif isinstance(node, ast.Name) and (f"builtins.{node.id}" in _CHANGES or node.id in _PATCHING):
            yield f"the tests use {node.id}"
        elif isinstance(node, ast.Compare) and _compares_identity(node):
            yield "the tests compare identities"


def _compares_identity(node: ast.Compare) -> bool:
    """Whether something other than a constant or a type is compared with ``is``."""
    sides = [node.left, *node.comparators]
    return any(
        isinstance(operator, (ast.Is, ast.IsNot)) and not any(map(_is_single, sides[at : at + 2]))
        for at, operator in enumerate(node.ops)
    )


def _is_single(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else ""
    return isinstance(node, ast.Constant) or isinstance(getattr(builtins, name, None), type)


def _aliases(tree: ast.Module, entry_points: set[str]) -> set[str]:
    """The names that may hold an entry point: assigned from one, or parameters (``check(candidate)``)."""
    names = set(entry_points)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in names:
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for position, argument in enumerate(node.args):
                if isinstance(argument, ast.Name) and argument.id in entry_points:
                    names |= _parameter(tree, node.func.id, position)
    return names


def _parameter(tree: ast.Module, function: str, position: int) -> set[str]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function)
    return {node.args.args[position].arg for node in found if position < len(node.args.args)}


def _no_value(argument: ast.expr, functions: set[str], kinds: set[str]) -> str:
    for node in ast.walk(argument):
        if isinstance(node, ast.Lambda):
            return "a function"
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id in kinds:
                return f"an object of {node.id!r}"
            if node.id in functions and node is argument:
                return f"the function {node.id!r}"
    return ""


def _path(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
