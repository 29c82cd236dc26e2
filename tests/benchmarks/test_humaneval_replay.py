"""HumanEval by replay: what is recorded, the types, the prompts and the cases of every language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.benchmarks.humaneval_replay._disagreements import disagreements
from crosstune.benchmarks.humaneval_replay._recording import Recorded, recorded
from crosstune.benchmarks.humaneval_replay._solutions import sections
from crosstune.errors import DataError
from crosstune.execution import Judge, requirements
from crosstune.languages import ValueType
from crosstune.records import CallCase, Problem
from crosstune.scoring import gate
from tests.shared import shared_data

BENCHMARK = BENCHMARKS.load("humaneval-replay")
SOLUTION = """
    total_sum, largest = 0.0, None
    for number in numbers:
        total_sum += number * scale_by
        if largest is None or number > largest:
            largest = number
    numbers.clear()
    return total_sum, largest
"""
DOCSTRING = '''    """Return the sum of numbers times scale_by, and the largest.
    If there are none, that is None.

    >>> scaled_sum([1, 2], 0.5)
    (1.5, 2)
    scaled_sum([], 2) == (0.0, None)
    """
'''
ROW = {
    "task_id": "HumanEval/900",
    "entry_point": "scaled_sum",
    "prompt": f"def scaled_sum(numbers, scale_by):\n{DOCSTRING}",
    "canonical_solution": SOLUTION,
    "test": """
def check(candidate):
    import random
    assert candidate([1, 2], 0.5) == (1.5, 2)
    assert candidate([], 2) == (0.0, None)
    assert tuple(candidate([3], 1)) == (3.0, 3)
    for _ in range(20):
        n = random.randint(0, 9)
        assert candidate([n], 1) == (n, n)
""",
}

SIMPLE_TEST = "def check(candidate):\n    assert candidate([1, 2], 0.5) == (1.5, 2)\n"

RAISING_TEST = """
def check(candidate):
    try:
        candidate(1, 2)
    except TypeError:
        pass
