"""How LiveCodeBench's authors ask: lcb_runner/prompts/code_generation.py of their repository (28fef95).

A chat model is asked as by `get_generic_question_template_answer`, after the message of the system; a base
model as by `get_base_model_question_template_answer`, after one example.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from crosstune.errors import DataError
from crosstune.records import Problem

_SYSTEM = (
    "You are an expert Python programmer. You will be given a question (problem specification) and will "
    "generate a correct Python program that matches the specification and passes all tests."
)
_WITH_STARTER = (
    "You will use the following starter code to write the solution to the problem and enclose your code "
    "within delimiters."
)
_WITHOUT_STARTER = (
    "Read the inputs from stdin solve the problem and write the answer to stdout (do not directly test on "
    "the sample inputs). Enclose your code within delimiters as follows. Ensure that when the python program "
    "runs, it reads the inputs, runs the algorithm and writes output to STDOUT."
)


_EXAMPLES = {True: "func.json", False: "stdin.json"}
"""The authors' files of examples: for problems with and without starter code."""
STOPS = ("###",)
"""What ends a base model's answer in the authors' harness."""


def chat_message(question: str, starter: str) -> str:
    """The messages of the system and of the user for a model without a form of its own."""
    how = (
        f"{_WITH_STARTER}\n```python\n{starter}\n```"
        if starter
        else f"{_WITHOUT_STARTER}\n```python\n# YOUR CODE HERE\n```"
    )
    answer = "### Answer: (use the provided format with backticks)\n\n"
    return f"{_SYSTEM}\n\n### Question:\n{question}\n\n### Format: {how}\n\n{answer}"


def continued(question: str, starter: str, answer: str = "") -> str:
    """What a base model continues, in the authors' form; with the ``answer``, one of their examples."""
    code = f"### Starter Code\n{starter}\n\n" if starter else ""
    return f"### Question\n{question}\n\n{code}### Answer\n\n{answer}{answer and chr(10) * 2}"


def with_example(problems: Sequence[Problem], folder: Path) -> list[Problem]:
    """The problems, for a base model after the first example of the authors' files in ``folder``.

    Raises:
        DataError: a file has no example.
    """
    before = {kind: _example(folder / name) for kind, name in _EXAMPLES.items()}
    return [_after(before, each) if "completion" in each.extra else each for each in problems]


def _after(examples: Mapping[bool, str], problem: Problem) -> Problem:
    completion = examples[bool(problem.extra["starter"])] + problem.extra["completion"]
    return replace(problem, extra={**problem.extra, "completion": completion})


def _example(file: Path) -> str:
    """The first example of a file.

    Raises:
        DataError: there is none.
    """
    try:
        first = json.loads(file.read_text("utf-8"))[0]
        return continued(first["question"], first.get("sample_code") or "", first["answer"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DataError(
            f"{file}: expected a list of examples, each with question and answer: {error!r}"
        ) from None
