"""A call of an undefined function is changed such that it fails before its arguments are evaluated."""

from __future__ import annotations

import pytest

from crosstune.languages._shared.called_first import called_first
from crosstune.records import Program


@pytest.mark.parametrize(
    ("grammar", "call", "tests", "changed"),
    [
        ("perl", "NAME()", "same(add(1, 2), 3);", "same(same(), add(1, 2), 3);"),
        ("perl", "NAME()", "die unless same();", "die unless same(same());"),
        ("perl", "NAME()", "same 1, 2;", "same same(), 1, 2;"),
        ("perl", "NAME()", "$it->same(1); $same = 2; print 'same(1)';", None),
        ("lua", "NAME()", "local x = same(same(1), 2)", "local x = same(same(), same(same(), 1), 2)"),
        ("lua", "NAME()", "it.same(1); it:same(1); local same = 1; print('same(1)') -- same(1)", None),
        ("ruby", "NAME()", "same add(1, 2), 'ä'", "same same(), add(1, 2), 'ä'"),
        ("ruby", "NAME()", "it.same(1)\nsame = 1\nputs 'same(1)'", None),
        ("tcl", "[NAME]", "if {![same [add 1 2] 3]} {error x}", "if {![same [same] [add 1 2] 3]} {error x}"),
        ("tcl", "[NAME]", "set same 1\nputs $same", None),
    ],
)
def test_calls_and_nothing_else_are_changed(grammar: str, call: str, tests: str, changed: str | None) -> None:
    program = called_first(grammar, call)(Program("1", grammar, "", tests), "same")
    assert program.tests == (changed or tests)


def test_tests_that_are_too_long_stay() -> None:
    tests = "same(1)\n" * 100_000
    assert called_first("lua")(Program("1", "lua", "", tests), "same").tests == tests
