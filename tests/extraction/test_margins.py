"""What stands before each line of code in an answer, and frames that are not Markdown's."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from crosstune.extraction import extract
from crosstune.extraction._margins import without_numbers, without_signs
from crosstune.languages import LANGUAGES
from tests.extraction.test_extract import problem

PYTHON, TYPESCRIPT = LANGUAGES.load("python"), LANGUAGES.load("typescript")
ADD = problem('def add(a, b):\n    """Add."""\n', "add")
TYPED = problem("function add(a: number, b: number): number {\n", "add")
CODE = "def add(a, b):\n    '''\n    Sum.\n    '''\n    total = a\n\n    return total + b\n"
TYPED_CODE = "function add(a: number, b: number): number {\n  const total = a;\n  return total + b;\n}\n"

Margin = Callable[[int, str], str]


def with_margin(code: str, margin: Margin) -> str:
    return "".join(f"{margin(number, line)}\n" for number, line in enumerate(code.splitlines(), 1))


def fenced(code: str) -> str:
    return f"Here it is:\n\n```\n{code}```\nThat adds.\n"


def indented(code: str) -> str:
    return with_margin(code, lambda _, line: f"  {line}")


@pytest.mark.parametrize(
    "answer",
    [
        fenced(with_margin(CODE, lambda number, line: f"{number:3} | {line}")),
        fenced(with_margin(CODE, lambda number, line: f"{number}: {line}")),
        fenced(with_margin(CODE, lambda number, line: f"{number:2} {line}")),
        fenced(with_margin(CODE, lambda number, line: f"{number}. {line}")),
        fenced(with_margin(CODE, lambda number, line: f"{number + 40}│{line}")),
        fenced(with_margin(CODE, lambda number, line: f"{number}|{line}" if line else "")),
        with_margin(CODE, lambda number, line: f"{number:6}\t{line}"),
        "Sure.\n\n" + with_margin(CODE, lambda number, line: f"{number:2}: {line}"),
        "```diff\n--- /dev/null\n+++ b/add.py\n@@ -0,0 +1,7 @@\n"
        + with_margin(CODE, lambda _, line: f"+{line}")
        + "```\n",
        f"In one function:\n'''python\n{CODE}'''\nDone.\n",
        f'In one function:\n"""python\n{CODE}"""\nDone.\n',
        f"<|python_tag|>{CODE}",
        f"language: python\ncode: |\n{indented(CODE)}explanation: adds\n",
        json.dumps({"cells": [{"cell_type": "code", "source": CODE.splitlines(keepends=True)}]}),
        "In [1]: def add(a, b):\n   ...:     return a + b\n   ...: \n",
        ">>> def add(a, b):\n...     return a + b\n...\n>>> add(1, 2)\n3\n",
    ],
)
def test_python_is_found(answer: str) -> None:
    defined: dict[str, Callable[[int, int], int]] = {}
    exec(extract(PYTHON, ADD, answer).candidate, defined)
    assert defined["add"](1, 2) == 3


@pytest.mark.parametrize(
    "answer",
    [
        fenced(with_margin(TYPED_CODE, lambda number, line: f"{number:2}| {line}")),
        "Sure.\n\n" + with_margin(TYPED_CODE, lambda number, line: f"{number:2}: {line}"),
        f"In one function:\n'''typescript\n{TYPED_CODE}'''\nDone.\n",
        f"```yaml\nsolution: |-\n{indented(TYPED_CODE)}notes: none\n```",
    ],
)
def test_typescript_is_found(answer: str) -> None:
    assert extract(TYPESCRIPT, TYPED, answer).candidate == TYPED_CODE


@pytest.mark.parametrize(
    "text",
    [
        "Steps:\n\n1. Read the list.\n2. Add each.\n3. Return it.\n",
        "```python\nNAMES = {\n    1: 'one',\n    2: 'two',\n}\n```\n",
        "```python\nrows = '''\n1 | a\n2 | b\n'''\n```\n",
        "1 | alone\n",
        "```\n1 | one\n3 | three\n```\n",
    ],
)
def test_other_numbers_are_left(text: str) -> None:
    assert without_numbers(text) == text


def test_a_sum_is_no_diff() -> None:
    assert without_signs("+x\ny\n") == "+x\ny\n"


def test_a_global_declaration_is_kept() -> None:
    given = (
        "declare global { interface Array<T> { last(): T } }\n"
        "Array.prototype.last = function () { return this[this.length - 1]; };\n"
    )
    code = TYPED_CODE.replace("total + b", "[total + b].last()")
    assert given in extract(TYPESCRIPT, TYPED, f"```ts\n{given}{code}```").candidate
