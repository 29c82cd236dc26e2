"""HumanEvalPack: HumanEval in six languages and three tasks, from OctoPack (arXiv 2308.07124).

The tasks are ``synthesize`` (write a function), ``fix`` (repair a function, given its tests), ``fixdocs``
(the same with its description instead of the tests) and ``explain`` (describe a function, then write it
again from the description alone). Wording and assembly follow the authors' harness as of 2024. Most of its
prompt templates put the instruction before the code, the plain one puts it after the code, so ``extra`` keeps
them separate. Chat models are asked as the authors ask services (``humanevalpack_openai.py``): code first,
then the request, without the beginning of the answer. ``synthesize`` alone also shows the declaration,
because the authors' message for it lacks the helpers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import pydantic

from crosstune.benchmarks import _rows
from crosstune.benchmarks._benchmark import Benchmark, with_tests
from crosstune.benchmarks._humanevalpack_defects import DEFECTS
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.records import Limits, Problem, Program, Requirement
from crosstune.settings import InputPath, Settings

_HUB = "bigcode/humanevalpack"
_FIELDS = (
    "task_id",
    "prompt",
    "declaration",
    "canonical_solution",
    "buggy_solution",
    "test",
    "entry_point",
    "docstring",
    "instruction",
)
# Lines of the solution with more characters than this are removed from a description.
_QUOTED_MOST = 20


class HumanEvalPackSettings(Settings):
    data: InputPath
    """The folder with one file of rows per language: python.jsonl.gz, js.jsonl.gz, …"""
    cpu_seconds: Annotated[float, pydantic.Field(gt=0)] | None = None
    """CPU seconds for one program; default: the language's limit, which follows the published one."""
    allow_partial: bool = False
    """Leave out rows that make no problem, instead of refusing all."""


def problems(settings: HumanEvalPackSettings, language: str, task: str) -> Sequence[Problem]:
    """The problems of one language and task.

    Raises:
        DataError: the language or the task is unknown, or the language's file is missing or invalid.
    """
    BENCHMARK.check(language, task)
    file = _rows.find(settings.data, language)
    found = _rows.usable(file, _FIELDS, allow_partial=settings.allow_partial)
    rows = [_problem(_rows.repaired(row), language, task) for row in found]
    if settings.cpu_seconds is None:
        return rows
    limit = {"cpu_seconds": str(settings.cpu_seconds)}
    return [replace(problem, extra={**problem.extra, **limit}) for problem in rows]


def _problem(row: _rows.Row, language: str, task: str) -> Problem:
    ask, context, declaration = _TASKS[task](row)
    judging = LANGUAGES.load(language).judging
    assert judging is not None
    parts = (judging.preamble, row.get("test_setup", ""), row.get("import", ""))
    return Problem(
        id=row["task_id"],
        benchmark=BENCHMARK.name,
        task=task,
        language=language,
        instruction=f"{ask}\n{context}" if context else ask,
        declaration=declaration,
        entry_point=row["entry_point"],
        tests=row["test"],
        setup="\n".join(part.strip("\n") for part in parts if part),
        canonical=row["declaration"] + row["canonical_solution"],
        buggy=row["declaration"] + row["buggy_solution"],
        defect=DEFECTS.get(row["task_id"], ""),
        given_code=row["prompt"],
        tested=_rows.entry_point(row),
        extra={
            "ask": ask,
            "context": context,
            **({"completion": _continued(ask, context, declaration)} if declaration else {}),
            **({"message": f"{context.strip()}\n{ask}"} if context and declaration else {}),
            "prompt": row["prompt"],
            "continuation": row["declaration"],
            "solution": row["canonical_solution"],
            "description_most": str(len(row["docstring"])),
            "helpers": _rows.helpers(row),
        },
    )


def _continued(ask: str, context: str, declaration: str) -> str:
    """What a base model continues: the authors' prompt ``continue`` where the declaration says what is asked
    for, and else ``instruct``, which puts the context first."""
    return f"{context}\n{ask}\n\n{declaration}".strip() if context else declaration.strip()


def _synthesize(row: _rows.Row) -> tuple[str, str, str]:
    return row["instruction"].strip(), "", row["prompt"]


def _fix(row: _rows.Row) -> tuple[str, str, str]:
    code = row["declaration"] + row["buggy_solution"]
    return f"Fix bugs in {row['entry_point']}.", f"{code}\n{row['test']}", row["declaration"]


def _fixdocs(row: _rows.Row) -> tuple[str, str, str]:
    return f"Fix bugs in {row['entry_point']}.", row["prompt"] + row["buggy_solution"], row["prompt"]


def _explain(row: _rows.Row) -> tuple[str, str, str]:
    most = len(row["docstring"])
    ask = f"Provide a concise natural language description of the code using at most {most} characters."
    return ask, row["declaration"] + row["canonical_solution"], ""


_TASKS = {"synthesize": _synthesize, "fix": _fix, "fixdocs": _fixdocs, "explain": _explain}


def follow_up(problem: Problem, answer: str) -> Problem | None:
    """The second question of ``explain``: write the function from the description ``answer`` alone."""
    if problem.task != "explain" or problem.declaration:
        return None
    description = answer.strip()[: int(problem.extra["description_most"])].rstrip()
    for line in map(str.strip, problem.extra["solution"].split("\n")):
        if len(line) > _QUOTED_MOST:
            description = description.replace(line, "")
    title = LANGUAGES.load(problem.language).title
    ask = f"Write functional code in {title} according to the description."
    declaration = problem.extra["continuation"]
    asked = {
        "ask": ask,
        "context": description,
        "completion": _continued(ask, description, declaration),
        "message": f"{description}\n{ask}\nStart your code with:\n{declaration}",
    }
    return replace(
        problem,
        instruction=f"{ask}\n{description}",
        declaration=declaration,
        extra={**problem.extra, **asked},
    )


def program(problem: Problem, candidate: str) -> Program:
    """The candidate (declaration and body) with the row's tests and the helpers that it does not define."""
    return replace(with_tests(problem, _rows.with_helpers(problem, candidate)), limits=_limits(problem))


def _limits(problem: Problem) -> Limits | None:
    judging = LANGUAGES.load(problem.language).judging
    if judging is None or "cpu_seconds" not in problem.extra:
        return None
    return replace(judging.limits, cpu_seconds=float(problem.extra["cpu_seconds"]))


def left_out(settings: HumanEvalPackSettings, language: str) -> Sequence[str]:
    """Each row that makes no problem: file, line and reason."""
    return _rows.unusable(_rows.find(settings.data, language), _FIELDS)


def requirements(settings: HumanEvalPackSettings, language: str) -> Sequence[Requirement]:
    """The language's file of rows."""
    try:
        data = Requirement(f"HumanEvalPack's rows: {_rows.find(settings.data, language)}", True)
    except DataError as error:
        data = Requirement("HumanEvalPack's rows", False, f"{error}. Get them: the dataset {_HUB}")
    return [data]


BENCHMARK = Benchmark(
    name="humanevalpack",
    title="HumanEvalPack",
    version=4,
    languages=("python", "javascript", "java", "go", "cpp", "rust"),
    tasks=tuple(_TASKS),
    settings=HumanEvalPackSettings,
    problems=problems,
    program=program,
    requirements=requirements,
    libraries=_rows.libraries,
    follow_up=follow_up,
    left_out=left_out,
    hub=_HUB,
    defaults=_rows.downloaded(_HUB),
)
