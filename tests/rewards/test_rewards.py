"""Ready reward functions, in the forms of trainers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from crosstune.errors import DataError, Incomplete
from crosstune.execution import Judge, requirements
from crosstune.rewards import (
    Rewards,
    async_code_reward,
    code_reward,
    completion_text,
    compute_score,
    program_of,
    response_of,
    task_of,
)

ADD = {"declaration": "def add(a, b):\n", "entry_point": "add", "tests": "assert add(1, 2) == 3\n"}
RIGHT = "```python\ndef add(a, b):\n    return a + b\n```"
WRONG = "```python\ndef add(a, b):\n    return a - b\n```"
DOUBLE = "```python\nprint(int(input()) * 2)\n```"
STDIO = {"inputs": ["1\n", "2\n", "x\n", "4\n"], "outputs": ["2\n", "4\n", "6\n", "9\n"]}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=1) as judge:
        yield judge


def messages(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": "Write add."}, {"role": "assistant", "content": text}]


def test_the_columns_of_trl() -> None:
    columns = {name: [value] * 3 for name, value in {**ADD, "language": "python"}.items()}
    given = [RIGHT, messages(RIGHT), WRONG]
    assert code_reward(prompts=[""] * 3, completions=given, other=[1, 2, 3], **columns) == [1.0, 1.0, 0.0]
    awaited = async_code_reward(prompts=[""] * 3, completions=given, **columns)
    assert asyncio.run(awaited) == [1.0, 1.0, 0.0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "form", [STDIO, json.dumps(STDIO), {"ground_truth": STDIO}, {"label": json.dumps(STDIO)}]
)
def test_partial_credit(judge: Judge, form: Any) -> None:
    assert Rewards(judge).scores([DOUBLE], [form]) == [0.0]
    assert Rewards(judge, "cases").scores([DOUBLE], [form]) == [0.5]


@pytest.mark.parametrize(
    "task",
    [
        {"inputs": ["1\n2", "[1]\n[2]"], "outputs": ["3", "[1, 2]"], "fn_name": "add"},
        {"assert_case": ["assert add(1, 2) == 3", "assert add('a', 'b') == 'ab'"]},
        {"verification_info": {"test_cases": [{"input": "1\n2", "output": "3"}], "fn_name": "add"}},
        {"cases": [{"call": "add", "arguments": [1, 2], "expected": 3}]},
    ],
)
def test_the_forms_of_tasks(judge: Judge, task: Any) -> None:
    assert Rewards(judge).scores([RIGHT, WRONG], [task, task]) == [1.0, 0.0]


def test_a_method_is_called_on_the_class() -> None:
    answer = "class Solution:\n    def add(self, a, b):\n        return a + b\n"
    program = program_of(task_of({"inputs": ["1\n2"], "outputs": ["3"], "fn_name": "add"}), answer)
    assert [case.call for case in program.cases] == ["Solution().add"]  # type: ignore[union-attr]


@pytest.mark.skipif(not all(each.met for each in requirements("go")), reason="Go cannot be run here")
def test_an_error_of_the_judge_is_no_reward(judge: Judge) -> None:
    broken = {"language": "go", "tests": "package main\n"}  # tests that check nothing
    assert Rewards(judge).scores(["package main\n"], [broken]) == [None]
    with pytest.raises(Incomplete, match="so it has no score"):
        compute_score("go", "package main\n", broken)


def test_verl() -> None:
    assert compute_score("taco", DOUBLE, json.dumps(STDIO)) == 0.0
    assert compute_score("taco", DOUBLE, STDIO, extra_info={"index": 3}, credit="cases") == 0.5


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("4", "expected an object, found int"),
        ("the answer is 4", "expected JSON, found 'the answer is 4'"),
        ({"question": "?"}, "expected tests, cases, inputs and outputs .*found 'question'"),
        ({"inputs": ["1"], "outputs": []}, "lists inputs and outputs of the same length"),
        ({"tests": "assert 1", "language": "klingon"}, "unknown language 'klingon'"),
        ({"tests": "assert 1", "cases": [{"stdin": ""}]}, "both tests and cases"),
        ({"test_cases": [1]}, "test_cases: expected a list of objects"),
    ],
)
def test_a_malformed_task(judge: Judge, task: Any, message: str) -> None:
    with pytest.raises(Exception, match=message) as caught:
        Rewards(judge).scores([""], [task])
    assert caught.type.__module__ == "crosstune.errors"


def test_a_data_set_without_tests() -> None:
    with pytest.raises(DataError, match="has no column with tests or cases: .*found answer"):
        code_reward(prompts=[""], completions=[""], answer=["4"])


@pytest.mark.parametrize(
    ("completion", "text"),
    [
        ("a", "a"),
        ([], ""),
        (messages("a"), "a"),
        ({"role": "assistant", "content": None}, ""),
        (
            [{"content": [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]}],
            "ab",
        ),
    ],
)
def test_the_forms_of_completions(completion: Any, text: str) -> None:
    assert completion_text(completion) == text


def test_a_completion_of_another_kind() -> None:
    with pytest.raises(DataError, match="expected a text or a list of messages .* found 4"):
        completion_text(4)


def test_the_response_in_a_query() -> None:
    assert (
        response_of("<s><|user|>Add.<|assistant|>x = 1\n<|im_end|></s>", "<|user|>Add.<|assistant|>")
        == "x = 1"
    )
    assert response_of("x = 1\n", "") == "x = 1\n"
