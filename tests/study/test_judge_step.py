"""The judge step extracts an answer with the declaration that the model was asked with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.benchmarks.humanevalpack import BENCHMARK
from crosstune.errors import PrerequisiteError
from crosstune.execution import requirements
from crosstune.records import Completion, Problem, to_json
from crosstune.scoring import program_of
from crosstune.study._kind import StepContext
from crosstune.study._selection import ProblemSelection
from crosstune.study.steps import judge
from tests.shared import shared_data


def _problem(language: str, task: str) -> Problem:
    settings = BENCHMARK.settings(data=shared_data("humanevalpack"))  # type: ignore[call-arg]
    return BENCHMARK.problems(settings, language, task)[0]


def _candidate(problem: Problem, text: str) -> str:
    answer = Completion(problem.id, problem.benchmark, problem.language, problem.task, 0, "", text, "stop")
    program = program_of(BENCHMARK, problem, answer)
    assert program is not None
    return program.candidate.strip()


@pytest.mark.parametrize("language", BENCHMARK.languages)
def test_explain_answer_that_continues_the_second_declaration_is_complete(language: str) -> None:
    problem = _problem(language, "explain")
    assert problem.declaration == ""
    continued = _candidate(problem, problem.extra["solution"])
    same = replace(problem, declaration=problem.extra["continuation"])
    assert continued == _candidate(same, problem.extra["solution"])
    assert problem.extra["continuation"].strip().splitlines()[-1] in continued


@pytest.mark.parametrize("task", ["synthesize", "fix", "fixdocs"])
def test_other_tasks_are_extracted_with_their_own_declaration(task: str) -> None:
    problem = _problem("python", task)
    assert BENCHMARK.last_question(problem) is problem
    assert (
        _candidate(problem, problem.extra["solution"])
        == (problem.declaration + problem.extra["solution"]).strip()
    )


@pytest.mark.skipif(
    not all(each.met for each in requirements("javascript")), reason="JavaScript cannot be run here"
)
def test_tests_that_need_a_package_fail_the_step_and_name_it_once(tmp_path: Path) -> None:
    row = {
        "task_id": "JavaScript/0",
        "prompt": "",
        "declaration": "const twice = (n) => {\n",
        "canonical_solution": "  return 2 * n;\n}\n",
        "buggy_solution": "  return n;\n}\n",
        "test": "const it = require('no-such-package');\nif (twice(2) !== 4) throw new Error('wrong');\n",
        "entry_point": "twice",
        "docstring": "Twice n.",
        "instruction": "Twice n.",
    }
    (tmp_path / "javascript.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    answers = [
        Completion(
            "JavaScript/0", BENCHMARK.name, "javascript", "synthesize", n, "", f"  return {n};\n}}\n", "stop"
        )
        for n in range(3)
    ]
    (tmp_path / "completions.jsonl").write_text("".join(f"{to_json(each)}\n" for each in answers), "utf-8")
    settings = BENCHMARK.settings(data=tmp_path)  # type: ignore[call-arg]
    selection = ProblemSelection(
        BENCHMARK.name, BENCHMARK.version, settings, ("javascript",), ("synthesize",)
    )
    context = StepContext(
        {"completions": tmp_path},
        tmp_path,
        tmp_path,
        tmp_path / "verdicts.sqlite",
        lambda _done, _total: None,
    )
    with pytest.raises(PrerequisiteError, match="3 of 3 answers could not be judged") as caught:
        judge.run(judge.JudgeAnswers(selection), context)
    assert str(caught.value).count("no-such-package, which is not installed. Get it: ") == 1
