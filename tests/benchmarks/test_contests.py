"""LiveCodeBench and CodeContests: rows become cases, and pickles are read without unpickling."""

from __future__ import annotations

import base64
import json
import pickle
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosstune.benchmarks import BENCHMARKS, WRONG_SOLUTION
from crosstune.benchmarks._pickled_text import pickled_text
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, asking_text
from crosstune.records import CallCase, Case, Comparison, ComparisonKind, Problem, Status
from tests.benchmarks.rows import problems_of, statuses, write_rows
from tests.shared import ROOT, shared_data

LIVE, CONTESTS = BENCHMARKS.load("livecodebench"), BENCHMARKS.load("code-contests")
PYTHON = LANGUAGES.load("python")


def packed(value: object) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(value))).decode()


def live_row(**changed: Any) -> dict[str, Any]:
    private = [{"input": "3\n", "output": "6\n", "testtype": "stdin"}]
    return {
        "question_id": "a_1",
        "question_content": "Double.",
        "starter_code": "",
        "public_test_cases": json.dumps([{"input": "1\n", "output": "2\n", "testtype": "stdin"}]),
        "private_test_cases": packed(json.dumps(private)),
        "metadata": "{}",
        **changed,
    }


def functional_row() -> dict[str, Any]:
    tests = [{"input": '[1, 2]\n"x"', "output": "[[1, 2], 3]", "testtype": "functional"}]
    starter = "class Solution:\n    def pair(self, xs: List[int], s: str) -> List[int]:\n        "
    changed = {"public_test_cases": json.dumps(tests), "private_test_cases": packed("[]")}
    return live_row(**changed, metadata='{"func_name": "pair"}', starter_code=starter)


def test_programs_and_methods_are_judged(tmp_path: Path) -> None:
    write_rows(tmp_path / "livecodebench.jsonl", live_row(), {**functional_row(), "question_id": "b"})
    program, method = problems_of(LIVE, tmp_path).values()
    assert program.cases == (Case("1\n", "2\n"), Case("3\n", "6\n"))
    assert isinstance(method.cases[0], CallCase)
    assert (method.cases[0].call, method.cases[0].arguments) == ("Solution().pair", [[1, 2], "x"])
    main = "def main():\n    print({}, end='')\n\nif __name__ == '__main__':\n    main()\n"
    body = "class Solution:\n    def pair(self, xs: List[int], s: str):\n        return {}\n"
    answers = {
        main.format("2 * int(input())"): Status.PASSED,
        main.format("2.0 * int(input())"): Status.PASSED,
        main.format("'2'"): Status.WRONG_ANSWER,
        body.format("xs, accumulate(xs).__next__() + 2"): Status.PASSED,
        body.format("[xs, 4]"): Status.WRONG_ANSWER,
        "class Other: pass": Status.RUNTIME_ERROR,
    }
    found = statuses(LIVE, [*[program] * 3, *[method] * 3], [f"```python\n{code}```" for code in answers])
    assert found[:5] == list(answers.values())[:5]
    assert found[5] not in (Status.PASSED, Status.HARNESS_ERROR)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"private_test_cases": packed(json.loads)}, "expected a pickled text, found"),
        ({"private_test_cases": packed(["a"])}, "expected a pickled text, found EMPTY_LIST"),
        ({"private_test_cases": "?"}, "not compressed data in base64"),
        ({"private_test_cases": packed("[1]")}, "case 2: expected texts 'input' and 'output', found 1"),
        ({"private_test_cases": packed("{")}, "column 'private': not JSON"),
        ({"public_test_cases": "[]", "private_test_cases": "[]"}, "it has no tests"),
        (
            {"metadata": '{"func_name": "f"}', "public_test_cases": '[{"input": "x", "output": "1"}]'},
            "case 1: not",
        ),
        ({"question_content": None}, "column 'question_content': expected text"),
        ({"metadata": "1"}, "column 'metadata': expected an object, found 1"),
        (
            {"public_test_cases": '[{"input": "1", "output": "1", "testtype": "functional"}]'},
            "column 'metadata': a functional test needs its func_name",
        ),
    ],
)
def test_malformed_row_is_named(tmp_path: Path, changed: dict[str, Any], reason: str) -> None:
    file = write_rows(tmp_path / "livecodebench.jsonl", live_row(**changed))
    with pytest.raises(DataError) as error:
        problems_of(LIVE, tmp_path)
    assert f"{file}:1: " in str(error.value)
    assert reason in str(error.value)


