"""Which rows with Alpaca's columns count as Python."""

from __future__ import annotations

import pytest

from crosstune.sources._alpaca import is_about_python


@pytest.mark.parametrize(
    ("instruction", "output", "expected"),
    [
        ("Write a Python function.", "no code at all", True),
        ("Sort the list.", "items = sorted(items)", True),
        ("Sort the list.", "def f(items):\n  return sorted(items)", True),
        ("Sort the list.", "items.sort()", False),
        ("Sort the list.", '"""only a text"""', False),
        ("Sort the list.", "int x = 1;", False),
        ("Classify the fruit.", "apple: temperate\nmango: tropical", False),
        ("Say hello.", 'print "hello"', False),
        ("Say \x00.", "a = '\x00'", False),
        ("Translate this Python code to C++.", "x = 1", False),
        ("Write C code to add.", "x = 1", False),
        ("Write a C# class.", "x = 1", False),
        ("Use R to plot.", "x = 1", False),
        ("Add numbers in Go.", "x = 1", False),
        ("Go through the list.", "for x in y:\n  pass", True),
        ("Explain vitamin C-rich food.", "x = 1", True),
        ("Use a JavaScript loop.", "x = 1", False),
        ("Query it with sql.", "x = 1", False),
        ("Let the machine react to it.", "x = 1", False),
        ("Find the area; use a helper called rubydust.", "x = 1", True),
    ],
)
def test_is_about_python(instruction: str, output: str, expected: bool) -> None:
    assert is_about_python({"instruction": instruction, "output": output}) == expected
