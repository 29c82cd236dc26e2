"""CodeContests (arXiv 2203.07814): programs that read stdin, with the tests of several contest sites.

Rows are those of the dataset (``description``, ``public_tests``, …) or of copies of it with the columns
``content`` and ``test``. Words of the output are compared, whatever their case; where a number with a decimal
point is expected, numbers may differ by 1e-5, as in the authors' `OutputsMatch`
(execution/tester_sandboxer.cc). Unlike there, integers are compared exactly where all outputs are integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crosstune.benchmarks._benchmark import WRONG_SOLUTION
from crosstune.benchmarks._contests import decided, has_decimals, name_of
from crosstune.benchmarks._forms import BadRow, OutputSettings, packaged, packaged_form
from crosstune.benchmarks._forms._cases import cases
from crosstune.benchmarks._forms._problems import identifier, limits, reason
from crosstune.languages import LANGUAGES
from crosstune.records import Case, Comparison, ComparisonKind, Problem

_TESTS = ("public_tests", "private_tests", "generated_tests")
_LANGUAGES = {"cpp": 2, "python": 3, "java": 4}
"""The numbers of languages in the column ``solutions``."""


def _problem(language: str, task: str, row: Mapping[str, Any]) -> Problem:
    published = "description" in row
    name, text = (row.get(key) for key in (("name", "description") if published else ("id", "content")))
    if not isinstance(text, str) or not text.strip() or not isinstance(name, str | int):
        raise BadRow("expected texts in the columns name and description, or id and content")
    found = (
        tuple(_published_cases(row))
        if published
        else tuple(cases(row.get("test"), "input.stdin", "output.stdout"))
    )
    if not found:
        raise BadRow("it has no tests")
    title = LANGUAGES.load(language).title
    wrong = _reads_a_file(row)
    return Problem(
        id=identifier(str(name)),
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
        defect=reason(_FORM.defects, language, name_of(row, str(name))),
        extra={WRONG_SOLUTION: wrong} if wrong else {},
    )


def _reads_a_file(row: Mapping[str, Any]) -> str:
    """Why the row's solutions fail with stdin, from which answers are asked to read; empty: they do not."""
    names = [str(row[column]) for column in ("input_file", "output_file") if row.get(column)]
    return f"the solution reads or writes {' and '.join(names)}" if names else ""


def _published_cases(row: Mapping[str, Any]) -> Iterator[Case]:
    for column in _TESTS:
        if column not in row:
            raise BadRow(f"column {column!r}: expected tests, or null; found nothing")
        tests = row[column] or {"input": [], "output": []}
        try:
            yield from (Case(*pair) for pair in zip(tests["input"], tests["output"], strict=True))
        except (KeyError, TypeError, ValueError) as error:
            raise BadRow(f"column {column!r}: {error!r}") from None


def _comparison(found: tuple[Case, ...]) -> Comparison:
    """By words; with a tolerance only where an expected output has a number with a decimal point."""
    if has_decimals(found):
        return Comparison(ComparisonKind.FLOATS, absolute=1e-5, relative=0.0, ignore_case=True)
    return Comparison(ComparisonKind.TOKENS, ignore_case=True)


def _solution(column: Any, language: str) -> str:
    if not isinstance(column, Mapping) or language not in _LANGUAGES:
        return ""
    pairs = zip(column.get("language", ()), column.get("solution", ()), strict=False)
    return next((text for number, text in pairs if number == _LANGUAGES[language]), "")


def _problems(settings: OutputSettings, language: str, task: str) -> Sequence[Problem]:
    return decided(_PLAIN.problems(settings, language, task), settings)


_FORM = packaged_form(__name__)
_PLAIN = packaged(__name__, row_problem=_problem)
BENCHMARK = replace(_PLAIN, settings=OutputSettings, problems=_problems)
