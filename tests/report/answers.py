"""A hundred thousand different answers like those of models, generated from a seed.

A model's answer to a problem starts from a published solution, with a third of its lines changed (names,
constants, lines of other programs) and remarks around it; each sample changes a tenth of these lines again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from crosstune.analysis import Model, Run, TaskKey
from crosstune.benchmarks import BENCHMARKS
from crosstune.records import EvaluatedSample, Problem, Status
from tests.shared import shared_data

MODELS = ("base", "python", "javascript", "java", "go", "cpp", "rust", "mixed", "control", "ability")
LANGUAGES = ("cpp", "go", "java", "javascript", "python", "rust")
FAILURES = (Status.WRONG_ANSWER, Status.COMPILE_ERROR, Status.RUNTIME_ERROR, Status.TIMEOUT)
WEIGHTS = (0.55, 0.25, 0.16, 0.04)
SHORTEST, LONGEST = 500, 1500
"""Characters of an answer."""


def run(rows: int, *, unlike: bool = False) -> Run:
    """``rows`` judged answers; ``unlike``: of lines drawn from all programs, so that samples share little."""
    problems = _problems()
    samples = -(-rows // (len(MODELS) * len(problems)))
    judged = list(_judged(problems, samples, unlike=unlike))[:rows]
    return Run(
        name="scale",
        title=f"{rows:,} answers",
        baseline="base",
        control="control",
        task_keys=tuple(TaskKey("humanevalpack", language, "synthesize") for language in LANGUAGES),
        models=tuple(
            Model(
                name=name, base="" if name == "base" else "base", corpus=name, trained=((name, "synthesize"),)
            )
            for name in MODELS
        ),
        judged=judged,
        tests={(one.benchmark, one.language, one.task, one.id): one.tests for one in problems},
    )


def _problems() -> list[Problem]:
    benchmark = BENCHMARKS.load("humanevalpack")
    settings = benchmark.settings.model_validate({"data": str(shared_data("humanevalpack"))})
    return [problem for name in LANGUAGES for problem in benchmark.problems(settings, name, "synthesize")]


def _judged(problems: list[Problem], samples: int, *, unlike: bool) -> Iterator[EvaluatedSample]:
    rng = random.Random(7)
    lines = {name: _lines(problems, name) for name in LANGUAGES}
    words = " ".join(problem.instruction for problem in problems).split()
    for model in MODELS:
        for problem in problems:
            pool = lines[problem.language]
            usual = _answer(rng, problem.canonical.splitlines(), pool, words)
            for sample in range(samples):
                start = rng.choices(pool, k=12) if unlike else usual
                text = _answer(rng, start, pool, words, 1 / 3 if unlike else 1 / 10)
                yield _row(rng, problem, model, sample, "\n".join(text), passed=rng.random() < 0.35)


def _lines(problems: list[Problem], language: str) -> list[str]:
    programs = [problem.canonical for problem in problems if problem.language == language]
    return [line for program in programs for line in program.splitlines() if line.strip()]


def _answer(
    rng: random.Random, start: list[str], pool: list[str], words: list[str], share: float = 1 / 3
) -> list[str]:
    """``start`` with that share of its lines changed, and lines and remarks added until it is long enough."""
    names = [rng.choice(words).strip(".,'`\"()[]:") or "x" for _ in range(3)]
    made = [_changed(rng, line, pool, names) if rng.random() < share else line for line in start]
    wanted = rng.randint(SHORTEST, LONGEST)
    while (size := sum(map(len, made)) + len(made)) < (SHORTEST if share < 0.2 else wanted):
        remark = " ".join(rng.choices(words, k=rng.randint(6, 14)))
        made.insert(rng.randint(0, len(made)), remark if rng.random() < 0.4 else rng.choice(pool))
    while size > LONGEST:
        size -= len(made.pop()) + 1
    return made


def _changed(rng: random.Random, line: str, pool: list[str], names: list[str]) -> str:
    chance = rng.random()
    if chance < 0.2:
        return rng.choice(pool)
    if chance < 0.5:
        return re.sub(r"\d+", lambda _: str(rng.randint(0, 99)), line) + f"  // {rng.choice(names)}"
    return re.sub(r"\b[a-z]\w{2,}\b", lambda result: rng.choice((result[0], result[0], *names)), line)


def _row(
    rng: random.Random, problem: Problem, model: str, sample: int, text: str, *, passed: bool
) -> EvaluatedSample:
    status = Status.PASSED if passed else rng.choices(FAILURES, WEIGHTS)[0]
    at = rng.randint(3, 60)
    error = "" if passed else _error(problem, at, text.splitlines())
    return EvaluatedSample(
        model=model,
        seed=0,
        benchmark=problem.benchmark,
        language=problem.language,
        task=problem.task,
        problem=problem.id,
        sample=sample,
        prompt=f"Question: {problem.instruction}\n\nAnswer:\n{problem.declaration}",
        text=text,
        candidate=problem.declaration + text,
        status=status,
        stage="build" if status is Status.COMPILE_ERROR else "run",
        stdout="",
        stderr=error,
        cpu_seconds=rng.uniform(0.02, 2),
    )


def _error(problem: Problem, at: int, lines: list[str]) -> str:
    """Some lines that quote the program, as compilers and tracebacks do."""
    quoted = [
        f"main.{problem.language}:{at + n}:{3 * n}: {line.strip()}" for n, line in enumerate(lines[2:5])
    ]
    return "\n".join(["error: the program failed", *quoted, f"expected {at * 7}, found {at * 13}"])