def test_pickle_that_runs_something_is_only_read() -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return pytest.fail, ("it was run",)

    with pytest.raises(ValueError, match="REDUCE"):
        pickled_text(packed(Evil()))
    assert pickled_text(packed("[]")) == "[]"
    assert pickled_text(packed({"input_output": "{}"})) == "{}"
    cut = base64.b64encode(zlib.compress(pickle.dumps("text"))[:-4]).decode()
    with pytest.raises(ValueError, match="cut off"):
        pickled_text(cut)


def test_message_of_livecodebench_is_the_authors(tmp_path: Path) -> None:
    write_rows(tmp_path / "livecodebench.jsonl", live_row(), {**functional_row(), "question_id": "b"})
    program, method = (
        asking_text(PROMPTS.load("chat"), each, PYTHON) for each in problems_of(LIVE, tmp_path).values()
    )
    system = (
        "You are an expert Python programmer. You will be given a question (problem specification) and will "
        "generate a correct Python program that matches the specification and passes all tests.\n\n"
    )
    assert program == (
        f"{system}### Question:\nDouble.\n\n### Format: Read the inputs from stdin solve the problem and "
        "write the answer to stdout (do not directly test on the sample inputs). Enclose your code within "
        "delimiters as follows. Ensure that when the python program runs, it reads the inputs, runs the "
        "algorithm and writes output to STDOUT.\n```python\n# YOUR CODE HERE\n```\n\n"
        "### Answer: (use the provided format with backticks)"
    )
    assert (
        "### Format: You will use the following starter code to write the solution to the problem and "
        "enclose your code within delimiters.\n```python\nclass Solution:\n"
    ) in method


QUESTION = "### Question\nDouble.\n\n"
STARTER = (
    "### Starter Code\nclass Solution:\n    def pair(self, xs: List[int], s: str) -> List[int]:\n        \n\n"
)


def test_base_model_is_asked_in_the_authors_form(tmp_path: Path) -> None:
    write_rows(tmp_path / "livecodebench.jsonl", live_row(), {**functional_row(), "question_id": "b"})
    completion = PROMPTS.load("completion")
    problems = problems_of(LIVE, tmp_path).values()
    asked = [asking_text(completion, each, PYTHON) for each in problems]
    assert asked == [f"{QUESTION}### Answer", f"{QUESTION}{STARTER}### Answer"]
    assert {each.stops for each in problems} == {("###",)}
    for name, code in (("stdin", ""), ("func", "class Solution:\n")):
        example = {"question": f"By {name}.", "sample_code": code, "answer": "pass"}
        (tmp_path / f"{name}.json").write_text(json.dumps([example, {}]), "utf-8")
    problems = problems_of(LIVE, tmp_path, examples=tmp_path).values()
    after = "### Answer\n\npass\n\n"
    assert [asking_text(completion, each, PYTHON) for each in problems] == [
        f"### Question\nBy stdin.\n\n{after}{asked[0]}",
        f"### Question\nBy func.\n\n### Starter Code\nclass Solution:\n\n\n{after}{asked[1]}",
    ]


@pytest.mark.parametrize("text", [None, "{", "{}", "[]", "[1]", '[{"question": "a"}]'])
def test_examples_that_are_none_are_named(text: str | None, tmp_path: Path) -> None:
    write_rows(tmp_path / "livecodebench.jsonl", live_row())
    if text is not None:
        (tmp_path / "func.json").write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"func\.json: expected a list of examples"):
        problems_of(LIVE, tmp_path, examples=tmp_path)


def contest_row(**changed: Any) -> dict[str, Any]:
    return {
        "name": "1_A. Halves",
        "description": "Halve.",
        "public_tests": {"input": ["3\n"], "output": ["1.5\n"]},
        "private_tests": {"input": [], "output": []},
        "generated_tests": {"input": ["4\n"], "output": ["2.0\n"]},
        "solutions": {"language": [2, 3], "solution": ["int main() {}", "print(int(input()) / 2)\n"]},
        "incorrect_solutions": {"language": [3], "solution": ["print(int(input()) // 2)\n"]},
        "input_file": "",
        "output_file": "",
        **changed,
    }


