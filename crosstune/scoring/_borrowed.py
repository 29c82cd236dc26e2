"""Solutions from elsewhere for benchmarks that have none: another set's on the same problems, or answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crosstune.benchmarks import Benchmark
from crosstune.languages import LANGUAGES
from crosstune.records import Problem
from crosstune.scoring._extracted import extracted
from crosstune.settings import Settings

Answers = Mapping[tuple[str, str], str]
"""Answers by language and problem id."""


def with_answers(benchmark: Benchmark, answers: Answers) -> Benchmark:
    """The benchmark, in which the candidate of each answer is its problem's solution."""

    def problems(settings: Settings, language: str, task: str) -> Sequence[Problem]:
        return [_solved(each) for each in benchmark.problems(settings, language, task)]

    def _solved(problem: Problem) -> Problem:
        answer = answers.get((problem.language, problem.id))
        if answer is None:
            return replace(problem, canonical="")
        return replace(problem, canonical=extracted(benchmark, problem, answer).candidate)

    return replace(benchmark, problems=problems)


def borrowed(problems: Iterable[Problem], others: Iterable[Problem]) -> dict[tuple[str, str], str]:
    """The solutions of ``others`` as answers to ``problems`` of the same number, in a code block.

    The function gets the name that the problem asks for; types are left as they are. The number is the first
    in an id: that of ``mbpp_11_remove_Occ`` and ``MBJP/11`` is 11.
    """
    by_number = {_number(other): other for other in others if other.canonical}
    return {
        (problem.language, problem.id): _answer(problem, other)
        for problem in problems
        if (other := by_number.get(_number(problem)))
    }


def _number(problem: Problem) -> tuple[str, str]:
    found = re.search(r"\d+", problem.id)
    return problem.language, found[0] if found else problem.id


def _answer(problem: Problem, other: Problem) -> str:
    old, new = (each.tested or each.entry_point for each in (other, problem))
    code = re.sub(rf"\b{re.escape(old)}\b", new, other.canonical) if old and new else other.canonical
    return f"```{LANGUAGES.load(problem.language).fences[0]}\n{code}\n```\n"
