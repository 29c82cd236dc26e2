"""Forms of a few lines for the rows of benchmarks and training sets that have no module here; all texts are
our own. Where `propose_form` gives a form that works, it is tried too."""

from __future__ import annotations

import base64
import json
import pickle
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS, Benchmark, propose_form
from crosstune.errors import DataError, SettingsError
from crosstune.execution import Judge
from crosstune.records import CallCase, Case, ComparisonKind, Problem
from tests.benchmarks.rows import problems_of, write_rows

DOUBLE = "print(2 * int(input()))\n"
TWICE = "def twice(n):\n    return 2 * n\n"
METHOD = "class Solution:\n    def twice(self, n):\n        return 2 * n\n"
STARTER = "class Solution:\n    def twice(self, n: int) -> int:\n        "
RUNS, CALLS = {"inputs": ["1\n"], "outputs": ["2\n"]}, {"inputs": [[1], [2]], "outputs": [2, 4]}
STDIN, CALL = {"input": "1\n", "output": "2\n"}, {"fn_name": "twice", "input": [2], "output": [4]}
FORMATS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "apps": (
        """\
id: "{problem_id}"
instruction: "{question}"
declaration: "{starter_code}"
cases: {list: "{input_output}", stdin: inputs, stdout: outputs, arguments: inputs, expected: outputs,
        call: "{input_output.fn_name?}"}
solution: "{solutions.0}"
""",
        [
            {"problem_id": 1, "question": "2n?", "starter_code": "", "solutions": json.dumps([DOUBLE])}
            | {"input_output": json.dumps(RUNS)},
            {"problem_id": 2, "question": "2n?", "starter_code": STARTER, "solutions": json.dumps([METHOD])}
            | {"input_output": json.dumps({"fn_name": "twice", **CALLS})},
        ],
    ),
    "taco": (
        """\
id: "{row_number}"
instruction: "{question}"
cases: {list: "{input_output}", stdin: inputs, stdout: outputs, lines: true}
limits: {cpu_seconds: "{time_limit?}", memory_bytes: "{memory_limit?}"}
solution: "{solutions.0}"
""",
        [
            {"question": "2n?", "solutions": [DOUBLE], "time_limit": "1.5 seconds", "memory_limit": "64 MB"}
            | {"input_output": json.dumps({"inputs": [["1", "x"]], "outputs": [["2"]]})},
            {"question": "2n?", "solutions": [DOUBLE], "input_output": json.dumps(RUNS), "time_limit": None},
        ],
    ),
    "autocodebench": (
        """\
where: {language: [python, Python]}
id: "{row_number}"
instruction: "{question}"
tests: "{full_test_func|code}"
solution: "{canonical_solution|code}"
""",
        [
            {"question": "2n?", "language": "Python", "canonical_solution": f"```python\n{TWICE}```"}
            | {"full_test_func": "```python\ndef test():\n    assert twice(2) == 4\ntest()\n```"}
        ],
    ),
    "verifiable": (
        """\
id: "{problem_id}"
instruction: "{prompt.last.content}"
cases: {list: "{info.test_cases}", stdin: input, stdout: output, arguments: input, expected: output.0,
        call: "{info.test_cases.0.fn_name?}"}
solution: "{gold_standard_solution|code}"
""",
        [
            {"problem_id": name, "prompt": [{"content": "Be exact."}, {"content": "2n?"}]}
            | {"info": json.dumps({"test_cases": [case]}), "gold_standard_solution": f"```python\n{code}```"}
            for name, case, code in (("a", STDIN, DOUBLE), ("b", CALL, TWICE))
        ],
    ),
    "livebench": (
        """\
id: "{question_id}"
instruction: "{turns.0}"
cases: {list: ["{public_test_cases?}", "{private_test_cases}"]}
solution: "{solution}"
""",
        [
            {"question_id": number, "turns": ["2n?"], "solution": DOUBLE, "public_test_cases": public}
            | {"private_test_cases": base64.b64encode(zlib.compress(packed)).decode()}
            for number, public, packed in (
                (1, json.dumps([STDIN]), pickle.dumps(json.dumps([STDIN]))),
                (2, None, json.dumps([STDIN, STDIN]).encode()),
            )
        ],
    ),
    "rstar": (
        """\
id: "{question_id}"
instruction: "{question}"
declaration: "{starter_code?}"
cases: {stdin: inputs, stdout: outputs, arguments: inputs, expected: outputs, call: "{func_name?}"}
solution: "{solution}"
""",
        [
            {"question_id": name, "question": "2n?", "func_name": function, "solution": code}
            | {"starter_code": starter, **{key: json.dumps(each) for key, each in lists.items()}}
            for name, function, starter, code, lists in (
                ("a", None, None, DOUBLE, RUNS),
                ("b", "twice", STARTER, METHOD, CALLS),
            )
        ],
    ),
    "kodcode": (
        """\
id: "{question_id}"
instruction: "{question}"
entry_point: "{test_info.0.function_name}"
tests: "import sys\\nsys.modules['solution'] = sys.modules[__name__]\\n{test}"
solution: "{solution}"
""",
        [
            {"question_id": 1, "question": "2n?", "solution": TWICE}
            | {"test": "from solution import twice\n\ndef test_it():\n    assert twice(2) == 4\n"}
            | {"test_info": [{"function_name": "twice"}]}
        ],
    ),
    "unit-tests": (
        """\
id: "{id}"
instruction: "{input}"
tests: "{unit_tests|lines}"
solution: "{output|code}"
""",
        [
            {"id": 1, "input": "2n?", "output": f"Twice:\n```python\n{TWICE}```\n"}
            | {"unit_tests": json.dumps(["\nassert twice(1) == 2\n", "\nassert twice(2) == 4\n"])}
        ],
    ),
    "files": (
        """\
id: "{exercise}"
instruction: "{instructions}"
declaration: "{files.solution.0}"
tests: "import sys\\nsys.modules['{exercise}'] = sys.modules[__name__]\\n{files.test.0}"
solution: "{files.example.0}"
""",
        [
            {"exercise": "twice", "instructions": "2n?"}
            | {
                "files": {
                    "solution": {"twice.py": "def twice(n):\n    pass\n"},
                    "example": {".meta/example.py": TWICE},
                    "test": {
                        "twice_test.py": "import unittest\nfrom twice import twice\n\n"
                        "class T(unittest.TestCase):\n    def test(self):\n"
                        "        self.assertEqual(twice(2), 4)\n"
                    },
                }
            }
        ],
    ),
}
NOT_PROPOSED = {
    "files": "its tests import the exercise by its name",
    "unit-tests": "its solutions are in prose",
    "livebench": "its questions are in turns",
}