def test_rows_of_code_contests(tmp_path: Path) -> None:
    write_rows(tmp_path / "code_contests.jsonl", contest_row())
    (found,) = problems_of(CONTESTS, tmp_path).values()
    assert found.comparison == Comparison(
        ComparisonKind.FLOATS, absolute=1e-5, relative=0.0, ignore_case=True
    )
    assert statuses(CONTESTS, [found] * 2, [found.canonical, found.buggy]) == [
        Status.PASSED,
        Status.WRONG_ANSWER,
    ]
    assert problems_of(CONTESTS, tmp_path, "cpp")[found.id].canonical == "int main() {}"
    assert (found.defect, found.extra) == ("", {})
    write_rows(tmp_path / "code_contests.jsonl", contest_row(input_file="in.txt"))
    (found,) = problems_of(CONTESTS, tmp_path).values()
    assert found.extra == {WRONG_SOLUTION: "the solution reads or writes in.txt"}


def decided(file: Path, text: str, outputs: list[str], **settings: Any) -> Problem:
    """The problem of CodeContests whose statement is ``text``."""
    tests = {"input": ["1"] * len(outputs), "output": outputs}
    write_rows(file, contest_row(description=text, public_tests=tests, generated_tests=None))
    (found,) = problems_of(CONTESTS, file.parent, **settings).values()
    return found


def test_statement_decides_on_request(tmp_path: Path) -> None:
    file = tmp_path / "code_contests.jsonl"
    text = "The absolute or relative error may be 10^{-4} at most."
    strict = decided(file, text, ["1000.5"])
    assert strict.defect == "the authors compare numbers more strictly than the statement"
    loose = decided(file, text, ["1000.5"], compare="statement")
    assert (loose.comparison.absolute, loose.comparison.relative, loose.defect) == (1e-4, 1e-4, "")
    assert decided(file, text.replace("4", "6"), ["1.5"]).defect == ""
    assert decided(file, text, ["1000"], compare="statement").comparison.kind is ComparisonKind.FLOATS
    assert statuses(CONTESTS, [strict, loose], ["print(1000.55)"] * 2) == [Status.WRONG_ANSWER, Status.PASSED]


def test_case_of_livecodebench_is_the_authors_or_the_statements(tmp_path: Path) -> None:
    text = "You can print each letter in any case."
    write_rows(tmp_path / "livecodebench.jsonl", live_row(question_content=text))
    (found,) = problems_of(LIVE, tmp_path).values()
    assert (found.comparison.ignore_case, "upper from lower case" in found.defect) == (False, True)
    (found,) = problems_of(LIVE, tmp_path, compare="statement").values()
    assert (found.comparison.ignore_case, found.defect) == (True, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Print any.", "several outputs are right, and there is no checker: 'Print any.'"),
        ("Do not forget to flush the output.", "the program is to talk with a judge: 'Do not forget to"),
    ],
)
@pytest.mark.parametrize("compare", ["authors", "statement"])
def test_what_rows_cannot_decide_is_marked(compare: str, text: str, reason: str, tmp_path: Path) -> None:
    found = decided(tmp_path / "code_contests.jsonl", text, ["1"], compare=compare)
    assert found.defect.startswith(reason)


def test_known_defects_are_found_by_the_published_names(tmp_path: Path) -> None:
    rows = [
        live_row(question_id="abc311_c"),
        live_row(question_id="1", question_title="find-the-peaks"),
        live_row(question_id="2"),
    ]
    write_rows(tmp_path / "livecodebench.jsonl", *rows)
    assert [bool(each.defect) for each in problems_of(LIVE, tmp_path).values()] == [True, True, False]
    copy = {"id": 1, "content": "Colour.", "labels": json.dumps({"name": "1214_H. Tiles Placement"})}
    copy["test"] = [{"input": {"stdin": "1"}, "output": {"stdout": "1"}}]
    write_rows(tmp_path / "code_contests.jsonl", copy)
    assert problems_of(CONTESTS, tmp_path)["1"].defect.startswith("several outputs are right")


def test_missing_tests_are_named(tmp_path: Path) -> None:
    row = contest_row()
    del row["private_tests"]
    file = write_rows(tmp_path / "code_contests.jsonl", contest_row(name="1_B", generated_tests=None), row)
    with pytest.raises(DataError, match=f"{file}:2: column 'private_tests': expected tests, or null"):
        problems_of(CONTESTS, tmp_path)


SUM = """\
import sys

given, printed = (open(name).read().split() for name in sys.argv[1:3])
try:
    sys.exit(sum(map(int, printed)) != int(given[0]))
except ValueError:
    sys.exit(1)
"""


