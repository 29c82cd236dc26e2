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


OTHERWISE = {
    "forms/sign-in": [
        # A field and a button belong to the form by their attribute; labels wrap fields that they also name.
        ('<input type="email"', '<input form=in type="email"'),
        ("</form>", "</form><button form=in>Sign in</button>"),
        ("<form ", "<form id=in "),
        ('<button type="submit">Sign in</button>', ""),
        ("Email</label>", "Email:</label>"),
        (
            'Password</label><input type="password" id="password" name="password" required>',
            "Password <input type=password id=password name=password required></label>",
        ),
    ],
    "forms/search": [
        (
            "<button>Go</button>",
            "<label><input type=checkbox name=all> All</label><input type=submit value=Go>",
        )
    ],
    "forms/radio-group": [("<input ", "<span><input "), ("checked>", "checked></span>")],
    "forms/country-select": [
        ('<label for="country">Country</label>', "<label>Country:"),
        ("</select>", "</select></label>"),
    ],
    "forms/feedback": [
        ('<button type="submit">Send</button>', ""),
        ("Clear</button>", "Clear</button><input type=submit value=Send>"),
    ],
    "forms/datalist": [
        ('<datalist id="cities">', "<datalist id=cities><select>"),
        ("</datalist>", "</select></datalist>"),
    ],
    "head/stylesheets": [('rel="stylesheet"', "rel=Stylesheet")],
    "links/linked-image": [("<img ", "<picture><img "), ("></a>", "></picture></a>")],
    "links/pager": [('"?page=', '"./?page=')],
    "lists/roman": [(' start="4"', ""), ("<li>Preface", "<li value=4>Preface")],
    "lists/menu": [('<a href="/">', "<a href=/ aria-current=false>")],
    "tables/row-headings": [('scope="row"', "scope=ROW")],
    "widgets/alert": [("<input ", "<input type=TEXT ")],
    "widgets/dialog": [
        ('<button value="cancel">Cancel</button>', ""),
        ("Delete</button>", "Delete</button><button value=cancel>Cancel</button>"),
    ],
    "widgets/progress": [
        ("Upload</label>", "Upload: "),
        ("</progress>", "</progress></label>"),
    ],
    "widgets/microdata": [('itemprop="name"', 'itemprop="givenName name"')],
}
"""Other pages that the descriptions allow: what is changed in the solution."""


def test_page_written_otherwise_passes() -> None:
    found = judged([Program(name, "html", otherwise(name), named(name).tests) for name in OTHERWISE])
    assert {name for name, status in found.items() if status is not Status.PASSED} == set()


def named(name: str) -> Problem:
    return next(problem for problem in PROBLEMS if problem.id == name)


def otherwise(name: str) -> str:
    page = named(name).canonical
    for old, new in OTHERWISE[name]:
        assert old in page
        page = page.replace(old, new)
    return page


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("forms/sign-in", '<input type="email"', '<input form=other type="email"'),
        ("forms/sign-in", '<label for="email">', "<label>"),
        ("forms/sign-in", "</form>", "</form><form></form>"),
        ("forms/checkboxes", '<label for="news">', '<label for="terms">'),
        ("forms/country-select", "Country</label>", "Country code</label>"),
        ("forms/country-select", "</select>", "</select><label for=country>Country</label>"),
        ("links/mail-link", "Letter%20to%20the%20editor", "Letter+to+the+editor"),
        ("lists/roman", "<li>Contents", "<li value=7>Contents"),
        ("lists/nested-list", "Fruit", "Fruits of the season"),
        ("lists/roman", "<ol ", "<ol reversed "),
        ("widgets/progress", '<label for="upload">', "<label>"),
    ],
)
def test_page_that_differs_from_its_description_fails(name: str, old: str, new: str) -> None:
    problem = named(name)
    assert old in problem.canonical
    page = problem.canonical.replace(old, new)
    assert judged([Program("page", "html", page, problem.tests)]) == {"page": Status.WRONG_ANSWER}


def test_an_indented_line_of_a_description_is_kept() -> None:
    lines = named("text/code-sample").instruction.split("\n")
    assert lines[1] == '<a href="x">A & B</a>'
    assert len(lines) == 3
    assert [each.id for each in PROBLEMS if "\n" in each.instruction] == ["text/code-sample"]


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
