"""Which line of an answer each line of its candidate comes from."""

from __future__ import annotations

import pytest

from crosstune.extraction._origins import line_origins


@pytest.mark.parametrize(
    ("candidate", "answer", "expected"),
    [
        ("a = 1\nb = 2\n", "a = 1\nb = 2\n", [0, 1]),
        ("    a = 1\n", "a = 1\n", [0]),
        ("a = 1\n\nb = 2\n", "Text:\na = 1\nb = 2\n", [1, None, 2]),
        ("def f():\n    return 1\n", "def f():\n    return 0\ndef f():\n    return 1\n", [2, 3]),
        ("x = 1\n", "x = 1\nand again\nx = 1\n", [2]),
        ("b = 2\na = 1\n", "a = 1\nb = 2\n", [1, 0]),
        ("a < b\n", "> a &lt; b```\n", [0]),
        ("new\n", "- old\n+ new\n", [1]),
        ("/**\n * Adds.\n */\nint add;\n", "/**\n * Adds.\n */\nint add;\n", [0, 1, 2, 3]),
        ("one();\n}\n", "void main() {\n}\none();\n", [2, None]),
        ("one\n", "\ufeffone\n", [0]),
        ("", "text\n", []),
        ("other\n", "", [None]),
    ],
)
def test_lines_are_found(candidate: str, answer: str, expected: list[int | None]) -> None:
    assert line_origins(candidate, answer) == expected


@pytest.mark.parametrize("line", ["x = 1\n", "{\n", "x = 1\ny = 2\n"])
def test_repeated_lines_are_found_without_trying_all_pairs(line: str) -> None:
    """Trying all pairs of equal lines would take hours."""
    text = line * 8000
    answer = f"other\n{text}last\n"
    origins = line_origins(text, answer)
    lines = answer.splitlines()
    assert len(origins) == len(text.splitlines())
    for own, origin in zip(text.splitlines(), origins, strict=True):
        assert origin is None or lines[origin] == own
