"""A form maps columns to calls of a function, which are judged as those of crosstune's own benchmarks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS, propose_form
from crosstune.errors import DataError, SettingsError
from crosstune.records import CallCase, ComparisonKind, Status
from tests.benchmarks.rows import problems_of, statuses, write_rows
from tests.shared import ROOT

FORM = """\
name: own-calls
file: rows.jsonl
languages: [python, javascript]
id: "{id}"
instruction: "{question}"
entry_point: "{function}"
cases: {list: "{tests}", arguments: args, expected: result, error: raises}
solution: "{solution?}"
"""
ROW: dict[str, Any] = {
    "id": "halves",
    "question": "Split n into two halves; a negative one is a ValueError.",
    "function": "halves",
    "tests": [{"args": [5], "result": [2, 3]}, {"args": [-1], "raises": "ValueError"}],
    "solution": "def halves(n):\n    if n < 0:\n        raise ValueError\n    return n // 2, n - n // 2\n",
}


def form(folder: Path, text: str = FORM) -> str:
    path = folder / "own.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def changed(**values: Any) -> dict[str, Any]:
    return {**ROW, **values}


def test_calls_are_judged(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", ROW)
    benchmark = BENCHMARKS.load(form(tmp_path))
    (found,) = problems_of(benchmark, tmp_path).values()
    assert found.cases == (
        CallCase("halves", [5], [2, 3], tuple_is_list=True),
        CallCase("halves", [-1], error="ValueError", tuple_is_list=True),
    )
    assert (found.entry_point, found.comparison.kind) == ("halves", ComparisonKind.EXACT)
    code = str(ROW["solution"])
    answers = [code, code.replace("n //", "n /"), code.replace("ValueError", "KeyError")]
    verdicts = statuses(benchmark, [found] * 3, [f"```python\n{each}```" for each in answers])
    assert verdicts == [Status.PASSED, Status.WRONG_ANSWER, Status.WRONG_ANSWER]


def test_the_same_rows_are_judged_in_another_language(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", changed(tests=ROW["tests"][:1]))
    benchmark = BENCHMARKS.load(form(tmp_path))
    (found,) = problems_of(benchmark, tmp_path, "javascript").values()
    answers = [f"```javascript\nfunction halves(n) {{ return [{n}, 3]; }}\n```" for n in ("n >> 1", "n")]
    assert statuses(benchmark, [found] * 2, answers) == [Status.PASSED, Status.WRONG_ANSWER]


def test_form_of_calls_in_the_documentation(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    block, mixed = re.findall(r"```yaml\n(name: [^`]*arguments: [^`]*)```", text)
    (row,) = re.findall(r"```json\n(\{[^`]*\})\n```", text)
    write_rows(tmp_path / "rows.jsonl", json.loads(row))
    benchmark = BENCHMARKS.load(form(tmp_path, block))
    (found,) = problems_of(benchmark, tmp_path / "rows.jsonl").values()
    assert statuses(benchmark, [found], [found.canonical]) == [Status.PASSED]
    halve = {"prompt": [{"content": "Halve."}], "solutions": ["```python\nprint(int(input()) // 2)\n```"]}
    write_rows(tmp_path / "mixed.jsonl", {**halve, "tests": {"inputs": ["5\n"], "outputs": ["2\n"]}})
    benchmark = BENCHMARKS.load(form(tmp_path, mixed))
    (found,) = problems_of(benchmark, tmp_path / "mixed.jsonl").values()
    assert statuses(benchmark, [found], [found.canonical]) == [Status.PASSED]


def test_form_of_calls_is_proposed(tmp_path: Path) -> None:
    tests = [{"args": [5], "result": [2, 3]}]
    row = {
        **{key: ROW[key] for key in ("id", "question", "solution")},
        "entry_point": "halves",
        "tests": tests,
    }
    rows = write_rows(tmp_path / "rows.jsonl", row)
    benchmark = BENCHMARKS.load(form(tmp_path, propose_form(rows, "own-proposed")))
    (found,) = problems_of(benchmark, rows).values()
    assert found.cases == (CallCase("halves", [5], [2, 3], tuple_is_list=True),)
    assert statuses(benchmark, [found], [found.canonical]) == [Status.PASSED]


@pytest.mark.parametrize(
    ("cases", "tests"),
    [
        ('{list: "{tests}", arguments: "0", expected: "1"}', [[["a", 2], "aa"]]),
        (
            '{list: "{tests}", arguments: in.values, expected: out}',
            [{"in": {"values": ["a", 2]}, "out": "aa"}],
        ),
        (
            '{list: "{tests}", arguments: inputs, expected: outputs}',
            {"inputs": [["a", 2]], "outputs": ["aa"]},
        ),
        ('{list: "{tests}", arguments: in, expected: out}', '[{"in": "[\\"a\\", 2]", "out": "aa"}]'),
    ],
)
def test_calls_in_other_shapes(cases: str, tests: Any, tmp_path: Path) -> None:
    text = FORM.replace('{list: "{tests}", arguments: args, expected: result, error: raises}', cases)
    write_rows(tmp_path / "rows.jsonl", changed(tests=tests))
    (found,) = problems_of(BENCHMARKS.load(form(tmp_path, text)), tmp_path).values()
    assert found.cases == (CallCase("halves", ["a", 2], "aa", tuple_is_list=True),)


def test_values_that_json_lacks_and_nothing(tmp_path: Path) -> None:
    tests = [{"args": [{"set": [1]}], "result": {"tuple": [1]}}, {"args": [], "result": None}]
    write_rows(tmp_path / "rows.jsonl", changed(tests=tests))
    (found,) = problems_of(BENCHMARKS.load(form(tmp_path)), tmp_path).values()
    first, second = found.cases
    assert isinstance(first, CallCase)
    assert (first.arguments, first.expected) == ([{1}], (1,))
    assert second == CallCase("halves", [], None, tuple_is_list=True)


@pytest.mark.parametrize(
    ("call", "row", "named"),
    [
        ("", {"solution": "def other(): ...\n\ndef halves(n): ...\n"}, ("halves", "halves")),
        ('call: "Solution().{function}", ', {}, ("Solution().halves", "Solution")),
    ],
)
def test_what_is_called(call: str, row: dict[str, Any], named: tuple[str, str], tmp_path: Path) -> None:
    text = FORM.replace('entry_point: "{function}"\n', "").replace("{list:", f"{{{call}list:")
    write_rows(tmp_path / "rows.jsonl", changed(**row))
    (found,) = problems_of(BENCHMARKS.load(form(tmp_path, text)), tmp_path).values()
    assert isinstance(found.cases[0], CallCase)
    assert (found.cases[0].call, found.entry_point) == named


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"tests": []}, "expected a list of cases, found []"),
        ({"tests": "{"}, "the cases are not JSON"),
        ({"tests": None}, "column 'tests': expected a list of cases, found nothing"),
        (
            {"tests": [*ROW["tests"], {"args": [1]}]},
            "case 3: expected 'result' or 'raises', found {'args': [1]}",
        ),
        ({"tests": [{"result": 1}]}, "case 1: expected 'args', found {'result': 1}"),
        ({"tests": [[1]]}, "case 1: expected 'result' or 'raises', found [1]"),
        ({"tests": [{"args": 1, "result": 1}]}, "case 1: 'args': expected a list of arguments, found 1"),
        (
            {"tests": [{"args": "1, 2", "result": 1}]},
            "case 1: 'args': expected a list of arguments, or its JSON",
        ),
        ({"tests": [{"args": [{"set": 1}], "result": 1}]}, "case 1: "),
        ({"tests": [{"args": [1], "raises": 1}]}, "case 1: 'raises': expected the kind of an error, found 1"),
        ({"function": None}, "entry_point: column 'function': expected text, found nothing"),
    ],
)
def test_malformed_call_is_named(row: dict[str, Any], reason: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "rows.jsonl", changed(id="right"), changed(**row))
    benchmark = BENCHMARKS.load(form(tmp_path))
    with pytest.raises(DataError) as error:
        problems_of(benchmark, tmp_path)
    assert f"{file}:2: {reason}" in str(error.value)
    assert list(problems_of(benchmark, tmp_path, allow_partial=True)) == ["right"]


TYPED = """\
name: own-typed-calls
file: rows.jsonl
languages: [go]
id: "{id}"
declaration: "{head}"
entry_point: half
cases: {list: "{tests}", arguments: args, expected: result}
"""


@pytest.mark.parametrize(
    ("head", "arguments", "reason"),
    [
        ("func half(n int) int {\n", ["a"], "case 1: "),
        ("func half(n int) int {\n", [1, 2], "case 1: "),
        ("type half struct {}\n", [1], "a case calls half, which is not declared"),
    ],
)
def test_calls_fit_the_declaration(head: str, arguments: list[Any], reason: str, tmp_path: Path) -> None:
    right = {"id": 1, "head": "func half(n int) int {\n", "tests": [{"args": [4], "result": 2}]}
    bad = {"id": 2, "head": head, "tests": [{"args": arguments, "result": 2}]}
    file = write_rows(tmp_path / "rows.jsonl", right, bad)
    benchmark = BENCHMARKS.load(form(tmp_path, TYPED))
    with pytest.raises(DataError) as error:
        problems_of(benchmark, tmp_path, "go")
    assert f"{file}:2: " in str(error.value)
    assert reason in str(error.value)
    (found,) = problems_of(benchmark, tmp_path, "go", allow_partial=True).values()
    answers = [f"func half(n int) int {{\n\treturn n / {number}\n}}\n" for number in (2, 3)]
    assert statuses(benchmark, [found] * 2, answers) == [Status.PASSED, Status.WRONG_ANSWER]


def test_call_of_no_known_function_is_named(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "rows.jsonl", changed(solution="halves = None\n"))
    text = FORM.replace('entry_point: "{function}"\n', "")
    with pytest.raises(
        DataError, match=f"{file}:1: no function is named that the cases call: give entry_point"
    ):
        problems_of(BENCHMARKS.load(form(tmp_path, text)), tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (", expected: result", "", "own.yaml:7: cases: calls need both keys, arguments and expected"),
        ("error: raises", "stdin: in", "own.yaml:7: cases: stdin is of whole programs, arguments of calls"),
        ("cases:", "checkers: checkers\ncases:", "own.yaml:7: checkers: only the outputs of whole programs"),
        ("cases:", "compare: statement\ncases:", "own.yaml:7: compare: only the outputs of whole programs"),
        ("cases:", "comparison: tokens\ncases:", "own.yaml:7: comparison: "),
        (
            "cases:",
            "comparison: {kind: tokens}\ncases:",
            "own.yaml:7: comparison: .*results of calls: exact, floats",
        ),
        (
            "python, javascript",
            "python, shell",
            "own.yaml:3: languages.shell: shell: cases that call a function",
        ),
    ],
)
def test_form_whose_keys_do_not_fit_is_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=message):
        BENCHMARKS.load(form(tmp_path, FORM.replace(old, new)))
