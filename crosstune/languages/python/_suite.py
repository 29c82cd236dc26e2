"""Runs tests as their own runner would; the sandbox loads this file by its path, as it loads `_runner`.

Tests are a script, and may also define test functions (as for pytest) and ``unittest.TestCase`` classes. What
the script itself has not run is run after it. The first failure is raised, whoever runs the tests.

The frames of these functions are below the program's, so they hold nothing that a candidate could use: no
nonce, and no code of the tests.
"""

from __future__ import annotations

import _sitebuiltins
import ast
import functools
import inspect
import re
import runpy
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

_with_unittest, _with_pytest = (
    types.SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name(f"_{name}.py"))))
    for name in ("with_unittest", "with_pytest")
)
restoring = _with_unittest.restoring
classes_of_packages = _with_pytest.classes_of_packages

Step = Callable[[], object]

_LEAVES = frozenset({"exit", "quit", "main"})
_BLOCKS = (ast.If, ast.Try, ast.With)
_FILE = "tests.py"
_MORE_THAN_SCRIPT = re.compile(r"unittest|pytest|exit|quit|SystemExit|\b(?:def\s+test|class\s+Test)|\\\n")


def is_script(tests: str) -> bool:
    """Whether the tests certainly define nothing that is run after them, and don't end themselves."""
    return _MORE_THAN_SCRIPT.search(tests) is None


def suite_steps(
    tree: ast.Module | None,
    tests: str,
    code: types.CodeType,
    space: dict[str, Any],
    seen: Callable[[Any, Any], tuple[Any, Any]] | None = None,
) -> tuple[list[Step], list[Step]]:
    """Steps to take between the candidate and the tests, and steps that run the tests ``code`` in ``space``.

    ``tree`` is that of ``tests``, or None where `is_script`. ``seen`` returns two values as the tests may
    compare them, where they share a process with the candidate.
    """
    if tree is None:
        return [], [functools.partial(exec, code, space)]
    before: list[Step] = []
    after: list[Step] = []
    if "unittest" in tests and _imports(tree, "unittest"):
        import unittest  # noqa: F401 - `_own_skips` looks for it

        ran, restore = _with_unittest.unittest_that_raises(seen, _own_skips(code))
        before += [functools.partial(_with_unittest.skip_classes, space), restore]
        after.append(functools.partial(_with_unittest.run_cases, _classes(tree), space, ran))
    with_pytest = "pytest" in tests and _imports(tree, "pytest")
    if found := _uncalled_tests(tree):
        own_skips = _own_skips(code)
        after.append(functools.partial(_run_functions, found, with_pytest, space, own_skips))
    if before or with_pytest:
        loaded = {name: sys.modules[name] for name in _imported(tree) if name in sys.modules}
        before.append(functools.partial(sys.modules.update, loaded))
    rest = _Once(after)
    if with_pytest:
        before.append(functools.partial(_with_pytest.prepare_pytest, rest, codes_of(code)))
    if not before and not after and not any(sign in tests for sign in ("exit", "quit", "SystemExit")):
        return [], [functools.partial(exec, code, space)]
    # The iterator gives the code away, so the frame of `_run` does not show it.
    script = map(exec, iter([code].pop, None), iter([space].pop, None))
    return before, [functools.partial(_run, script, _own_exit(tree, code), rest)]


def _own_skips(code: types.CodeType) -> Callable[[BaseException], bool]:
    """A function that tells whether the tests ``code``, and not the candidate, have raised an error by which
    a test is skipped."""
    codes, known = codes_of(code), _skipping()

    def is_own(error: BaseException) -> bool:
        trace, after, is_theirs = error.__traceback__, list[int](), False
        while trace:
            place = id(trace.tb_frame.f_code)
            is_theirs = is_theirs or place in codes
            after = [] if place in codes else [*after, place]
            trace = trace.tb_next
        return not is_theirs or known.issuperset(after)

    return is_own


def _skipping() -> frozenset[int]:
    """The functions by which tests skip."""
    found: list[Any] = []
    if unittest := sys.modules.get("unittest"):
        found.append(unittest.TestCase.skipTest)
    if pytest := sys.modules.get("pytest"):
        found += [pytest.skip, pytest.xfail, pytest.exit, pytest.importorskip]
    functions = (each if inspect.isfunction(each) else type(each).__call__ for each in found)
    return frozenset(id(each.__code__) for each in functions)


class _Once:
    """Calls steps, but each of them only once."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps = iter(tuple(steps))

    def __call__(self) -> None:
        for step in self._steps:
            step()


def _run(script: Iterator[None], is_own_exit: Callable[[SystemExit], bool], rest: Step) -> None:
    """Run the tests' script, then the ``rest``; if the tests end themselves, the exit status decides."""
    try:
        next(script)
    except SystemExit as error:
        if not is_own_exit(error):
            raise
        if error.code not in (None, 0):
            why = f"the tests ended with status {error.code}"
            raise AssertionError(why).with_traceback(error.__traceback__) from None
        return
    rest()


