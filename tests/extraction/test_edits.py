"""Edits of given code: unified diffs and search/replace blocks."""

import pytest

from crosstune.extraction._blocks import code_blocks
from crosstune.extraction._edits import edited

GIVEN = "def f(x):\n    y = x\n    if y <= 0:\n        return 1\n    return 0\n"
RIGHT = GIVEN.replace("<=", "<")


def applied(answer: str, code: str = GIVEN) -> str | None:
    return edited(code, answer, code_blocks(answer, lambda _info, _code: True))


@pytest.mark.parametrize(
    "answer",
    [
        "```diff\n--- a/f.py\n+++ b/f.py\n@@ -3 +3 @@\n-    if y <= 0:\n+    if y < 0:\n```\n",
        "```diff\n-    if y <= 0:\n+    if y < 0:\n```\n",
        "```\n--- f.py\n+++ f.py\n@@ @@\n-    if y <= 0:\n+    if y < 0:\n```\n",
        "*** Begin Patch\n@@ def f(x):\n-    if y <= 0:\n+    if y < 0:\n*** End Patch",
        "Change it:\n<<<<<<< SEARCH\n    if y <= 0:\n=======\n    if y < 0:\n>>>>>>> REPLACE\n",
        "```\n<<<<<<< SEARCH\nif y <= 0:\n    return 1\n=======\nif y < 0:\n    return 1\n>>>>>>>\n```",
    ],
)
def test_edits_are_applied(answer: str) -> None:
    assert applied(answer) == RIGHT


@pytest.mark.parametrize(
    "answer",
    [
        f"```python\n{RIGHT}```\n",
        "```diff\n-    if y == 3:\n+    if y < 0:\n```\n",
        "No change is needed.",
    ],
)
def test_anything_else_is_not_an_edit(answer: str) -> None:
    assert applied(answer) is None


def test_without_given_code_nothing_is_edited() -> None:
    assert applied("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n", code="") is None
