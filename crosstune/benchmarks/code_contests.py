"""CodeContests (arXiv 2203.07814): programs that read stdin, with the tests of several contest sites.

Rows are those of the dataset (``description``, ``public_tests``, …) or of copies of it with the columns
``content`` and ``test``. Words of the output are compared; numbers with a decimal point may differ by 1e-5,
as in the authors' evaluation. A problem with several right outputs is not marked in the rows: such an answer
fails, as there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crosstune.benchmarks._forms import BadRow, packaged, packaged_form
from crosstune.benchmarks._forms._problems import cases, limits
from crosstune.languages import LANGUAGES
from crosstune.records import Case, Comparison, ComparisonKind, Problem

_TESTS = ("public_tests", "private_tests", "generated_tests")
_LANGUAGES = {"cpp": 2, "python": 3, "java": 4}
"""The numbers of languages in the column ``solutions``."""


def _problem(language: str, task: str, row: Mapping[str, Any]) -> Problem:
    published = "description" in row
    name, text = (row.get(key) for key in (("name", "description") if published else ("id", "content")))
    if not isinstance(text, str) or name is None:
        raise BadRow("expected the columns name and description, or id and content")
    found = (
        tuple(_published_cases(row))
        if published
        else tuple(cases(row.get("test"), "input.stdin", "output.stdout"))
    )
    if not found:
        raise BadRow("it has no tests")
    title = LANGUAGES.load(language).title
    return Problem(
        id=str(name),
        benchmark=_FORM.name,
        task=task,
        language=language,
        instruction=f"{text.strip()}\n\nWrite a {title} program that reads stdin and prints the output.",
        declaration="",
        entry_point="",
        tests="",
        canonical=_solution(row.get("solutions"), language),
        buggy=_solution(row.get("incorrect_solutions"), language),
        cases=found,
        comparison=_comparison(found),
        limits=limits(_FORM.limits, language),
    )


def _published_cases(row: Mapping[str, Any]) -> Iterator[Case]:
    for column in _TESTS:
        tests = row.get(column) or {"input": [], "output": []}
        try:
            yield from (Case(*pair) for pair in zip(tests["input"], tests["output"], strict=True))
        except (KeyError, TypeError, ValueError) as error:
            raise BadRow(f"column {column!r}: {error!r}") from None


def _comparison(found: tuple[Case, ...]) -> Comparison:
    """By words; with a tolerance only where an expected output has a number with a decimal point."""
    if any(_is_decimal(word) for case in found for word in (case.stdout or "").split()):
        return Comparison(ComparisonKind.FLOATS, absolute=1e-5, relative=1e-5)
    return Comparison(ComparisonKind.TOKENS)


def _is_decimal(word: str) -> bool:
    return "." in word and word.lstrip("-").replace(".", "", 1).isdecimal()


def _solution(column: Any, language: str) -> str:
    if not isinstance(column, Mapping) or language not in _LANGUAGES:
        return ""
    pairs = zip(column.get("language", ()), column.get("solution", ()), strict=False)
    return next((text for number, text in pairs if number == _LANGUAGES[language]), "")


_FORM = packaged_form(__name__)
BENCHMARK = packaged(__name__, row_problem=_problem)
