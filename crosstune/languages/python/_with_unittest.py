"""Runs classes of unittest for `_suite`, which loads this file by its path."""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

_COMPARING = """
assertEqual assertNotEqual assertAlmostEqual assertNotAlmostEqual assertIn assertNotIn assertSequenceEqual
assertListEqual assertTupleEqual assertSetEqual assertDictEqual assertCountEqual assertMultiLineEqual
assertLess assertLessEqual assertGreater assertGreaterEqual
"""
_IN_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE


def unittest_that_raises(
    seen: Callable[[Any, Any], tuple[Any, Any]] | None,
    own_skips: Callable[[BaseException], bool],
) -> tuple[set[type], Callable[[], None]]:
    """Let unittest raise the first failure, instead of collecting all, and compare what is ``seen``.

    ``own_skips`` tells whether the tests have raised an error themselves.

    Returns a set that is filled with the classes whose tests have run, and a function that undoes what a
    candidate has changed in unittest.
    """
    import unittest.async_case
    import unittest.main

    ran: set[type] = set()
    result = unittest.TestResult
    start, skip, current = result.startTest, result.addSkip, sys.exc_info

    def start_test(self: unittest.TestResult, test: unittest.TestCase) -> None:
        ran.add(type(test))
        start(self, test)

    def add_error(_self: object, _test: object, error: Any) -> None:
        raise error[1]

    def add_subtest(_self: object, _test: object, _subtest: object, error: Any) -> None:
        if error is not None:
            raise error[1]

    def add_unexpected_success(_self: object, test: object) -> None:
        raise AssertionError(f"unexpected success: {test}")

    def add_skip(self: unittest.TestResult, test: unittest.TestCase, reason: str) -> None:
        raised = current()[1]
        if raised is not None and not own_skips(raised):
            raise RuntimeError("the candidate has raised what skips a test") from raised
        skip(self, test, reason)

    changes = {
        "startTest": start_test,
        "addError": add_error,
        "addFailure": add_error,
        "addSubTest": add_subtest,
        "addSkip": add_skip,
        "addUnexpectedSuccess": add_unexpected_success,
    }
    for name, function in changes.items():
        setattr(result, name, function)
    if seen:
        _compare(unittest.TestCase, seen)
    return ran, restoring(module for name, module in sys.modules.items() if name.startswith("unittest"))


def _compare(case: Any, seen: Callable[[Any, Any], tuple[Any, Any]]) -> None:
    """Let the assertions of a class compare what is ``seen`` of two values."""

    def changed(assertion: Any) -> Any:
        @functools.wraps(assertion)
        def method(self: Any, *arguments: Any, **options: Any) -> Any:
            if len(arguments) > 1:
                arguments = (*seen(*arguments[:2]), *arguments[2:])
            return assertion(self, *arguments, **options)

        return method

    for name in _COMPARING.split():
        setattr(case, name, changed(getattr(case, name)))


def restoring(modules: Iterable[types.ModuleType]) -> Callable[[], None]:
    """A function that undoes what is changed from now on in modules and their classes."""
    kept = [(module.__dict__, dict(module.__dict__)) for module in modules]
    names = {str(space["__name__"]).partition(".")[0] for space, _ in kept}
    found = [value for _, names in kept for value in names.values() if isinstance(value, type)]
    classes = {
        each for each in found if each.__module__.partition(".")[0] in names and each.__flags__ & _IN_PYTHON
    }
    members = [
        (each, name, value)
        for each in classes
        for name, value in list(each.__dict__.items())
        if name not in ("__dict__", "__weakref__")
    ]

    def restore() -> None:
        for space, names in kept:
            space.update(names)
        for each, name, value in members:
            if each.__dict__.get(name) is not value:
                setattr(each, name, value)

    return restore


def skip_classes(space: dict[str, Any]) -> None:
    """Leave out test classes that the candidate defines; `unittest.main` would run them, too."""
    import unittest

    case = unittest.TestCase
    for value in list(space.values()):
        if isinstance(value, type) and issubclass(value, case) and value.__module__ == "__main__":
            value.__unittest_skip__ = True  # type: ignore[attr-defined]


def run_cases(names: tuple[str, ...], space: dict[str, Any], ran: set[type]) -> None:
    """Run the test classes that the script has not run."""
    import unittest

    for value in [space[name] for name in names if name in space and is_case(space[name])]:
        if value not in ran:
            unittest.defaultTestLoader.loadTestsFromTestCase(value).run(unittest.TestResult())


def is_case(value: object) -> bool:
    loaded: Any = sys.modules.get("unittest")
    return loaded is not None and isinstance(value, type) and issubclass(value, loaded.TestCase)
