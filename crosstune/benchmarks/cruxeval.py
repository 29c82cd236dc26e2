"""CRUXEval (arXiv 2401.03065): what does a function return, and what makes it return that?

The tasks are ``output`` (the value of a call) and ``input`` (arguments that give a value; any will do). An
answer completes an assertion, ``assert f([1]) == [2]``. Its own expression becomes the candidate, a function
``prediction`` that is run in the sandbox and returns values; the tests then compare, or call the row's
function. So an output that calls ``f`` instead of naming the value fails, as in the authors' evaluation. Two
rows have functions as arguments, which are no values: there the candidate calls ``f`` itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any, Literal

from crosstune.benchmarks._cruxeval_prompts import PROMPTS
from crosstune.benchmarks._forms import BadRow, packaged, packaged_form
from crosstune.benchmarks._forms._problems import identifier, limits
from crosstune.benchmarks._forms._template import filled
from crosstune.records import Problem

TASKS = ("output", "input")
_MOST_CHARACTERS = 20_000
_ANSWER = re.compile(r"\[ANSWER\](.*?)(?:\[/ANSWER\]|\Z)", re.DOTALL)
_BLOCK = re.compile(r"^```[^\n]*\n(.*?)(?:^```|\Z)", re.DOTALL | re.MULTILINE)
_TESTS = {
    "output": "{code}\n\nassert prediction() == {output}\n",
    "input": "{code}\n\narguments, named = prediction()\nassert f(*arguments, **named) == {output}\n",
    "call": "assert prediction() == {output}\n",
}


def _problem(language: str, task: str, row: Mapping[str, Any]) -> Problem:
    prompt = filled(PROMPTS[task], row)
    call = f"f({filled('{input}', row)})"
    for name, text in (("code", filled("{code}", row)), ("input", call), ("output", filled("{output}", row))):
        _check_syntax(name, text, "exec" if name == "code" else "eval")
    kind = "call" if task == "input" and "lambda" in call else task
    extra = {"code": filled("{code}", row), "kind": kind}
    return Problem(
        id=identifier(filled("{id}", row)),
        benchmark=_FORM.name,
        task=task,
        language=language,
        instruction=prompt,
        declaration="",
        entry_point="prediction",
        tests=filled(_TESTS[kind], row),
        canonical=_prediction(filled("{output}", row) if task == "output" else call, extra),
        limits=limits(_FORM.limits, language),
        stops=("[/ANSWER]",),
        extra={**extra, "message": prompt, "completion": prompt},
    )


def _check_syntax(column: str, text: str, mode: Literal["exec", "eval"]) -> None:
    """
    Raises:
        BadRow: the column's text is empty, or not Python.
    """
    try:
        ast.parse(text, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadRow(f"column {column!r}: not Python: {error}") from None
    if not text.strip():
        raise BadRow(f"column {column!r} is empty")


def candidate(problem: Problem, answer: str) -> str:
    """The function ``prediction`` that returns the answer's value: the output, or the arguments as
    ``(positional, named)``. That of an answer without such an expression fails."""
    found = _ANSWER.findall(answer) or _BLOCK.findall(answer)
    text = found[-1] if found else answer
    lines = [line for line in text.strip().splitlines() if line.lstrip().startswith("assert ")]
    text = text.strip() if not lines or found else lines[-1].strip()
    return _prediction(text, problem.extra)


def _prediction(text: str, extra: Mapping[str, str]) -> str:
    """The candidate for the text of an assertion or an expression. Arguments may need the row's names."""
    try:
        body = f"return {_expression(text, extra['kind'])}"
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        body = f"raise ValueError({f'no such assertion or expression: {text[:200]}'!r})"
    before = "" if extra["kind"] == "output" else f"{extra['code']}\n\n"
    return f"{before}def prediction():\n    {body}\n"


def _expression(text: str, kind: str) -> str:
    """The part of an assertion that was asked for, as source.

    Raises:
        SyntaxError, ValueError: the text is neither an assertion nor an expression.
    """
    if len(text) > _MOST_CHARACTERS:
        raise ValueError
    body = ast.parse(text).body
    statement = body[-1] if body else None
    whole = statement.test if isinstance(statement, ast.Assert) else getattr(statement, "value", None)
    if isinstance(whole, ast.Compare) and len(whole.ops) == 1 and isinstance(whole.ops[0], ast.Eq):
        whole = whole.comparators[0] if kind == "output" else whole.left
    if not isinstance(whole, ast.expr):
        raise ValueError
    return ast.unparse(whole) if kind == "output" else _arguments(whole, kind)


def _arguments(call: ast.expr, kind: str) -> str:
    """The arguments of a call of ``f``, as the source of ``(positional, named)``; or the call itself.

    Raises:
        ValueError: it is not a call of ``f``.
    """
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "f":
        raise ValueError
    if kind == "call":
        return ast.unparse(call)
    named = ", ".join(
        f"{each.arg!r}: {ast.unparse(each.value)}" if each.arg else f"**{ast.unparse(each.value)}"
        for each in call.keywords
    )
    positional = "".join(f"{ast.unparse(each)}, " for each in call.args)
    return f"(({positional}), {{{named}}})"


_FORM = packaged_form(__name__)
BENCHMARK = packaged(__name__, row_problem=_problem, tasks=TASKS, candidate=candidate)
