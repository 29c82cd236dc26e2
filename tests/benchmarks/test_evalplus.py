"""EvalPlus' releases: inputs and a reference become tests, which compare as EvalPlus does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.benchmarks._evalplus import check
from crosstune.benchmarks._values_like import arguments_like
from crosstune.errors import DataError
from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, asking_text
from crosstune.records import Status
from tests.benchmarks.rows import problems_of, statuses, write_rows

HUMANEVAL_PLUS, MBPP_PLUS = BENCHMARKS.load("humaneval-plus"), BENCHMARKS.load("mbpp-plus")
HALF: dict[str, Any] = {
    "task_id": "HumanEval/900",
    "prompt": 'from typing import List\n\n\ndef halves(xs: List[int]):\n    """ Halve each. """\n',
    "entry_point": "halves",
    "canonical_solution": "    if not xs:\n        return []\n    return [xs[0] / 2, *halves(xs[1:])]\n",
    "test": "def check(candidate):\n    assert candidate([2]) == [1.0]\n",
    "contract": "    assert isinstance(xs, list) # $_CONTRACT_$\n",
    "base_input": [[[2]], [[]]],
    "plus_input": [[[3, 4]], [[10**20, -1]]],
    "atol": 0,
}
PAIRS: dict[str, Any] = {
    "task_id": "Mbpp/900",
    "prompt": '"""\nWrite a function to add pairs.\nassert add_pairs([(1, 2)]) == [3]\n"""\n',
    "entry_point": "add_pairs",
    "canonical_solution": "\nimport math\n\ndef add_pairs(ps):\n    return list(map(sum, ps))\n",
    "contract": "",
    "base_input": [[[[1, 2]]]],
    "plus_input": [[[]], [[[3, 4], [5, 6]]]],
    "atol": 0,
}


def body(expression: str) -> str:
    return f"def halves(xs):\n    return {expression}\n"


def test_release_of_humaneval_plus(tmp_path: Path) -> None:
    write_rows(tmp_path / "HumanEvalPlus-v0.1.10.jsonl", HALF)
    (found,) = problems_of(HUMANEVAL_PLUS, tmp_path).values()
    wanted = {
        found.canonical: Status.PASSED,
        body("[x * 0.5 + 5e-7 for x in xs]"): Status.PASSED,  # atol is at least 1e-6 for floats
        body("[x * 0.5 + 5e-6 for x in xs]"): Status.WRONG_ANSWER,
        body("[x // 2 * 1.0 for x in xs]"): Status.WRONG_ANSWER,  # passes HumanEval's own test
        body("tuple(x / 2 + 1e-9 for x in xs)"): Status.WRONG_ANSWER,
        body("[x / 2 for x in xs][:1]"): Status.WRONG_ANSWER,
        body("None"): Status.WRONG_ANSWER,
        body("['a' for x in xs]"): Status.WRONG_ANSWER,
    }
    with Judge() as judge:
        verdicts = list(judge.run([HUMANEVAL_PLUS.program(found, code) for code in wanted]))
    assert [each.status for each in verdicts] == list(wanted.values())
    assert {each.isolation for each in verdicts} == {"separate"}


def test_release_of_mbpp_plus(tmp_path: Path) -> None:
    write_rows(tmp_path / "MbppPlus-v0.2.0.jsonl", PAIRS)
    (found,) = problems_of(MBPP_PLUS, tmp_path).values()
    assert (found.id, found.entry_point) == ("Mbpp/900", "add_pairs")
    right = "def add_pairs(ps):\n    return [sum(p) for p in ps if isinstance(p, tuple)]\n"
    answers = [found.canonical, right, right.replace("if isinstance(p, tuple)", "[:1]")]
    assert statuses(MBPP_PLUS, [found] * 3, [f"```python\n{each}```" for each in answers])[:2] == [
        Status.PASSED,
        Status.PASSED,
    ]
    message = asking_text(PROMPTS.load("chat"), found, LANGUAGES.load("python"))
    assert message.endswith("in a markdown code block:\n```\n" + PAIRS["prompt"].strip() + "\n```")
    continued = asking_text(PROMPTS.load("completion"), found, LANGUAGES.load("python"))
    assert continued == PAIRS["prompt"].strip()


def accepts(row: dict[str, Any], result: str) -> bool:
    """Whether the tests of a row accept a function that returns ``result``."""
    name = row["entry_point"]
    space: dict[str, Any] = {}
    exec(f"def {name}(*given):\n    return {result}\n{check(row)}", space)
    try:
        space["check"](space[name])
    except AssertionError:
        return False
    return True


def special(name: str, solution: str, inputs: list[Any], atol: float = 0) -> dict[str, Any]:
    code = f"def {name}(*given):\n    return {solution}\n"
    prompt = '"""\nText.\n"""\n'
    return {
        "prompt": prompt,
        "entry_point": name,
        "canonical_solution": code,
        "base_input": inputs,
        "plus_input": [],
        "atol": atol,
    }


@pytest.mark.parametrize(
    ("row", "right", "wrong"),
    [
        (special("similar_elements", "[1, 2]", [[1]]), "(2, 1, 1)", "[1]"),
        (special("check_str", "object()", [[1]]), "1", "None"),
        (special("check_str", "None", [[1]]), "False", "True"),
        (special("sum_div", "7", [[1]]), "0", "8"),
        (special("surface_Area", "33", [[3, 4]]), "round(34.6)", "34"),
        (special("digit_distance_nums", "2", [[1, 20]]), "3", "4"),
        (special("find_zero", "9", [[[-6, 1]]], 1e-4), "6.00001", "6.01"),
        (special("usual", "(1.0, 2.0)", [[1]]), "(1.0, 2.0000001)", "(1.0, 2.1)"),
        (special("usual", "1", [[1]], 1e-4), "1", "1.00001"),
        (special("usual", "1.0", [[1]], 1e-4), "1.00005", "1.001"),
        (special("usual", "{1: 2.0}", [[1]]), "{1: 2.0}", "{1: 2.0000001}"),
    ],
)
def test_comparison_is_that_of_evalplus(row: dict[str, Any], right: str, wrong: str) -> None:
    assert accepts(row, right)
    assert not accepts(row, wrong)


def test_any_result_of_are_equivalent_is_right() -> None:
    assert accepts(special("are_equivalent", "True", [[1, 2]]), "None")


@pytest.mark.parametrize(
    ("example", "given", "wanted"),
    [
        ([(3, 4), [5]], [[1, 2], [3]], [(1, 2), [3]]),
        ([[(1, 2), (3, 4)]], [[[5, 6]]], [[(5, 6)]]),
        ([((1, 2), (3, 4))], [[[5, 6], [7]]], [((5, 6), (7,))]),
        ([("a", 5, [], True), 3], [["b", [1]], 4], [("b", [1]), 4]),
        ([(1, (2, (3,)), 4)], [[1, [2, [3, [4]]]]], [(1, (2, (3, (4,))))]),
        ([{"a": (1, 2)}, 3], [{"b": [3, 4]}, 5], [{"b": (3, 4)}, 5]),
        ([[{}, {}]], [[[], [1, 2]]], [[{}, {1, 2}]]),
        ([[{1, 2}]], [[[1, 2], []]], [[{1, 2}, set()]]),
        ([0, 1j], ["2.0", "3j"], [2.0, 3j]),
        ([1], ["(1+2j)"], [1 + 2j]),
        (["1"], ["2"], ["2"]),
        ([[1, (2, 3)]], [[[1], 2]], [[(1,), 2]]),
        ([], [[1]], [[1]]),
    ],
)
def test_values_have_the_types_of_the_example(example: Any, given: Any, wanted: Any) -> None:
    found = arguments_like([example], given)
    assert (found, repr(found)) == (wanted, repr(wanted))


def test_numbers_that_are_not_finite_are_inputs() -> None:
    row = special("usual", "given[0] > 1", [[float("inf")], [float("nan")]])
    assert accepts(json.loads(json.dumps(row)), "given[0] > 1")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"entry_point": ""}, "column 'entry_point': expected text, found ''"),
        ({"canonical_solution": "    return ("}, "canonical_solution: not Python"),
        ({"prompt": "# \ud800"}, "half a surrogate pair, which is no character, in a text"),
        ({"entry_point": "other"}, "canonical_solution: it does not define 'other'"),
        ({"base_input": None}, "column 'base_input': expected a list of lists of arguments, found None"),
        ({"plus_input": [[1], 2]}, "column 'plus_input': input 2: expected a list of arguments, found 2"),
        ({"base_input": [], "plus_input": []}, "it has no inputs"),
        ({"atol": "1e-6"}, "column 'atol': expected a number of at least 0, found '1e-6'"),
        ({"atol": float("nan")}, "column 'atol': expected a number of at least 0, found nan"),
    ],
)
def test_malformed_row_is_named(changed: dict[str, Any], reason: str, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "HumanEvalPlus.jsonl", {**HALF, **changed})
    with pytest.raises(DataError) as error:
        problems_of(HUMANEVAL_PLUS, tmp_path)
    assert f"{file}:1: {reason}" in str(error.value)


def test_prompt_of_mbpp_plus_without_an_example_is_named(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "MbppPlus.jsonl", {**PAIRS, "prompt": '"""Text."""'})
    with pytest.raises(DataError, match="expected a docstring whose last lines are an assertion"):
        problems_of(MBPP_PLUS, file)
