"""Code blocks of Markdown and HTML, with the faults that models make in them."""

import ast
from collections.abc import Callable

import pytest

from crosstune.extraction._blocks import Block, code_blocks, repaired

CODE = "def f():\n    return 1\n"


def is_whole(_info: str, code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def errors(code: str) -> int:
    return 0 if is_whole("", code) else 1


def indented(prefix: str) -> str:
    return "".join(f"{prefix}{line}\n" for line in ["```python", *CODE.splitlines(), "```"])


@pytest.mark.parametrize(
    "answer",
    [
        f"```python\n{CODE}```\n",
        f"~~~Python title=x\n{CODE}~~~\n",
        f"````python\n{CODE}````",
        f"```{{.python}}\n{CODE}```",
        f"```python\n{CODE}",
        f"1. First:\n\n{indented('   ')}",
        f"- item\n  - inner\n{indented('    ')}",
        indented("> "),
        f"```python\n{CODE.rstrip()}```\nIt returns 1.\n",
        f'<pre class="x"><code class="language-python">\n{CODE}</code></pre>',
    ],
)
def test_a_block_comes_out_without_its_frame(answer: str) -> None:
    assert code_blocks(answer, is_whole) == [Block("python", CODE)]


def test_an_inner_fence_does_not_end_a_block() -> None:
    code = 'def f():\n    """Example:\n\n```\n>>> f()\n```\n    """\n    return 1\n'
    after = "```python\nx = 1\n```\n"
    assert code_blocks(f"```python\n{code}```\n{after}", is_whole) == [
        Block("python", code),
        Block("python", "x = 1\n"),
    ]


def test_broken_code_stays_as_it_is() -> None:
    assert code_blocks("```python\ndef f(:\n```\nand\n```\nx\n```\n", is_whole) == [
        Block("python", "def f(:\n"),
        Block("", "x\n"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code.replace("def", "\u200bdef"),
        lambda code: code.replace("    ", "\u00a0" * 4),
        lambda code: code.replace("1 < 2", "1 &lt; 2"),
        lambda code: code.replace('"a"', "\u201ca\u201d"),
    ],
)
def test_what_chats_add_is_removed_where_the_code_then_parses(change: Callable[[str], str]) -> None:
    code = 'def f():\n    return "a" if 1 < 2 else 0\n'
    assert change(code) != code
    assert repaired(change(code), errors) == code


def test_unusual_characters_of_correct_code_stay() -> None:
    code = "text = '\u200b\u00a0 &lt; \u201c'\n"
    assert repaired(code, errors) == code


def test_an_answer_of_thousands_of_lines_is_read_by_its_fences() -> None:
    prose = "- a remark\n" * 4000
    answer = f"{prose}\n```python\ndef f(x):\n    return x\n```\n{prose}\n~~~~\nf(1)\n~~~\n~~~~\n"
    found = code_blocks(answer, lambda _info, _code: True)
    assert found == [Block("python", "def f(x):\n    return x\n"), Block("", "f(1)\n~~~\n")]