"""


def write(folder: Path, *rows: dict[str, str]) -> Path:
    file = folder / "HumanEval.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def problem(folder: Path, language: str, row: dict[str, str] = ROW) -> Problem:
    settings = BENCHMARK.settings.model_validate({"data": str(write(folder, row))})
    (found,) = BENCHMARK.problems(settings, language, "synthesize")
    return found


def test_calls_and_types_are_recorded(tmp_path: Path) -> None:
    (found,) = recorded(write(tmp_path, ROW))
    number = ValueType("int")
    assert found.parameters == (
        ("numbers", ValueType("list", (number,))),
        ("scale_by", ValueType("float")),
    )
    assert found.result == ValueType("tuple", (ValueType("float"), ValueType("optional", (number,))))
    assert found.calls[0].arguments == ([1, 2], 0.5)  # as they were before the call, which clears the list
    assert [call.expected for call in found.calls[:3]] == [(1.5, 2), (0.0, None), (3.0, 3)]
    assert [call.rule for call in found.calls[:3]] == ["equal", "equal", "items"]
    assert [call.changes for call in found.calls[:2]] == [True, False]


def test_random_calls_are_the_same_each_time(tmp_path: Path) -> None:
    """A row that differs only in a comment is recorded again."""
    other = {**ROW, "canonical_solution": f"{SOLUTION}    # again\n"}
    calls = [recorded(write(tmp_path / name, row))[0].calls for name, row in _folders(tmp_path, ROW, other)]
    assert calls[0] == calls[1]
    assert 3 < len(calls[0]) < 24  # equal calls count once


def _folders(parent: Path, *rows: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    for number in range(len(rows)):
        (parent / str(number)).mkdir()
    return [(str(number), row) for number, row in enumerate(rows)]


HEADS = {
    "javascript": "function scaledSum(numbers, scaleBy) {",
    "typescript": "function scaledSum(numbers: number[], scaleBy: number): [number, number | null] {",
    "c": "DoubleOptionalIntPair scaled_sum(const int *numbers, size_t numbers_len, double scale_by) {",
    "cpp": "pair<double, optional<int>> scaled_sum(vector<int> numbers, double scale_by) {",
    "java": "public List<Object> scaledSum(List<Integer> numbers, double scaleBy) {",
    "go": "func ScaledSum(numbers []int, scaleBy float64) [2]interface{} {",
    "rust": "fn scaled_sum(numbers: Vec<i32>, scale_by: f64) -> (f64, Option<i32>) {",
}
EXAMPLES = {
    "javascript": ("scaledSum([1, 2], 0.5)", "[1.5, 2]", "scaledSum([], 2) == [0, null]", "null"),
    "typescript": ("scaledSum([1, 2], 0.5)", "[1.5, 2]", "scaledSum([], 2) == [0, null]", "null"),
    "c": ("scaled_sum((int[]){1, 2}, 2, 0.5)", "{1.5, 2}", "scaled_sum(NULL, 0, 2.0) == {0.0, None}", "None"),
    "cpp": ("scaled_sum({1, 2}, 0.5)", "{1.5, 2}", "scaled_sum({}, 2.0) == {0.0, nullopt}", "nullopt"),
    "go": (
        "ScaledSum([]int{1, 2}, 0.5)",
        "[2]interface{}{1.5, 2}",
        "ScaledSum([]int{}, 2.0) == [2]interface{}{0.0, nil}",
        "nil",
    ),
    "rust": (
        "scaled_sum(vec![1, 2], 0.5)",
        "(1.5, Some(2))",
        "scaled_sum(vec![], 2.0) == (0.0, None)",
        "None",
    ),
}


@pytest.mark.parametrize("language", HEADS)
def test_prompt_has_types_and_examples_of_the_language(tmp_path: Path, language: str) -> None:
    prompt = problem(tmp_path, language).extra["prompt"]
    assert prompt.rstrip().endswith(HEADS[language])
    call, result, equation, none = EXAMPLES.get(language, ("", "", "", ""))
    assert f">>> {call}" in prompt
    assert result in prompt
    assert equation in prompt
    assert f"that is {none}" in prompt


def test_python_keeps_its_prompt(tmp_path: Path) -> None:
    found = problem(tmp_path, "python")
    assert found.extra["prompt"] == ROW["prompt"]
    assert found.declaration == "def scaled_sum(numbers, scale_by):\n"
    assert found.canonical == ROW["prompt"] + SOLUTION


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    wrong = {**ROW, "canonical_solution": "    return 0\n"}
    with pytest.raises(DataError, match="HumanEval/900: its tests do not pass its own solution"):
        recorded(write(tmp_path, wrong))
    endless = {**ROW, "canonical_solution": "    while True:\n        pass\n"}
    with pytest.raises(DataError, match="HumanEval/900"):
        recorded(write(tmp_path, endless))
    settings = BENCHMARK.settings.model_validate({"data": str(tmp_path / "none")})
    with pytest.raises(DataError, match=r"no HumanEval.jsonl.gz there"):
        BENCHMARK.problems(settings, "c", "synthesize")
    assert [each.met for each in BENCHMARK.requirements(settings, "c")] == [False]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"test": "def check(candidate):\n    pass\n"}, "its tests do not call the function"),
        (
            {"test": RAISING_TEST},
            "its tests expect a call to raise TypeError",
        ),
        (
            {"test": "def check(candidate):\n    candidate([], scale_by=2)\n"},
            "its tests give named arguments",
        ),
        (
            {"test": "def check(candidate):\n    candidate({1}, 2)\n"},
            "its calls have a value of type set",
        ),
        (
            {"prompt": ROW["prompt"].replace("scale_by):", "scale_by, more=0):"), "test": SIMPLE_TEST},
            "its tests give 2 of 3 arguments",
        ),
        ({"prompt": ROW["prompt"].split("\n")[0] + "\n"}, "the function has no docstring"),
    ],
)
def test_rows_that_no_language_can_be_given(tmp_path: Path, changed: dict[str, str], reason: str) -> None:
    bad = {**ROW, "task_id": "HumanEval/901", **changed}
    file = write(tmp_path, ROW, bad)
    with pytest.raises(DataError) as caught:
        recorded(file)
    first, advice = str(caught.value).splitlines()
    assert first == f"{file}: HumanEval/901: {reason}"
    assert "--allow-partial" in advice
    assert [each.id for each in recorded(file, allow_partial=True)] == [ROW["task_id"]]
    settings = BENCHMARK.settings.model_validate({"data": str(tmp_path), "allow_partial": True})
    assert BENCHMARK.left_out is not None
    assert BENCHMARK.left_out(settings, "go") == [first]


def test_a_row_cannot_leave_the_sandbox(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("known")
    body = f"    with open({str(secret)!r}, 'w') as file:\n        file.write('changed')\n{SOLUTION}"
    with pytest.raises(DataError, match="HumanEval/900"):
        recorded(write(tmp_path, {**ROW, "canonical_solution": body}))
    assert secret.read_text() == "known"


JAVASCRIPT = """\
const largest = numbers.length ? Math.max(...numbers) : null;
return [numbers.reduce((sum, each) => sum + each * scaleBy, 0), largest];
}
"""


def test_cases_decide(tmp_path: Path) -> None:
    if not all(each.met for each in requirements("javascript")):
        pytest.skip("JavaScript cannot be run here")
    found = problem(tmp_path, "javascript")
    answers = [JAVASCRIPT, JAVASCRIPT.replace("null", "0"), JAVASCRIPT.replace("scaleBy, 0", "scaleBy, 1")]
    programs = [BENCHMARK.program(found, found.declaration + each) for each in answers]
    with Judge() as judge:
        assert [verdict.passed for verdict in judge.run(programs)] == [True, False, False]


def test_problems_with_cases_pass_a_gate(tmp_path: Path) -> None:
    if not all(each.met for each in requirements("javascript")):
        pytest.skip("JavaScript cannot be run here")
    row = {**ROW, "task_id": "HumanEval/53"}  # whose solution in JavaScript adds what it is given
    row["prompt"] = 'def add(x: int, y: int):\n    """Add."""\n'
    row |= {"entry_point": "add", "canonical_solution": "    return x + y\n"}
    row["test"] = "def check(candidate):\n    assert candidate(2, 3) == 5\n"
    settings = BENCHMARK.settings.model_validate({"data": str(write(tmp_path, row))})
    result = gate(BENCHMARK, settings, ["javascript"])
    result.check()
    assert (result.languages["javascript"]["canonical"].passed, result.shared) == (1, {"javascript": {}})


@pytest.fixture(scope="module")
def humaneval() -> tuple[Recorded, ...]:
    return recorded(shared_data("humaneval") / "HumanEval.jsonl.gz")


def test_all_of_humaneval_is_recorded(humaneval: tuple[Recorded, ...]) -> None:
    calls = [call for each in humaneval for call in each.calls]
    assert (len(humaneval), len(calls)) == (164, 1528)
    changing = [each.id for each in humaneval if any(call.changes for call in each.calls)]
    assert changing == ["HumanEval/70", "HumanEval/120", "HumanEval/149"]
    others = {each.id for each in humaneval if any(call.rule == "other" for call in each.calls)}
    assert others == {"HumanEval/32"}
    near = {each.id for each in humaneval if any(call.rule == "near" for call in each.calls)}
    assert near == {"HumanEval/2", "HumanEval/4"}
    assert [each.id for each in humaneval for call in each.calls if call.mixed] == ["HumanEval/92"]
    long = ValueType("long")
    wide = [each.id for each in humaneval if long in each.result.parts()]
    assert wide == ["HumanEval/114", "HumanEval/139"]


@pytest.mark.parametrize("language", BENCHMARK.languages)
def test_every_problem_has_a_prompt_and_cases(language: str) -> None:
    settings = BENCHMARK.settings.model_validate({"data": str(shared_data("humaneval"))})
    problems = BENCHMARK.problems(settings, language, "synthesize")
    assert len({each.id for each in problems}) == len(problems) == 164
    assert all(each.cases or each.tests for each in problems)
    calls = (
        1528 - 99 - (0 if language == "python" else 1)
    )  # HumanEval/32 has tests; one of 92 is in Python alone
    calls -= {"rust": 31, "javascript": 40, "typescript": 40}.get(language, 0)  # tests, too
    assert sum(len(each.cases) for each in problems) == calls
    for each in problems:
        named = {case.call.rpartition(".")[2] for case in each.cases if isinstance(case, CallCase)}
        assert named <= {each.entry_point}
        assert each.declaration.rstrip().splitlines()[-1] in each.instruction


@pytest.mark.parametrize("language", ["javascript", "c"])
def test_own_solutions_are_complete(language: str) -> None:
    bodies = {name for name in sections(language) if " " not in name and name != "common"}
    assert bodies == {f"HumanEval/{number}" for number in range(164)}


@pytest.mark.parametrize("language", ["cpp", "java", "go", "rust"])
def test_every_disagreement_has_a_solution_and_no_other_problem_needs_one(language: str) -> None:
    bodies = {name for name in sections(language) if " " not in name and name != "common"}
    assert disagreements(language).keys() <= bodies
    helped = {"HumanEval/10", "HumanEval/18", "HumanEval/38", "HumanEval/50"}
    assert bodies - disagreements(language).keys() <= helped | {"HumanEval/32"}
