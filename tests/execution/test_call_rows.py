"""Rows with cases that call a function: what `crosstune judge` reads and writes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from crosstune.execution import Judge, judge_file
from crosstune.execution._lines import BadLine, ProgramReader
from crosstune.records import CallCase, Program, from_json, to_json, value_from_json, value_to_json

ROW = {"id": "x", "language": "python", "candidate": "def f(x): return x\n"}
VALUES: list[tuple[Any, Any]] = [
    (None, None),
    (1 << 70, 1 << 70),
    (1 << 9000, {"int": hex(1 << 9000)}),
    (-0.0, -0.0),
    (math.inf, {"float": "inf"}),
    ("\ud800", "\ud800"),
    (b"\xff", {"bytes": "/w=="}),
    ([1, [True]], [1, [True]]),
    ((1, ()), {"tuple": [1, {"tuple": []}]}),
    ({2, 1}, {"set": [1, 2]}),
    ({"a": {}}, {"a": {}}),
    ({1: "a", (1, 2): None}, {"map": [[1, "a"], [{"tuple": [1, 2]}, None]]}),
    ({"set": [1]}, {"map": [["set", [1]]]}),
]


def read(*cases: Any, **more: Any) -> Program:
    return ProgramReader().read({**ROW, **more, "cases": list(cases)}).program


@pytest.mark.parametrize(("value", "form"), VALUES, ids=lambda each: str(each)[:30])
def test_values_have_a_form_in_json(value: Any, form: Any) -> None:
    assert value_to_json(value) == form
    back = value_from_json(json.loads(json.dumps(form)))
    assert back == value
    assert repr(back) == repr(value)
    case = CallCase("f", [value], value, changed=[value])
    program = Program("x", "python", "", cases=(case,))
    assert from_json(Program, to_json(program)) == program


def test_not_a_number_is_read() -> None:
    assert math.isnan(value_from_json(value_to_json(math.nan)))


@pytest.mark.parametrize(
    "form",
    [
        {"tuple": 1},
        {"set": [[]]},
        {"map": [[1]]},
        {"map": [[[], 1]]},
        {"float": "1"},
        {"float": 1},
        {"bytes": "*"},
        {"int": 1},
    ],
    ids=str,
)
def test_other_content_of_a_form_is_refused(form: Any) -> None:
    with pytest.raises(ValueError, match="is a form of values"):
        value_from_json(form)
    with pytest.raises(BadLine, match="is a form of values"):
        read({"call": "f", "arguments": [form]})


def test_deep_values_are_refused() -> None:
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    for function in (value_to_json, value_from_json):
        with pytest.raises(ValueError, match="deeper than 200"):
            function(deep)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"call": "f", "argument": [1]}, "unknown field 'argument'"),
        ({"call": "f", "arguments": 1}, "expected list"),
        ({"call": 1}, "expected str"),
        ({"call": "f", "changed": 1}, "expected list"),
        ({"call": "f", "absolute": "1"}, "expected float"),
        ({"call": "f g"}, "expected a function's name"),
    ],
)
def test_bad_cases(case: dict[str, Any], message: str) -> None:
    with pytest.raises(BadLine, match=message):
        read(case)


def test_cases_of_both_kinds_are_refused() -> None:
    with pytest.raises(BadLine, match="some cases call a function"):
        read({"call": "f"}, {"stdin": "", "stdout": ""})


def test_a_language_with_types_needs_a_declaration() -> None:
    with pytest.raises(BadLine, match="has no function f"):
        read({"call": "f"}, language="c", candidate="")


def test_files_of_calls_become_files_of_verdicts(tmp_path: Path) -> None:
    rows = [
        {**ROW, "cases": [{"call": "f", "arguments": [{"tuple": [1]}], "expected": {"tuple": [1]}}]},
        {
            **ROW,
            "id": "y",
            "cases": [{"call": "f", "arguments": [1.5], "expected": 2}],
            "comparison": "floats",
        },
    ]
    given, made = tmp_path / "programs.jsonl", tmp_path / "verdicts.jsonl"
    given.write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    complaints: list[str] = []
    with Judge() as judge:
        judge_file(given, made, judge, complain=complaints.append)
    assert complaints == []
    first, second = map(json.loads, made.read_text().splitlines())
    assert (first["verdict"], first["isolation"], first["cases"][0]["verdict"]) == (
        "passed",
        "separate",
        "passed",
    )
    assert second["verdict"] == "wrong_answer"
    assert "expected: 2\nreturned: 1.5" in second["cases"][0]["stderr"]
