"""What is known of programs takes little memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

from crosstune.execution import _remembered
from crosstune.execution._remembered import Remembered
from crosstune.records import Program

PROGRAM = Program("", "python", "def f(): pass", tests="f()")


def test_programs_with_other_tests_have_values_of_their_own() -> None:
    known = Remembered[str]()
    assert known.get(PROGRAM) is None
    assert known.put(PROGRAM, "") == ""
    assert (known.get(PROGRAM), known.get(replace(PROGRAM, tests="g()"))) == ("", None)


def test_only_the_last_are_remembered() -> None:
    known = Remembered[int]()
    for number in range(_remembered._MOST + 2):
        known.put(replace(PROGRAM, tests=str(number)), number)
    values = [known.get(replace(PROGRAM, tests=str(number))) for number in (0, 1, 2, _remembered._MOST + 1)]
    assert values == [None, None, 2, _remembered._MOST + 1]


def test_large_tests_are_not_kept() -> None:
    known = Remembered[str]()
    tracemalloc.start()
    try:
        for number in range(20):
            known.put(replace(PROGRAM, tests=str(number) * 1_000_000), "")
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()