def benchmark(folder: Path, name: str, text: str) -> Benchmark:
    path = folder / "own.yaml"
    path.write_text(f"name: own-{name}\nfile: rows.jsonl\nlanguages: [python]\n{text}", "utf-8")
    return BENCHMARKS.load(str(path))


def verdicts(of: Benchmark, problems: Sequence[Problem]) -> dict[str, str]:
    with Judge() as judge:
        found = judge.run([of.program(each, each.canonical) for each in problems])
        return {each.id: str(each.status) for each in found}


@pytest.mark.parametrize("name", FORMATS)
def test_solutions_of_a_published_format_pass(name: str, tmp_path: Path) -> None:
    text, rows = FORMATS[name]
    write_rows(tmp_path / "rows.jsonl", *rows)
    own = benchmark(tmp_path, name, text)
    problems = list(problems_of(own, tmp_path).values())
    assert [each.instruction for each in problems] == ["2n?"] * len(rows)
    assert set(verdicts(own, problems).values()) == {"passed"}


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in NOT_PROPOSED])
def test_form_is_proposed_for_a_published_format(name: str, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", *FORMATS[name][1])
    proposal = propose_form(rows, f"own-{name}")
    assert len(proposal.splitlines()) <= 20
    (tmp_path / "own.yaml").write_text(proposal, "utf-8")
    own = BENCHMARKS.load(str(tmp_path / "own.yaml"))
    problems = list(problems_of(own, rows).values())
    assert len(problems) == len(FORMATS[name][1])
    assert set(verdicts(own, problems).values()) == {"passed"}


def test_rows_say_which_are_calls_and_which_limits_they_have(tmp_path: Path) -> None:
    for name in ("apps", "taco", "livebench"):
        text, rows = FORMATS[name]
        write_rows(tmp_path / name / "rows.jsonl", *rows)
        first, second = problems_of(benchmark(tmp_path, name, text), tmp_path / name).values()
        if name == "apps":
            assert (first.cases, first.comparison.kind) == ((Case("1\n", "2\n"),), ComparisonKind.TOKENS)
            assert isinstance(second.cases[0], CallCase)
            assert (second.cases[0].call, second.comparison.kind) == (
                "Solution().twice",
                ComparisonKind.EXACT,
            )
        elif name == "taco":
            assert first.limits
            assert (first.limits.cpu_seconds, first.limits.memory_bytes) == (1.5, 64 << 20)
            assert (first.cases, second.limits) == ((Case("1\nx", "2"),), None)
        else:
            assert (len(first.cases), len(second.cases)) == (2, 2)


CHECKED = """\
id: "{id}"
instruction: "Print more than n."
cases: {list: "{tests}"}
comparison: {kind: checker, language: python, source: "{checker?}"}
limits: {cpu_seconds: "{ms} ms"}
"""


def test_rows_without_a_checker_are_compared(tmp_path: Path) -> None:
    row = {"id": 1, "tests": [STDIN], "checker": "exit(0)", "ms": 2500}
    write_rows(tmp_path / "rows.jsonl", row, {**row, "id": 2, "checker": None})
    first, second = problems_of(benchmark(tmp_path, "checked", CHECKED), tmp_path).values()
    assert (first.comparison.kind, second.comparison.kind) == (ComparisonKind.CHECKER, ComparisonKind.TOKENS)
    assert first.limits
    assert first.limits.cpu_seconds == 2.5


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ms": "soon"}, "limits.cpu_seconds: expected a positive number, with a unit or without"),
        ({"ms": 0}, "limits.cpu_seconds: expected a positive number"),
        ({"ms": None}, "limits.cpu_seconds: column 'ms': expected text, found nothing"),
        ({"tests": "2"}, "the cases are not JSON, plain or compressed (not compressed data in base64"),
        ({"tests": [{"input": ["1", "2"], "output": "3"}]}, "lines: true joins lists of them"),
    ],
)
def test_malformed_part_of_a_row_is_named(changed: dict[str, Any], reason: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "rows.jsonl", {"id": 1, "tests": [STDIN], "ms": 1, **changed})
    with pytest.raises(DataError) as error:
        problems_of(benchmark(tmp_path, "checked", CHECKED), tmp_path)
    assert f"{file}:1: " in str(error.value)
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        ('{"RECORDS": [{"id": "a"}, {"id": "b"}]}', ["a", "b"]),
        ('{"a": {"id": 1},\n "b": {"id": 2}}', ["1", "2"]),
        ('{"id": "a"}\n{"id": "b"}\n', ["a", "b"]),
    ],
)
def test_rows_may_be_inside_of_an_object(content: str, ids: list[str], tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text(content)
    text = 'id: "{id}"\ninstruction: "{row_number} {row_key or id}"\ntests: "assert f()"\n'
    problems = problems_of(benchmark(tmp_path, "object", text), tmp_path / "rows.json")
    assert list(problems) == ids
    assert [each.instruction for each in problems.values()] == ["1 a", "2 b"]


def test_object_without_rows_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text('{"version": 1,\n "rows": []}')
    text = 'id: "{id}"\ninstruction: x\ntests: "assert f()"\n'
    with pytest.raises(
        DataError, match=r"rows\.json: expected a list of rows, .* an object with version, rows"
    ):
        problems_of(benchmark(tmp_path, "object", text), tmp_path / "rows.json")


def test_column_whose_name_is_no_word(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", {"Test Cases": "assert f()", "Q (en)": "Say f."})
    text = "id: \"{row_number}\"\ninstruction: \"{'Q' or 'Q (en)'}\"\ntests: \"{'Test Cases'}\"\n"
    (found,) = problems_of(benchmark(tmp_path, "named", text), tmp_path).values()
    assert (found.instruction, found.tests) == ("Say f.", "assert f()")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"q": "", "d": " "}, "it asks nothing: instruction and declaration empty"),
        ({"q": float("nan"), "d": "x"}, "instruction: column 'q': expected text, found nothing"),
        ({"q": "\udead", "d": "x"}, "half a surrogate pair"),
    ],
)
def test_row_that_asks_nothing_is_bad(row: dict[str, Any], reason: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "rows.jsonl", row)
    text = 'id: "{row_number}"\ninstruction: "{q}"\ndeclaration: "{d}"\ntests: "assert f()"\n'
    with pytest.raises(DataError, match=f"{file}:1: {reason}"):
        problems_of(benchmark(tmp_path, "blank", text), tmp_path)


def test_mixed_cases_say_which_rows_are_calls(tmp_path: Path) -> None:
    cases = 'id: "{id}"\ncases: {list: "{t}", stdin: in, arguments: in, expected: out, call: "{f}"}\n'
    with pytest.raises(SettingsError, match=r'leave one out, or say which .* call: "\{fn_name\?\}"'):
        benchmark(tmp_path, "mixed", cases)