def _own_exit(tree: ast.Module, code: types.CodeType) -> Callable[[SystemExit], bool]:
    """Whether an exception was raised by a statement of the tests that ends them, not in the candidate."""
    codes = codes_of(code)
    names = _LEAVES.union(_other_names(tree))
    places = frozenset(_place(node) for node in ast.walk(tree) if _is_exit(node, names))
    between = codes.union(id(function.__code__) for function in _loop_functions(tree))
    leaving: list[Any] = [_sitebuiltins.Quitter.__call__]
    if main := sys.modules.get("unittest.main"):
        leaving += [main.TestProgram.__init__, main.TestProgram.runTests]
    known = frozenset(id(function.__code__) for function in leaving)

    def is_own(error: SystemExit) -> bool:
        frames = []
        trace = error.__traceback__ and error.__traceback__.tb_next  # the first frame is that of `_run`
        while trace:
            frames.append((trace.tb_frame.f_code, trace.tb_lasti))
            trace = trace.tb_next
        while frames and id(frames[-1][0]) in known:
            frames.pop()
        if not frames or not all(id(each) in between for each, _ in frames):
            return False
        last, instruction = frames[-1]
        if id(last) not in codes:
            return False
        positions = last.co_positions()
        return next(place for at, place in enumerate(positions) if at == instruction // 2) in places

    return is_own


def codes_of(code: types.CodeType) -> frozenset[int]:
    """The identities of a code and of those inside of it."""
    inner = (codes_of(each) for each in code.co_consts if isinstance(each, types.CodeType))
    return frozenset({id(code)}).union(*inner)


def _loop_functions(tree: ast.Module) -> list[Any]:
    """The functions of asyncio that are called between the tests and their coroutines."""
    if not _imports(tree, "asyncio"):
        return []
    import asyncio

    loop: Any = asyncio.BaseEventLoop
    handle: Any = asyncio.Handle
    steps = [loop.run_until_complete, loop.run_forever, loop._run_once, handle._run]  # noqa: SLF001 - their code
    return [asyncio.run, asyncio.Runner.run, *steps]


def _other_names(tree: ast.Module) -> Iterator[str]:
    """The names that the tests give to functions that exit."""
    for node in _statements(tree.body):
        match node:
            case ast.ImportFrom(module="sys", names=names):
                yield from (each.asname for each in names if each.name == "exit" and each.asname)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(attr="exit")):
                yield name


def _is_exit(node: ast.AST, names: frozenset[str]) -> bool:
    if isinstance(node, ast.Raise):
        return node.exc is not None and "SystemExit" in ast.dump(node.exc)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in names


def _place(node: Any) -> tuple[int, int, int, int]:
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset


# -- what the tests define ---------------------------------------------------------------------------------


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, also those inside of its blocks."""
    for statement in body:
        yield statement
        if isinstance(statement, _BLOCKS):
            children = ast.iter_child_nodes(statement)
            yield from _statements(child for child in children if isinstance(child, ast.stmt))


def _imports(tree: ast.Module, module: str) -> bool:
    return any(
        (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == module)
        or (
            isinstance(node, ast.Import) and any(each.name.partition(".")[0] == module for each in node.names)
        )
        for node in ast.walk(tree)
    )


def _classes(tree: ast.Module) -> tuple[str, ...]:
    return tuple(each.name for each in _statements(tree.body) if isinstance(each, ast.ClassDef))


def _uncalled_tests(tree: ast.Module) -> tuple[str, ...]:
    """The test functions and classes that the tests themselves never name."""
    found = [
        each
        for each in _statements(tree.body)
        if (isinstance(each, ast.ClassDef) and each.name.startswith("Test"))
        or (isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)) and each.name.startswith("test"))
    ]
    if not found:
        return ()
    pending = {each.name for each in found if isinstance(each, ast.AsyncFunctionDef)}
    named = {node.id for node in _named(tree, pending)}
    return tuple(each.name for each in found if each.name not in named)


def _named(node: ast.AST, pending: set[str]) -> Iterator[ast.Name]:
    """The names that are used; a call of a coroutine function whose result is dropped does not run it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name):
            yield child
        elif isinstance(child, ast.Expr) and isinstance(child.value, ast.Call):
            dropped = isinstance(child.value.func, ast.Name) and child.value.func.id in pending
            yield from () if dropped else _named(child, pending)
        else:
            yield from _named(child, pending)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in _statements(tree.body):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


# -- test functions ----------------------------------------------------------------------------------------


def _run_functions(
    names: tuple[str, ...], with_pytest: bool, space: dict[str, Any], own_skips: Callable[[Any], bool]
) -> None:
    """Run test functions and classes; by pytest, if they use it or have parameters for it to fill."""
    names = tuple(
        name for name in names if callable(space.get(name)) and not _with_unittest.is_case(space[name])
    )
    found = tuple(space[name] for name in names)
    if not found:
        return
    if with_pytest or any(map(_parameters, found)):
        _with_pytest.run_with_pytest(names, own_skips)
        return
    module = sys.modules["__main__"]
    _call(space.get("setup_module"), module)
    for each in found:
        if isinstance(each, type):
            _run_class(each)
        else:
            _call(space.get("setup_function"), each)
            _call(each)
            _call(space.get("teardown_function"), each)
    _call(space.get("teardown_module"), module)


def _run_class(kind: type) -> None:
    _call(getattr(kind, "setup_class", None))
    for name in [name for name in dir(kind) if name.startswith("test")]:
        each = kind()
        method = getattr(each, name)
        _call(getattr(each, "setup_method", None), method)
        _call(method)
        _call(getattr(each, "teardown_method", None), method)
    _call(getattr(kind, "teardown_class", None))


def _call(function: Any, about: object = None) -> None:
    """Call a function of the tests, if there is one, and await what it returns. Functions that prepare a test
    may take what they are called ``about``."""
    if function is None:
        return
    result = function(about) if _parameters(function) else function()
    if inspect.iscoroutine(result):
        import asyncio

        asyncio.run(result)


def _parameters(function: Any) -> list[inspect.Parameter]:
    """The parameters without a default; of a class, those of its test methods."""
    if isinstance(function, type):
        tests = [value for name, value in vars(function).items() if name.startswith("test")]
        return [each for test in filter(inspect.isfunction, tests) for each in _parameters(test)[1:]]
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [
        each for each in parameters if each.default is each.empty and each.kind <= each.POSITIONAL_OR_KEYWORD
    ]
