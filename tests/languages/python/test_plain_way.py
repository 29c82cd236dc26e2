"""Python programs at the edges of the language are judged as the interpreter runs them."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program
from tests.languages.cases import cases
from tests.languages.plain_way import PlainStatus, assert_both_ways_say


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        ("import operator\ndef add(a, b):\n    return operator.add(a, b)\n", "passed"),
        ("import no_such_module\ndef add(a, b):\n    return a + b\n", "failed"),
        ("def add(a, b):\n    return a + b\n\nadd(1)\n", "failed"),
        ("def add(a, b):\n  if a:\n      return a + b\n    return b\n", "compile_error"),
        ("from __future__ import annotations\ndef add(a: No, b: No) -> No:\n    return a + b\n", "passed"),
    ],
)
def test_script_is_judged_alike(judge: Judge, candidate: str, expected: PlainStatus) -> None:
    program = Program("1", "python", candidate, cases("python").tests)
    assert_both_ways_say(expected, judge, program)
