"""The tests that a log brings along: rows of HumanEval's and MBPP's form, and lists of inputs and outputs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crosstune.records import CallCase, Case, Comparison, ComparisonKind, Problem


def row_problem(row: Mapping[str, Any], language: str = "python") -> Problem | None:
    """The problem of a dataset's row: ``prompt``, ``test`` and ``entry_point`` (HumanEval and those like it),
    or ``test_list`` (MBPP); None: it has no such tests."""
    if all(isinstance(row.get(name), str) for name in ("prompt", "test", "entry_point")):
        return _problem(
            language,
            declaration=row["prompt"],
            entry_point=row["entry_point"],
            tests=f"{row['test']}\ncheck({row['entry_point']})\n",
        )
    tests = row.get("test_list")
    if isinstance(tests, list) and tests and all(isinstance(each, str) for each in tests):
        setup = row.get("test_setup_code")
        return _problem(
            language, setup=setup if isinstance(setup, str) else "", tests="\n".join(tests) + "\n"
        )
    return None


def cases_problem(unit_tests: Mapping[str, Any], language: str = "python") -> Problem | None:
    """LiveCodeBench's ``inputs``, ``outputs`` and ``fn_name``; None: they are not of this form."""
    inputs, outputs, name = (unit_tests.get(each) for each in ("inputs", "outputs", "fn_name"))
    if not isinstance(inputs, list) or not isinstance(outputs, list) or len(inputs) != len(outputs):
        return None
    if not all(isinstance(each, str) for each in (*inputs, *outputs)):
        return None
    if not name:
        runs = tuple(Case(stdin, stdout) for stdin, stdout in zip(inputs, outputs, strict=True))
        return _problem(language, cases=runs, comparison=Comparison(ComparisonKind.TOKENS))
    try:
        calls = tuple(
            CallCase(
                f"Solution().{name}", [json.loads(line) for line in given.split("\n")], json.loads(expected)
            )
            for given, expected in zip(inputs, outputs, strict=True)
        )
    except ValueError:
        return None
    return _problem(language, cases=calls, entry_point=str(name))


def _problem(language: str, **fields: Any) -> Problem:
    parts = {"declaration": "", "entry_point": "", "tests": "", **fields}
    return Problem(id="", benchmark="", task="", language=language, instruction="", **parts)
