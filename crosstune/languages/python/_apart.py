"""What the processes of the tests and of the candidate do, where each has its own; the sandbox loads this
file by its path, as it loads `_runner`."""

from __future__ import annotations

import ast
import functools
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

_READER, _WRITER = 5, 6
_CANDIDATE, _TESTS = "candidate.py", "tests.py"

Steps = list[Callable[[], object]]


def candidate_steps(
    parts: Sequence[str], space: dict[str, Any], tools: Any, modules: Any, _report: int
) -> Steps:
    """Run setup and candidate, then answer the tests. ``parts`` are the names of classes whose objects stay
    here, setup, candidate and an empty text; ``modules`` the names of `_values` and `_server`."""
    names, setup, candidate, _ = parts
    programs = tools.compiled(setup, candidate, _CANDIDATE, imported=True)
    classes = frozenset(names.partition("|")[2].split())

    def serve() -> None:
        modules.listen()
        modules.Server(space, modules, classes).serve(_READER, _WRITER)

    return [*(functools.partial(exec, program, space) for program in programs), serve]


def tests_steps(parts: Sequence[str], space: dict[str, Any], tools: Any, modules: Any, report: int) -> Steps:
    """Run setup and the code that the benchmark gives, bind the entry points, run the tests. ``parts`` are
    the names of the entry points and, after ``|``, of classes, then setup, that code and the tests."""
    names, setup, given, tests = parts
    tests = tests.removeprefix("\ufeff")
    programs = tools.compiled(setup, given, _CANDIDATE, imported=True)
    tree = ast.parse(tests, _TESTS)
    judge = compile(tree, _TESTS, "exec", dont_inherit=True)
    before, runs = tools.suite_steps(tree, tests, judge, space)

    def fail(text: str) -> NoReturn:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os.write(report, text.encode())
        os._exit(1)

    def give() -> None:
        try:
            for program in programs:
                exec(program, space)  # noqa: S102 - the benchmark's own
        except Exception:  # noqa: BLE001 - whatever it is, the benchmark is the reason
            sys.excepthook(*sys.exc_info())
            fail("unsupported")

    def bind() -> None:
        entry_points, _, classes = names.partition("|")
        candidate = modules.Candidate(modules, space, fail, _READER, _WRITER)
        for name in entry_points.split():
            space[name] = (candidate.class_ if name in classes.split() else candidate.function)(name)

    return [give, bind, *before, *runs]
