"""What is declared and expected in the target language."""

from __future__ import annotations

import pytest

from crosstune.languages import LANGUAGES
from crosstune.records import CallCase
from crosstune.sources.translate._comparisons import Untranslatable
from crosstune.sources.translate._rows import PythonRow
from crosstune.sources.translate._tasks import ABSOLUTE, RELATIVE, Task, task_of


def task(language: str, code: str, tests: str, instruction: str = "Do it.") -> Task:
    row = PythonRow("1", instruction, code, tests, "", "", "", fenced=False)
    return task_of(row, LANGUAGES.load(language))


MEAN = "def mean_of(number_list, skip_none):\n    ...\n"
TESTS = "assert mean_of([1, None, 2.5], True) == 1.75\nassert mean_of([], False) == 0\n"


def test_types_are_those_of_all_values() -> None:
    found = task("rust", MEAN, TESTS)
    assert found.declaration == "fn mean_of(number_list: Vec<Option<f64>>, skip_none: bool) -> f64 {\n"
    assert found.cases == (
        CallCase("mean_of", [[1.0, None, 2.5], True], 1.75, absolute=ABSOLUTE, relative=RELATIVE),
        CallCase("mean_of", [[], False], 0.0, absolute=ABSOLUTE, relative=RELATIVE),
    )


def test_names_and_examples_are_those_of_the_language() -> None:
    exercise = "Write a Python 3 function. mean_of([1], True) returns 1.0, and None if number_list is empty."
    found = task("javascript", MEAN, TESTS, exercise)
    assert found.name == "meanOf"
    assert found.declaration == "function meanOf(numberList, skipNone) {\n"
    assert found.instruction == (
        "Write a JavaScript function. meanOf([1], true) returns 1, and null if numberList is empty."
    )
    assert found.documented.startswith("/**\n * Write a JavaScript function.")


def test_keys_that_are_numbers_stay_numbers() -> None:
    code = "def names(ids):\n    ...\n"
    found = task("java", code, "assert names({1: 'a'}) == {}", "So: names({2: 'b'}) == {}")
    assert "Map<Integer, String> ids" in found.declaration
    assert found.cases[0].arguments == [{1: "a"}]
    assert found.instruction == 'So: names(Map.of(2, "b")) == Map.of()'


@pytest.mark.parametrize(
    ("language", "tests", "reason"),
    [
        ("rust", "assert f(None) == 1", "None as the only value of a parameter"),
        ("rust", "assert f(1) is None", "None as the only value of the result"),
        ("rust", "assert f({(1, 2): 3}) == 1", "a dictionary whose keys are of the type tuple"),
        ("rust", "assert f(2**70) == 1", "an integer of more than 64 bits"),
        ("javascript", "assert f([{'a': 2**60}]) == 1", "an integer that numbers of JavaScript do not hold"),
        ("rust", "assert f(()) == 1", "an empty tuple as the only value of a parameter"),
        ("c", "assert f(1) == [[[1]]]", "types that declarations in C do not have"),
    ],
)
def test_why_values_are_not_translated(language: str, tests: str, reason: str) -> None:
    with pytest.raises(Untranslatable) as error:
        task(language, "def f(x):\n    ...\n", tests)
    assert str(error.value) == reason


@pytest.mark.parametrize("exercise", ["Complete:\n```python\nx\n```", "Mend this:\ndef f(x):\n    return x"])
def test_exercises_with_python_code_are_not_translated(exercise: str) -> None:
    with pytest.raises(Untranslatable, match="Python code in the exercise"):
        task("rust", MEAN, TESTS, exercise)


def test_python_code_is_also_run_with_integers_where_numbers_are_one_type() -> None:
    code, tests = "def text(x):\n    return str(x)\n", "assert text(2.0) == '2.0'"
    first, second = task("javascript", code, tests).python()
    assert [each.cases[0] for each in (first, second)] == [
        CallCase("text", [2.0], "2.0"),
        CallCase("text", [2], "2.0"),
    ]
    assert len(list(task("rust", code, tests).python())) == 1
