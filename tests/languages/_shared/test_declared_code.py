"""What is read of declarations in languages with braces."""

from __future__ import annotations

import re

import pytest

from crosstune.errors import DataError
from crosstune.languages._shared.declared_code import closing, enclosing, separated

OWNER = re.compile(r"\b(?:class|object)\s+(\w+)")


def test_parenthesis_closes_behind_those_within() -> None:
    assert closing("f(a: (Int) -> Int, b) = 1", 2) == 20
    with pytest.raises(DataError, match="not closed"):
        closing("f(a: (Int)", 2)


def test_commas_separate_outside_of_brackets() -> None:
    assert separated("Map<String, List<Int>> a, (int, int)[,] b,c") == [
        "Map<String, List<Int>> a",
        "(int, int)[,] b",
        "c",
    ]
    assert separated(" ") == []


def test_blocks_that_are_open_have_heads() -> None:
    code = "class A { fun f() {} }\ncase class Point(x: Int)\nclass B { val x = 1; object C {\n  fun g("
    assert [each[1] for each in enclosing(code, OWNER)] == ["B", "C"]
    assert enclosing("fun g(", OWNER) == []
