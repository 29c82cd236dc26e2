"""What base models and chat models are asked says what is wanted, in the words of the benchmark's authors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, asking_text
from crosstune.records import Problem
from tests.benchmarks.rows import problems_of, write_rows
from tests.shared import shared_data

CHAT, COMPLETION = PROMPTS.load("chat"), PROMPTS.load("completion")


def asked(problem: Problem, template: str = "completion") -> str:
    return asking_text(PROMPTS.load(template), problem, LANGUAGES.load(problem.language))


@pytest.mark.parametrize(
    ("name", "data"),
    [("humaneval-x", "humaneval-x"), ("humaneval-replay", "humaneval"), ("humanevalpack", "humanevalpack")],
)
@pytest.mark.parametrize("language", ["python", "go", "rust"])
def test_base_model_continues_the_rows_prompt(name: str, data: str, language: str) -> None:
    """As `generate_humaneval_x.py` of github.com/THUDM/CodeGeeX does, and bigcode-evaluation-harness, which
    strips it: with the description, not the signature alone."""
    for problem in list(problems_of(BENCHMARKS.load(name), shared_data(data), language).values())[::40]:
        assert asked(problem) == problem.extra["prompt"].strip()


PACK: dict[str, str] = {
    "task_id": "Python/0",
    "prompt": 'def double(n):\n    """ Twice n. """\n',
    "declaration": "def double(n):\n",
    "canonical_solution": "    return n + n\n",
    "buggy_solution": "    return n\n",
    "test": "assert double(2) == 4\n",
    "entry_point": "double",
    "docstring": "Twice n.",
    "instruction": "Write double.",
}


def test_base_model_fixes_what_it_sees(tmp_path: Path) -> None:
    """The prompt ``instruct`` of github.com/bigcode-project/bigcode-evaluation-harness,
    bigcode_eval/tasks/humanevalpack.py (8fc5bae6): context, instruction, an empty line, the beginning."""
    write_rows(tmp_path / "python.jsonl", PACK)
    benchmark = BENCHMARKS.load("humanevalpack")
    (fix,) = problems_of(benchmark, tmp_path, task="fix").values()
    (docs,) = problems_of(benchmark, tmp_path, task="fixdocs").values()
    (explain,) = problems_of(benchmark, tmp_path, task="explain").values()
    assert asked(fix) == (
        "def double(n):\n    return n\n\nassert double(2) == 4\n\nFix bugs in double.\n\ndef double(n):"
    )
    assert asked(docs) == (
        'def double(n):\n    """ Twice n. """\n    return n\n\nFix bugs in double.\n\n'
        'def double(n):\n    """ Twice n. """'
    )
    assert benchmark.follow_up
    second = benchmark.follow_up(explain, "Doubles.")
    assert second
    ask = "Write functional code in Python according to the description."
    assert asked(second) == f"Doubles.\n{ask}\n\ndef double(n):"


def test_chat_model_fixes_what_it_sees(tmp_path: Path) -> None:
    """As bigcode_eval/tasks/humanevalpack_openai.py (2d74323d): the code, then the request, without a word on
    the beginning of the answer; but with the tests, as the same authors' other prompts have them."""
    write_rows(tmp_path / "python.jsonl", PACK)
    benchmark = BENCHMARKS.load("humanevalpack")
    (fix,) = problems_of(benchmark, tmp_path, task="fix").values()
    (docs,) = problems_of(benchmark, tmp_path, task="fixdocs").values()
    (explain,) = problems_of(benchmark, tmp_path, task="explain").values()
    code = "def double(n):\n    return n\n"
    assert asked(fix, "chat") == f"{code}\nassert double(2) == 4\nFix bugs in double."
    described = 'def double(n):\n    """ Twice n. """\n    return n\nFix bugs in double.'
    assert asked(docs, "chat") == described
    assert asked(fix, "chat-crosstune").startswith(f"Fix bugs in double.\n{code}")
    assert benchmark.follow_up
    second = benchmark.follow_up(explain, "Doubles.")
    assert second
    ask = "Write functional code in Python according to the description."
    assert asked(second, "chat") == f"Doubles.\n{ask}\nStart your code with:\ndef double(n):"


def test_base_model_reads_the_exercise() -> None:
    benchmark = BENCHMARKS.load("exercises")
    for task in ("synthesize", "fix"):
        problem = benchmark.problems(benchmark.settings(), "go", task)[3]
        assert asked(problem) == f"{problem.instruction}\n\n{problem.declaration}".rstrip()
    explain = benchmark.problems(benchmark.settings(), "go", "explain")[3]
    assert benchmark.follow_up
    second = benchmark.follow_up(explain, "It subtracts 19.")
    assert second
    assert "It subtracts 19." in asked(second)


FORM = """\
name: own-asked
languages: [python]
id: "{row_number}"
instruction: "{q}"
declaration: "{d}"
tests: "assert f()"
"""


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("def f():\n", "Say f.\n\ndef f():"),
        ('def f():\n    """Say f."""\n', 'def f():\n    """Say f."""'),
        ('\n\n    def f(self):\n        """Say f."""\n', '    def f(self):\n        """Say f."""'),
    ],
)
def test_declaration_alone_is_continued_if_it_describes(
    declaration: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "own.yaml").write_text(FORM)
    write_rows(tmp_path / "python.jsonl", {"q": "Say f.", "d": declaration})
    (found,) = problems_of(BENCHMARKS.load(str(tmp_path / "own.yaml")), tmp_path).values()
    assert asked(found) == expected


def test_row_without_a_description_still_says_what_to_do(tmp_path: Path) -> None:
    row: dict[str, Any] = {
        "task_id": "a",
        "prompt": "// Go on.\nfunc f() {\n",
        "entry_point": "f",
        "test": "f()",
    }
    write_rows(tmp_path / "HumanEval_go_v1.jsonl", {**row, "description": None})
    (found,) = problems_of(BENCHMARKS.load("multilingual-humaneval"), tmp_path, "go").values()
    assert asked(found, "chat").startswith("Complete this Go code.\n\nGive the whole Go code.")


def test_fence_is_longer_than_those_in_the_code() -> None:
    text = CHAT.ask("Say.", '"""\n```\nx\n```\n"""\ndef f():\n', "Python")
    assert text.endswith('\n````\n"""\n```\nx\n```\n"""\ndef f():\n````')
    assert CHAT.ask("", "def f():", "Python").startswith("Give the whole Python code.")


def test_prompts_of_mceval_have_no_white_space_around_them() -> None:
    problems = problems_of(BENCHMARKS.load("mceval"), shared_data("mceval"), "typescript").values()
    assert all(asked(each) == each.declaration.strip() for each in problems)
