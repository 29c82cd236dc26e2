"""Line diffs are made and applied."""

import random

import pytest

from crosstune.prompts import apply_line_diff, line_diff, numbered


def test_line_diff_lists_changed_lines() -> None:
    assert line_diff("a\nb\nc\n", "a\nB\nc\nd\n") == "-2 b\n+2 B\n+4 d\n"
    assert line_diff("", "a\n") == "+1 a\n"
    assert line_diff("a\n", "a") == "-2 \n"
    assert line_diff("a", "a") == ""
    assert numbered("a\nb") == "1 a\n2 b\n"


def test_applied_diff_gives_the_new_text() -> None:
    rng = random.Random(1)
    pieces = ["", "a", "b", "  c", "-1 a", "+2 b", "\\", "\r", "é"]
    for _ in range(400):
        old, new = ("\n".join(rng.choices(pieces, k=rng.randint(0, 9))) for _ in range(2))
        assert apply_line_diff(old, line_diff(old, new)) == new


@pytest.mark.parametrize(
    ("diff", "message"),
    [
        ("b\n", "line 1: expected .NUMBER or .NUMBER and text, found 'b'"),
        ("-1 x\n", "line 1: line 1 of the old text is not 'x'"),
        ("+1 x\n-9 a\n", "line 2: line 9 of the old text is not"),
        ("+7 x\n", "line 7 is added, but the new text has 2 lines"),
    ],
)
def test_invalid_diff_is_reported(diff: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        apply_line_diff("a", diff)
