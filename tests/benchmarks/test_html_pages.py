"""The HTML pages: solutions pass however they are written, mutants of what is described fail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.errors import DataError
from crosstune.execution import Judge
from crosstune.extraction import extract
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Program, Status

BENCHMARK = BENCHMARKS.load("html-pages")
PROBLEMS = list(BENCHMARK.problems(BENCHMARK.settings(), "html", "synthesize"))
_QUOTED = re.compile(r'"([^"\n]+)"')
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")


def judged(programs: list[Program]) -> dict[str, Status]:
    with Judge(workers=2) as judge:
        verdicts = list(judge.run(programs))
    assert {verdict.isolation for verdict in verdicts} == {"separate"}
    return {verdict.id: verdict.status for verdict in verdicts}


def programs(pages: Iterator[tuple[Problem, str, str]]) -> list[Program]:
    """Programs of (problem, what was changed, page)."""
    return [
        Program(f"{problem.id}: {change}", "html", page, problem.tests) for problem, change, page in pages
    ]


def test_at_least_sixty_problems() -> None:
    assert len(PROBLEMS) == len({problem.id for problem in PROBLEMS}) >= 60
    assert len({problem.instruction for problem in PROBLEMS}) == len(PROBLEMS)


def test_unknown_task_names_the_known_ones() -> None:
    with pytest.raises(DataError, match="its tasks: synthesize, fix"):
        BENCHMARK.problems(BENCHMARK.settings(), "html", "explain")


def test_fix_shows_the_page_with_its_bug() -> None:
    problem = BENCHMARK.problems(BENCHMARK.settings(), "html", "fix")[0]
    assert problem.buggy in problem.instruction
    assert problem.canonical != problem.buggy


def variants(problem: Problem) -> Iterator[tuple[Problem, str, str]]:
    page = problem.canonical
    yield problem, "as it is", page
    yield problem, "upper-case tags", _TAG.sub(lambda match: match[0].upper(), page)
    yield (
        problem,
        "more attributes",
        _TAG.sub(lambda match: match[0] + ("" if match[1] else " data-more='1'"), page),
    )
    yield problem, "more in the head", page.replace("</head>", '<meta name="author" content="x"></head>')
    yield problem, "other line ends", page.replace("\n", "\r\n")


def test_solution_passes_however_it_is_written() -> None:
    found = judged(programs(each for problem in PROBLEMS for each in variants(problem)))
    assert {name for name, status in found.items() if status is not Status.PASSED} == set()


def mutants(problem: Problem) -> Iterator[tuple[Problem, str, str]]:
    """The solution with one thing changed that the description names in quotation marks, and its bug."""
    yield problem, "bug", problem.buggy
    for name in sorted({name for name in _QUOTED.findall(problem.instruction) if name in problem.canonical}):
        yield problem, name, problem.canonical.replace(name, "other")


def test_mutant_of_what_is_described_fails() -> None:
    changed = programs(each for problem in PROBLEMS for each in mutants(problem))
    found = judged(changed)
    assert len(found) > 400
    assert {name for name, status in found.items() if status is not Status.WRONG_ANSWER} == set()


@pytest.mark.parametrize(
    "answer",
    [
        "Here it is:\n\n```html\n{}```\nEnjoy!",
        "{}",
        "Sure!\n```\n{}```",
        "<think>A `<html>` page, so:\n```html\n<p>draft</p>\n```</think>\n```html\n{}```",
        "Here is the page:\n\n{}\nIt has a form.",
        "First a sketch:\n```html\n<html></html>\n```\nNow the whole page:\n```HTML\n{}```",
        "```html\n{}```\nand the style sheet:\n```css\nbody {{ margin: 0 }}\n```",
        "```xml\n{}```",
        "&lt;!-- a page --&gt;\n```html\n{}",
    ],
)
def test_page_is_extracted_from_an_answer(answer: str) -> None:
    problem = PROBLEMS[0]
    language = LANGUAGES.load("html")
    page = extract(language, problem, answer.format(problem.canonical)).candidate
    verdicts = judged([Program("answer", "html", page, problem.tests)])
    assert verdicts == {"answer": Status.PASSED}, page
