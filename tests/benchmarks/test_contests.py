"""LiveCodeBench and CodeContests: rows become cases, and pickles are read without unpickling."""

from __future__ import annotations

import base64
import json
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.benchmarks._pickled_text import pickled_text
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, asking_text
from crosstune.records import CallCase, Case, ComparisonKind, Status
from tests.benchmarks.rows import problems_of, statuses, write_rows
from tests.shared import shared_data

LIVE, CONTESTS = BENCHMARKS.load("livecodebench"), BENCHMARKS.load("code-contests")
PYTHON = LANGUAGES.load("python")


def packed(value: object) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(value))).decode()


def live_row(**changed: Any) -> dict[str, Any]:
    private = [{"input": "3\n", "output": "6\n", "testtype": "stdin"}]
    return {
        "question_id": "a_1",
        "question_content": "Double.",
        "starter_code": "",
        "public_test_cases": json.dumps([{"input": "1\n", "output": "2\n", "testtype": "stdin"}]),
        "private_test_cases": packed(json.dumps(private)),
        "metadata": "{}",
        **changed,
    }


def functional_row() -> dict[str, Any]:
    tests = [{"input": '[1, 2]\n"x"', "output": "[[1, 2], 3]", "testtype": "functional"}]
    starter = "class Solution:\n    def pair(self, xs: List[int], s: str) -> List[int]:\n        "
    changed = {"public_test_cases": json.dumps(tests), "private_test_cases": packed("[]")}
    return live_row(**changed, metadata='{"func_name": "pair"}', starter_code=starter)


def test_programs_and_methods_are_judged(tmp_path: Path) -> None:
    write_rows(tmp_path / "livecodebench.jsonl", live_row(), {**functional_row(), "question_id": "b"})
    program, method = problems_of(LIVE, tmp_path).values()
    assert program.cases == (Case("1\n", "2\n"), Case("3\n", "6\n"))
    assert isinstance(method.cases[0], CallCase)
    assert (method.cases[0].call, method.cases[0].arguments) == ("Solution().pair", [[1, 2], "x"])
    main = "def main():\n    print({}, end='')\n\nif __name__ == '__main__':\n    main()\n"
    body = "class Solution:\n    def pair(self, xs: List[int], s: str):\n        return {}\n"
    answers = {
        main.format("2 * int(input())"): Status.PASSED,
        main.format("2.0 * int(input())"): Status.PASSED,
        main.format("'2'"): Status.WRONG_ANSWER,
        body.format("xs, accumulate(xs).__next__() + 2"): Status.PASSED,
        body.format("[xs, 4]"): Status.WRONG_ANSWER,
        "class Other: pass": Status.RUNTIME_ERROR,
    }
    found = statuses(LIVE, [*[program] * 3, *[method] * 3], [f"```python\n{code}```" for code in answers])
    assert found[:5] == list(answers.values())[:5]
    assert found[5] not in (Status.PASSED, Status.HARNESS_ERROR)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"private_test_cases": packed(json.loads)}, "expected a pickled text, found"),
        ({"private_test_cases": packed(["a"])}, "expected a pickled text, found EMPTY_LIST"),
        ({"private_test_cases": "?"}, "not compressed data in base64"),
        ({"private_test_cases": packed("[1]")}, "case 2: expected texts 'input' and 'output', found 1"),
        ({"private_test_cases": packed("{")}, "column 'private': not JSON"),
        ({"public_test_cases": "[]", "private_test_cases": "[]"}, "it has no tests"),
        (
            {"metadata": '{"func_name": "f"}', "public_test_cases": '[{"input": "x", "output": "1"}]'},
            "case 1: not",
        ),
        ({"question_content": None}, "column 'question_content': expected text"),
    ],
)
def test_malformed_row_is_named(tmp_path: Path, changed: dict[str, Any], reason: str) -> None:
    file = write_rows(tmp_path / "livecodebench.jsonl", live_row(**changed))
    with pytest.raises(DataError) as error:
        problems_of(LIVE, tmp_path)
    assert f"{file}:1: " in str(error.value)
    assert reason in str(error.value)


def test_pickle_that_runs_something_is_only_read() -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return pytest.fail, ("it was run",)

    with pytest.raises(ValueError, match="REDUCE"):
        pickled_text(packed(Evil()))
    assert pickled_text(packed("[]")) == "[]"
    assert pickled_text(packed({"input_output": "{}"})) == "{}"
    cut = base64.b64encode(zlib.compress(pickle.dumps("text"))[:-4]).decode()
    with pytest.raises(ValueError, match="cut off"):
        pickled_text(cut)


def test_message_of_livecodebench_is_the_authors(tmp_path: Path) -> None:
    write_rows(tmp_path / "livecodebench.jsonl", live_row(), {**functional_row(), "question_id": "b"})
    program, method = (
        asking_text(PROMPTS.load("chat"), each, PYTHON) for each in problems_of(LIVE, tmp_path).values()
    )
    system = (
        "You are an expert Python programmer. You will be given a question (problem specification) and will "
        "generate a correct Python program that matches the specification and passes all tests. You will NOT "
        "return anything except for the program.\n\n"
    )
    assert program == (
        f"{system}### Question:\nDouble.\n\n### Format: Read the inputs from stdin solve the problem and "
        "write the answer to stdout (do not directly test on the sample inputs). Enclose your code within "
        "delimiters as follows.\n```python\n# YOUR CODE HERE\n```\n\n"
        "### Answer: (use the provided format with backticks)"
    )
    assert (
        "### Format: You will use the following starter code to write the solution to the problem and "
        "enclose your code within delimiters.\n```python\nclass Solution:\n"
    ) in method


def test_rows_of_code_contests(tmp_path: Path) -> None:
    row = {
        "name": "1_A",
        "description": "Halve.",
        "public_tests": {"input": ["3\n"], "output": ["1.5\n"]},
        "private_tests": {"input": [], "output": []},
        "generated_tests": {"input": ["4\n"], "output": ["2.0\n"]},
        "solutions": {"language": [2, 3], "solution": ["int main() {}", "print(int(input()) / 2)\n"]},
        "incorrect_solutions": {"language": [3], "solution": ["print(int(input()) // 2)\n"]},
    }
    write_rows(tmp_path / "code_contests.jsonl", row)
    (found,) = problems_of(CONTESTS, tmp_path).values()
    assert found.comparison.kind is ComparisonKind.FLOATS
    assert statuses(CONTESTS, [found] * 2, [found.canonical, found.buggy]) == [
        Status.PASSED,
        Status.WRONG_ANSWER,
    ]
    assert problems_of(CONTESTS, tmp_path, "cpp")["1_A"].canonical == "int main() {}"


def test_real_contest_rows() -> None:
    data = shared_data("stdio")
    problems = problems_of(CONTESTS, data)
    assert len(problems) == 20
    assert sum(len(each.cases) for each in problems.values()) > 2000
    game = (
        "n = int(input())\ns = input()\nt = s.count('T')\nprint('T' if 2 * t + (s[-1] == 'A') > n else 'A')\n"
    )
    seniors = (
        "class Solution:\n    def countSeniors(self, ds):\n        return sum(int(d[11:13]) > 60 for d in ds)"
    )
    live = problems_of(LIVE, data)
    found = statuses(LIVE, [live["191"], live["10"]], [f"```python\n{code}\n```" for code in (game, seniors)])
    assert found == [Status.PASSED] * 2
