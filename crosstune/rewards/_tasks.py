"""What a completion is judged by, in the forms in which data sets for reinforcement learning have it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from crosstune.errors import DataError
from crosstune.execution import BadLine, ProgramReader
from crosstune.extraction import extract
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Program

Task = Mapping[str, Any]
"""The fields of a program for the judge (docs/judging.md), without ``id`` and ``candidate``; ``entry_point``
may be given instead of ``entry_points``. ``language`` is python if there is none."""

_NESTED = ("ground_truth", "label", "verification_info", "reward_model")
_OF_PROGRAM = (
    "language",
    "tests",
    "cases",
    "comparison",
    "stop_at_first_failure",
    "setup",
    "standard",
    "limits",
    "declaration",
    "entry_points",
)
FIELDS = (*_OF_PROGRAM, "entry_point", "inputs", "outputs", "fn_name", "assert_case", "test_cases")
_EXPECTED = (
    "expected tests, cases, inputs and outputs (with fn_name, where functions are called), assert_case or "
    "test_cases"
)
_CLASS = re.compile(r"^class Solution\b", re.MULTILINE)


def task_of(given: Any) -> Task:
    """The task in a ground truth or label: a mapping, or JSON of one. Fields without a value are left out.

    Besides the fields of `Task` it may have ``inputs`` and ``outputs`` (texts, as verl and NeMo Gym have
    them; with ``fn_name`` each input has one JSON value per line, the arguments of a call), ``assert_case``
    (a list of statements) or ``test_cases`` (objects with input and output, as open-r1 has them).

    Raises:
        DataError: it has no such form.
    """
    row = _mapping(given)
    for name in _NESTED:
        if row.get(name) is not None and not any(row.get(each) is not None for each in FIELDS[1:]):
            return task_of({**_mapping(row[name]), **_own(row)})
    task = {name: row[name] for name in FIELDS if row.get(name) not in (None, "")}
    ways = [name for name in ("tests", "cases", "inputs", "assert_case", "test_cases") if name in task]
    if not ways:
        raise DataError(f"a task: {_EXPECTED}; found {', '.join(map(repr, row)) or 'nothing'}")
    return task


def _own(row: Task) -> Task:
    return {name: row[name] for name in ("language",) if row.get(name) is not None}


def _mapping(given: Any) -> Task:
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError) as error:
            raise DataError(f"a task: expected JSON, found {given!r:.60} ({error})") from None
    if not isinstance(given, Mapping):
        raise DataError(f"a task: expected an object, found {type(given).__name__}")
    return given


def program_of(task: Task, completion: str, name: str = "") -> Program:
    """The program that a completion means for a task (`task_of`).

    Raises:
        DataError: the task is not valid.
    """
    row = {"language": "python", **task}
    language = LANGUAGES.load(str(row["language"]))
    entry_point = str(row.get("entry_point") or row.get("fn_name") or "")
    declaration = str(row.get("declaration", ""))
    problem = Problem("", "", "", language.name, "", declaration, entry_point, str(row.get("tests", "")))
    candidate = extract(language, problem, completion).candidate
    fields = {field: row[field] for field in _OF_PROGRAM if field in row}
    fields |= _decided_by(row, candidate)
    if entry_point and "entry_points" not in fields and "tests" in fields:
        fields["entry_points"] = [entry_point]
    try:
        return ProgramReader().read({"id": name, "candidate": candidate, **fields}).program
    except BadLine as error:
        raise DataError(f"a task: {error}") from None


def _decided_by(row: Task, candidate: str) -> Task:
    """The tests or cases of a task that has them in a form of its own.

    Raises:
        DataError: the form is broken.
    """
    if "assert_case" in row:
        return {"tests": "\n".join(map(str, row["assert_case"])) + "\n"}
    if "test_cases" in row:
        pairs = [(each.get("input"), each.get("output")) for each in _objects(row["test_cases"])]
    elif "inputs" in row:
        pairs = _pairs(row["inputs"], row.get("outputs"))
    else:
        return {}
    function = row.get("fn_name")
    if not function:
        return {"cases": [{"stdin": _lines(given), "stdout": _lines(wanted)} for given, wanted in pairs]}
    call = f"Solution().{function}" if _CLASS.search(candidate) else str(function)
    comparison = row.get("comparison", {"kind": "floats", "absolute": 0, "relative": 0})
    return {
        "cases": [
            {
                "call": call,
                "arguments": _arguments(given),
                "expected": _value(wanted),
                "tuple_is_list": True,
            }
            for given, wanted in pairs
        ],
        "comparison": comparison,
    }


def _objects(given: Any) -> list[Task]:
    given = json.loads(given) if isinstance(given, str) else given
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise DataError("a task: test_cases: expected a list of objects with input and output")
    return given


def _pairs(inputs: Any, outputs: Any) -> list[tuple[Any, Any]]:
    if not isinstance(inputs, list) or not isinstance(outputs, list) or len(inputs) != len(outputs):
        raise DataError("a task: expected lists inputs and outputs of the same length")
    return list(zip(inputs, outputs, strict=True))


def _lines(given: Any) -> str:
    """Text of stdin or stdout, which some data sets split into lines."""
    return "\n".join(map(str, given)) if isinstance(given, list) else str(given)


def _arguments(given: Any) -> list[Any]:
    if isinstance(given, list):
        return given
    return [_value(line) for line in str(given).split("\n")]


def _value(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return given
