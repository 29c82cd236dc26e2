"""Runs tests by pytest for `_suite`, which loads this file by its path.

pytest collects the main module, in memory; its assertions are the tests' own.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_FILE = "tests.py"


def classes_of_packages(names: Iterable[str]) -> frozenset[type]:
    """Import the packages that the tests import, before a candidate could change them. Returns all classes
    that then exist, so none of the candidate's, except those whose objects may equal anything.
    """
    new = {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names}
    if new <= sys.modules.keys():
        return frozenset()
    for name in new:
        with contextlib.suppress(Exception):  # the tests' own import fails in the same way
            importlib.import_module(name)
    found: set[type] = set()
    pending: list[type] = [object]
    while pending:
        each = pending.pop()
        if each not in found:
            found.add(each)
            pending += type.__subclasses__(each)
    kinds = {each for each in found if not str(each.__module__).startswith(("_pytest.", "unittest."))}
    return frozenset(kinds.union(_tests_approximations().values()))


@functools.cache
def _tests_approximations() -> dict[type, type]:
    """For each class of ``pytest.approx`` one whose objects only the tests can make."""
    if "pytest" not in sys.modules:
        return {}
    import pytest

    members = vars(sys.modules[pytest.approx.__module__]).values()
    kinds = [each for each in members if isinstance(each, type) and each.__name__.startswith("Approx")]
    return {kind: type(kind.__name__, (kind,), {}) for kind in kinds}


def prepare_pytest(rest: Callable[[], object], codes: frozenset[int]) -> None:
    """Let the tests' own call of pytest run them where they are, in memory, and trust the approximations
    that the tests with these ``codes`` make."""
    import pytest

    approx = sys.modules[pytest.approx.__module__].approx
    kinds = _tests_approximations()

    def tests_approx(*arguments: Any, **options: Any) -> Any:
        made = approx(*arguments, **options)
        if id(sys._getframe(1).f_code) in codes:  # noqa: SLF001 - the only way
            made.__class__ = kinds.get(type(made), type(made))
        return made

    def main(*_: object, **__: object) -> int:
        rest()
        return 0

    vars(pytest).update(approx=tests_approx, main=main, console_main=main)


def run_with_pytest(names: tuple[str, ...], own_skips: Callable[[BaseException], bool]) -> None:
    """Run functions of the main module by pytest, and raise the first failure. ``own_skips`` tells whether
    the tests have raised an error by which they skip or end themselves."""
    import asyncio

    import pytest
    from _pytest.config import main

    failures: list[BaseException] = []
    skipped: list[BaseException] = []
    skips = (pytest.skip.Exception, pytest.xfail.Exception)

    class Plugin:
        def pytest_collect_file(self, file_path: Any, parent: Any) -> Any:
            module: Any = pytest.Module.from_parent(parent, path=file_path)
            module._getobj = lambda: sys.modules["__main__"]  # noqa: SLF001 - it would import the file
            return module

        def pytest_collection_modifyitems(self, items: list[Any]) -> None:
            items[:] = [item for item in items if item.nodeid.split("::")[1].partition("[")[0] in names]

        def pytest_pyfunc_call(self, pyfuncitem: Any) -> bool | None:
            if not inspect.iscoroutinefunction(pyfuncitem.obj):
                return None
            names = pyfuncitem._fixtureinfo.argnames  # noqa: SLF001 - as pytest's own hook does
            asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
            return True

        def pytest_runtest_makereport(self, call: Any) -> None:
            if not call.excinfo:
                return
            if isinstance(call.excinfo.value, skips) and not own_skips(call.excinfo.value):
                skipped.append(call.excinfo.value)
            if not isinstance(call.excinfo.value, pytest.skip.Exception):
                failures.append(call.excinfo.value)

        def pytest_keyboard_interrupt(self, excinfo: Any) -> None:
            if not own_skips(excinfo.value):
                skipped.append(excinfo.value)

    Path(_FILE).touch()  # pytest looks for a file; the module is in memory
    options = ["-x", "-s", "-p", "no:cacheprovider", "-p", "no:terminal", "--rootdir=.", _FILE]
    status = main(options, plugins=[Plugin()])
    if skipped:
        raise skipped[0]
    if status:
        raise failures[-1] if failures else AssertionError(f"pytest ended with status {int(status)}")
