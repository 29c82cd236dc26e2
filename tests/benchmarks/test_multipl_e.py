"""MultiPL-E: real chat answers get the verdict of prompt, answer and tests as one program."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge, requirements
from crosstune.languages import LANGUAGES
from crosstune.prompts import PROMPTS, asking_text
from crosstune.records import Status
from tests.benchmarks.rows import problems_of, statuses, write_rows
from tests.shared import shared_data

HUMANEVAL, MBPP = (BENCHMARKS.load(f"multipl-e-{name}") for name in ("humaneval", "mbpp"))
# Problems whose chat answer passes by hand, but for these: no import of `array` in D, `numeric(0)` where R's
# tests want NULL, lists that C#'s `Equals` compares as references, `.5` and `["4"]` where Bash's want others.
RIGHT = (0, 2, 30)
WRONG_BY_HAND = {"csharp": {30}, "d": {30}, "r": {30}, "shell": {2, 30}}


@pytest.mark.parametrize("language", HUMANEVAL.languages)
def test_chat_answers_are_judged_as_by_the_plain_compiler(language: str) -> None:
    if not all(each.met for each in requirements(language)):
        pytest.skip(f"{language} cannot be run here")
    data = shared_data("multipl-e")
    extension = LANGUAGES.load(language).extensions[0]
    with gzip.open(data / f"humaneval-{extension[1:]}.jsonl.gz", "rt", encoding="utf-8") as lines:
        answers = {row["name"]: row["gpt_solution"] for row in map(json.loads, lines)}
    problems = problems_of(HUMANEVAL, data, language)
    numbers = [number for number in RIGHT if number not in WRONG_BY_HAND.get(language, ())]
    chosen = [name for number in numbers for name in problems if name.startswith(f"HumanEval_{number}_")]
    given = [problems[name] for name in chosen]
    assert statuses(HUMANEVAL, given, [answers[name] for name in chosen]) == [Status.PASSED] * len(numbers)
    stubs = [f"```\n{problem.declaration}\n```" for problem in given]
    assert Status.PASSED not in statuses(HUMANEVAL, given, stubs)


@pytest.mark.parametrize(
    ("language", "count", "mbpp"),
    [
        *(("cpp", 161, 397), ("go", 154, 374), ("java", 158, 386), ("javascript", 161, 397)),
        *(("rust", 156, 354), ("typescript", 159, 390)),
    ],
)
def test_every_row_makes_a_problem(language: str, count: int, mbpp: int) -> None:
    data = shared_data("multipl-e")
    for benchmark, expected in ((HUMANEVAL, count), (MBPP, mbpp)):
        problems = problems_of(benchmark, data, language)
        assert len(problems) == expected
        assert all(each.entry_point and not each.tests.lstrip().startswith("}") for each in problems.values())


BODIES = {
    "rust": """
    numbers.iter().enumerate().any(|(i, a)| {
        numbers[..i].iter().any(|b| (a - b).abs() < threshold)
    })""",
    "java": """
        for (float a : numbers) {
            int near = 0;
            for (float b : numbers) {
                near += Math.abs(a - b) < threshold ? 1 : 0;
            }
            if (near > 1) {
                return true;
            }
        }
        return false;""",
    "javascript": """
  return numbers.some((a, i) => numbers.some((b, j) => i < j && Math.abs(a - b) < threshold));
}""",
}


@pytest.mark.parametrize("language", BODIES)
def test_a_base_model_continues_the_prompt_up_to_the_rows_stop(language: str) -> None:
    problem = next(iter(problems_of(HUMANEVAL, shared_data("multipl-e"), language).values()))
    asked = asking_text(PROMPTS.load("completion"), problem, LANGUAGES.load(language))
    assert asked == problem.declaration.strip()
    assert asked.endswith("{")
    body = BODIES[language]
    assert not any(stop in body for stop in problem.stops)
    never = body.replace("threshold", "-1.0")
    assert statuses(HUMANEVAL, [problem] * 2, [body, never]) == [Status.PASSED, Status.WRONG_ANSWER]


def test_a_function_of_another_type_than_the_prompt_declares_is_not_called(tmp_path: Path) -> None:
    """The row's tests compare what is printed, so in one program any type with these digits passes."""
    head = 'package f_test\n\nimport (\n    "testing"\n    "fmt"\n)\n\n'
    row = {
        "name": "HumanEval_139_f",
        "prompt": f"{head}// n\nfunc f(n int) int {{\n",
        "tests": "}\n\nfunc TestF(t *testing.T) {\n"
        '\tif fmt.Sprintf("%v", f(2)) != "2" {\n\t\tt.Errorf("not 2")\n\t}\n}\n',
        "stop_tokens": ["\n}"],
    }
    write_rows(tmp_path / "humaneval-go.jsonl", row)
    (problem,) = problems_of(HUMANEVAL, tmp_path, "go").values()
    program = HUMANEVAL.program(problem, f"{head}func f(n int) int64 {{\n\treturn int64(n)\n}}\n")
    with Judge() as judge:
        (verdict,) = judge.run([program])
    with Judge(isolation="shared") as judge:
        (together,) = judge.run([program])
    assert (verdict.status, together.status) == (Status.COMPILE_ERROR, Status.PASSED)
    assert "(value of type int64) as type int" in verdict.stdout