def test_checkers_decide_where_there_are_some(tmp_path: Path) -> None:
    write_rows(
        tmp_path / "code_contests.jsonl",
        contest_row(description="Print any two numbers with this sum.", public_tests=None),
        contest_row(name="1_B. Other", description="Print any."),
    )
    checkers = tmp_path / "checkers"
    checkers.mkdir()
    (checkers / "1_A.py").write_text(SUM)
    checked, other = problems_of(CONTESTS, tmp_path, checkers=str(checkers)).values()
    assert (checked.comparison.language, checked.defect) == ("python", "")
    assert other.defect.startswith("several outputs are right")
    answers = ["print(int(input()) - 1, 1)", "print(1, 1)", "print('x')"]
    assert statuses(CONTESTS, [checked] * 3, answers) == [
        Status.PASSED,
        Status.WRONG_ANSWER,
        Status.WRONG_ANSWER,
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("9_Z.py", b"", "no problem has the id '9_Z'"),
        ("1_A.txt", b"", "no language whose programs can be checkers has the extension '.txt'"),
        ("1_A.py", b"\xff", "cannot be read"),
    ],
)
def test_checker_of_no_use_is_named(name: str, content: bytes, reason: str, tmp_path: Path) -> None:
    write_rows(tmp_path / "code_contests.jsonl", contest_row())
    checkers = tmp_path / "checkers"
    checkers.mkdir()
    (checkers / name).write_bytes(content)
    with pytest.raises(DataError) as error:
        problems_of(CONTESTS, tmp_path, checkers=str(checkers))
    assert f"{checkers / name}: {reason}" in str(error.value)


def test_settings_in_the_documentation_are_valid(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(benchmarks:.*?)```", text, re.DOTALL)
    for name, settings in yaml.safe_load(block)["benchmarks"].items():
        BENCHMARKS.load(name).settings.model_validate(settings, context={"base": tmp_path})


def test_function_has_no_checker(tmp_path: Path) -> None:
    write_rows(tmp_path / "livecodebench.jsonl", functional_row())
    checkers = tmp_path / "checkers"
    checkers.mkdir()
    (checkers / "a_1.py").write_text(SUM)
    with pytest.raises(DataError, match="a_1 is a function"):
        problems_of(LIVE, tmp_path, checkers=str(checkers))
    with pytest.raises(DataError, match="no such folder of checkers"):
        problems_of(LIVE, tmp_path, checkers=str(tmp_path / "none"))


def test_problems_of_a_time(tmp_path: Path) -> None:
    days = ("2023-05-07T00:00:00", "2024-09-01", "2025-01-31T08:00:00")
    write_rows(
        tmp_path / "livecodebench.jsonl",
        *(live_row(question_id=day[:4], contest_date=day) for day in days),
    )
    assert list(problems_of(LIVE, tmp_path, start_date="2024-09-01")) == ["2024", "2025"]
    assert list(problems_of(LIVE, tmp_path, end_date="2024-09-01")) == ["2023", "2024"]
    with pytest.raises(DataError, match="no problem of a contest from 2026-01-01 to 9999-12-31"):
        problems_of(LIVE, tmp_path, start_date="2026-01-01")
    write_rows(tmp_path / "livecodebench.jsonl", live_row())
    with pytest.raises(DataError, match="a_1: start_date and end_date need a column contest_date"):
        problems_of(LIVE, tmp_path, start_date="2024-09-01")


def test_real_contest_rows() -> None:
    data = shared_data("stdio")
    problems = problems_of(CONTESTS, data)
    assert len(problems) == 20
    assert sum(len(each.cases) for each in problems.values()) > 2000
    undecidable = {"4", "7", "10", "11", "13", "15"}
    assert {each.id for each in problems.values() if each.defect} == {"5", *undecidable}
    stated = problems_of(CONTESTS, data, compare="statement")
    assert {each.id for each in stated.values() if each.defect} == undecidable
    game = (
        "n = int(input())\ns = input()\nt = s.count('T')\nprint('T' if 2 * t + (s[-1] == 'A') > n else 'A')\n"
    )
    seniors = (
        "class Solution:\n    def countSeniors(self, ds):\n        return sum(int(d[11:13]) > 60 for d in ds)"
    )
    live = problems_of(LIVE, data)
    found = statuses(LIVE, [live["191"], live["10"]], [f"```python\n{code}\n```" for code in (game, seniors)])
    assert found == [Status.PASSED] * 2
