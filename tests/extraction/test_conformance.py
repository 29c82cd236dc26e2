"""Answers written from outside, extracted and judged; those that are not extracted right are listed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge
from crosstune.extraction import extract
from crosstune.languages import LANGUAGES
from tests.extraction.conformance import LANGUAGE_NAMES, results, rows
from tests.languages.skipping import skip_without_tools
from tests.shared import shared_data

KNOWN = {
    "cpp-namespace-3": "its global variable has the name of a function of std, which the declaration opens",
    "cpp-types-5": "a specialisation in namespace std comes before the type that it is for",
    "java-class_name-3": "a class that cannot be constructed is renamed to the one that is asked for",
    "javascript-tests-3": "a test block requires the function from a file, under the name that was asked for",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LANGUAGE_NAMES)
def test_answers_are_extracted(name: str) -> None:
    skip_without_tools(name)
    unexpected = {result.row.id for result in results(rows(name)) if not result.as_expected}
    assert unexpected == {each for each in KNOWN if each.startswith(f"{name}-")}


@pytest.mark.slow
@pytest.mark.parametrize("name", LANGUAGE_NAMES)
def test_answers_that_were_held_out_are_extracted(name: str) -> None:
    """Only their number counts, so that nobody mends a single one of them."""
    skip_without_tools(name)
    found = list(results(rows(name, held_out="only")))
    assert sum(result.as_expected for result in found) >= 0.85 * len(found)


@pytest.mark.slow
def test_answers_from_outside_to_humanevalpack_are_extracted() -> None:
    lines = (
        (shared_data("humanevalpack").parents[1] / "cases" / "answers.jsonl").read_text("utf-8").splitlines()
    )
    every = [json.loads(line) for line in lines]
    benchmark = BENCHMARKS.load("humanevalpack")
    settings = benchmark.settings.model_validate({"data": str(shared_data("humanevalpack"))})
    for name in {row["language"] for row in every}:
        skip_without_tools(name)
    languages = {row["language"]: LANGUAGES.load(row["language"]) for row in every}
    problems = {p.id: p for name in languages for p in benchmark.problems(settings, name, "synthesize")}
    programs = []
    for row in every:
        candidate = extract(languages[row["language"]], problems[row["problem"]], row["answer"]).candidate
        programs.append(replace(benchmark.program(problems[row["problem"]], candidate), id=row["id"]))
    with Judge(workers=2) as judge:
        passed = {verdict.id: verdict.passed for verdict in judge.run(programs)}
    decided = [row for row in every if row["expected"] != "unsure"]
    wrong = {row["id"] for row in decided if passed[row["id"]] != (row["expected"] == "passed")}
    assert wrong == set()
