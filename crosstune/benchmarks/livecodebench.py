"""LiveCodeBench (arXiv 2403.07974): contest problems with their dates, in Python.

A problem is a whole program that reads stdin, or a method of a class ``Solution``. Rows are those of the
dataset (``public_test_cases``, ``private_test_cases``, …) or of copies of it with the columns ``content``
(the whole prompt) and ``test``. Words of the output are compared, and numbers by value, as in the authors'
harness; unlike there, a line may be broken where a space is expected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosstune.benchmarks._forms import BadRow, packaged, packaged_form
from crosstune.benchmarks._forms._problems import limits
from crosstune.benchmarks._pickled_text import pickled_text
from crosstune.records import CallCase, Case, Comparison, ComparisonKind, Problem

_STAR = (
    *("string", "re", "datetime", "collections", "heapq", "bisect", "copy", "math", "random", "statistics"),
    *("itertools", "functools", "operator", "io", "sys", "json", "builtins", "typing"),
)
_SETUP = "".join(
    (
        *(f"from {name} import *\n" for name in _STAR),
        *(f"import {name}\n" for name in _STAR[:-2]),
        "import sys\nsys.setrecursionlimit(50000)\n",
    )
)
"""What the authors' harness puts before every answer."""
_SYSTEM = (
    "You are an expert Python programmer. You will be given a question (problem specification) and will "
    "generate a correct Python program that matches the specification and passes all tests. You will NOT "
    "return anything except for the program."
)
_WITH_STARTER = (
    "You will use the following starter code to write the solution to the problem and enclose your code "
    "within delimiters."
)
_WITHOUT_STARTER = (
    "Read the inputs from stdin solve the problem and write the answer to stdout (do not directly test on "
    "the sample inputs). Enclose your code within delimiters as follows."
)


@dataclass(frozen=True)
class _Row:
    """What both kinds of rows have in common; ``function`` is empty for a whole program."""

    id: str
    question: str
    message: str
    starter: str
    function: str
    tests: list[tuple[str, str]]


def _published(row: Mapping[str, Any]) -> _Row:
    question, starter = _text(row, "question_content"), _text(row, "starter_code")
    public = _json(_text(row, "public_test_cases"), "public_test_cases")
    private_text = _text(row, "private_test_cases")
    private = _json(
        private_text if private_text.lstrip().startswith("[") else _unpickled(private_text), "private"
    )
    metadata = _json(row.get("metadata") or "{}", "metadata")
    tests = [_test(number, each) for number, each in enumerate([*public, *private], 1)]
    message = f"{_SYSTEM}\n\n{question_message(question, starter)}"
    function = str(metadata.get("func_name") or "")
    return _Row(_text(row, "question_id"), question, message, starter, function, tests)


def _copied(row: Mapping[str, Any]) -> _Row:
    content = _text(row, "content")
    tests = _json(_unpickled(_text(row, "test")), "test")
    pairs = list(zip(tests["inputs"], tests["outputs"], strict=True))
    starter = content if "class Solution" in content else ""
    return _Row(str(row["id"]), content, content, starter, tests.get("fn_name") or "", pairs)


def question_message(question: str, starter: str) -> str:
    """The authors' message of the user for a model without a form of its own."""
    how = (
        f"{_WITH_STARTER}\n```python\n{starter}\n```"
        if starter
        else f"{_WITHOUT_STARTER}\n```python\n# YOUR CODE HERE\n```"
    )
    answer = "### Answer: (use the provided format with backticks)\n\n"
    return f"### Question:\n{question}\n\n### Format: {how}\n\n{answer}"


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    if not isinstance(value, str):
        raise BadRow(f"column {column!r}: expected text, found {type(value).__name__}")
    return value


def _json(text: str, column: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRow(f"column {column!r}: not JSON: {error}") from None


def _unpickled(text: str) -> str:
    try:
        return pickled_text(text)
    except ValueError as error:
        raise BadRow(f"private tests: {error}") from None


def _test(number: int, test: Any) -> tuple[str, str]:
    pair = (test.get("input"), test.get("output")) if isinstance(test, dict) else (None, None)
    if not isinstance(pair[0], str) or not isinstance(pair[1], str):
        raise BadRow(f"case {number}: expected texts 'input' and 'output', found {test!r:.60}")
    return pair[0], pair[1]


def _cases(row: _Row) -> Iterator[Case | CallCase]:
    if not row.tests:
        raise BadRow("it has no tests")
    call = f"Solution().{row.function}" if "class Solution" in row.starter else row.function
    for number, (given, expected) in enumerate(row.tests, 1):
        if not row.function:
            yield Case(given, expected)
            continue
        try:
            arguments = [json.loads(line) for line in given.split("\n")]
            yield CallCase(call, arguments, json.loads(expected), tuple_is_list=True)
        except (ValueError, RecursionError) as error:
            raise BadRow(f"case {number}: not JSON: {error}") from None


def _problem(language: str, task: str, row: Mapping[str, Any]) -> Problem:
    try:
        found = _published(row) if "question_content" in row else _copied(row)
    except (KeyError, TypeError, ValueError) as error:
        raise BadRow(f"not a row of LiveCodeBench: {error!r}") from None
    return Problem(
        id=found.id,
        benchmark=_FORM.name,
        task=task,
        language=language,
        instruction=found.question,
        declaration="",
        entry_point="Solution" if "class Solution" in found.starter else found.function,
        tests="",
        setup=_SETUP,
        cases=tuple(_cases(found)),
        comparison=Comparison(ComparisonKind.FLOATS, absolute=0, relative=0),
        limits=limits(_FORM.limits, language),
        extra={"message": found.message},
    )


_FORM = packaged_form(__name__)
BENCHMARK = packaged(__name__, row_problem=_problem)
