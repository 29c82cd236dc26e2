"""HumanEval-X (arXiv 2303.17568): HumanEval in six languages, extended by C and TypeScript.

The rows are read from a local folder. HumanEval-C and HumanEval-TypeScript, which were made in the same way
for CodeM, have the same fields.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosstune.benchmarks import _rows
from crosstune.benchmarks._benchmark import Benchmark, with_tests
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Program, Requirement
from crosstune.settings import InputPath, Settings

_FIELDS = ("task_id", "prompt", "declaration", "canonical_solution", "test")
_DEFECTS = {
    "JavaScript/112": "the canonical solution returns a pair as (a, b), which is the comma operator",
    "JavaScript/155": "the canonical solution counts no digit of 0, where the test expects one",
    "Python/142": "the declaration ends with a quotation mark, which makes what follows it a syntax error",
    "Rust/32": "the test is commented out, so that no answer can be judged",
}
"""Errors in its data, by row: see `_humanevalpack_defects`."""
_HUB = "zai-org/humaneval-x"
_PREFIXES = ("", "humaneval_", "humaneval-")


class HumanEvalXSettings(Settings):
    data: InputPath
    """The folder with one file of rows per language: humaneval_python.jsonl.gz, cpp.jsonl, …"""
    allow_partial: bool = False
    """Leave out rows that make no problem, instead of refusing all."""


def problems(settings: HumanEvalXSettings, language: str, task: str) -> Sequence[Problem]:
    """The problems of one language.

    Raises:
        DataError: the task is unknown, or the language's file is missing or invalid.
    """
    BENCHMARK.check(language, task)
    file = _rows.find(settings.data, language, _PREFIXES)
    found = _rows.usable(file, _FIELDS, allow_partial=settings.allow_partial)
    return [_problem(_rows.repaired(row), language) for row in found]


def _problem(row: _rows.Row, language: str) -> Problem:
    target = LANGUAGES.load(language)
    assert target.judging is not None
    helpers = _rows.helpers(row)
    parts = (target.judging.preamble, row.get("test_setup", ""), row.get("import", ""))
    return Problem(
        id=row["task_id"],
        benchmark=BENCHMARK.name,
        task="synthesize",
        language=language,
        instruction=f"Finish the {target.title} code for this problem:\n{row['prompt'].strip()}",
        declaration=row["declaration"],
        entry_point=_rows.entry_point(row),
        tests=row["test"],
        setup="\n".join(part.strip("\n") for part in parts if part),
        canonical=row["declaration"] + row["canonical_solution"],
        defect=_DEFECTS.get(row["task_id"], ""),
        given_code=f"{helpers}\n{row['declaration']}" if helpers else row["declaration"],
        extra={
            "prompt": row["prompt"],
            "completion": row["prompt"].strip(),
            "solution": row["canonical_solution"],
            "helpers": helpers,
        },
    )


def program(problem: Problem, candidate: str) -> Program:
    """The candidate with the row's tests and the helpers that it does not define."""
    return with_tests(problem, _rows.with_helpers(problem, candidate))


def left_out(settings: HumanEvalXSettings, language: str) -> Sequence[str]:
    """Each row that makes no problem: file, line and reason."""
    return _rows.unusable(_rows.find(settings.data, language, _PREFIXES), _FIELDS)


def requirements(settings: HumanEvalXSettings, language: str) -> Sequence[Requirement]:
    """The language's file of rows."""
    try:
        data = Requirement(f"HumanEval-X's rows: {_rows.find(settings.data, language, _PREFIXES)}", True)
    except DataError as error:
        data = Requirement("HumanEval-X's rows", False, f"{error}. Get them: the dataset {_HUB}")
    return [data]


BENCHMARK = Benchmark(
    name="humaneval-x",
    title="HumanEval-X",
    version=3,
    languages=("python", "javascript", "typescript", "c", "cpp", "java", "go", "rust"),
    tasks=("synthesize",),
    settings=HumanEvalXSettings,
    problems=problems,
    program=program,
    requirements=requirements,
    libraries=_rows.libraries,
    left_out=left_out,
    hub=_HUB,
    defaults=_rows.downloaded(_HUB),
)
