"""The page's tables of languages and tasks show what the findings say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crosstune.analysis import Relation, TaskKey, analyse
from crosstune.report import render, summary
from crosstune.report._tables import PANELS, TABLES
from crosstune.tables import Table, json_rows, percent, points
from tests.analysis import synthetic

RUN = synthetic.run()
FINDINGS = analyse(RUN)


def mains(table: Table[Any]) -> dict[str, list[str | None]]:
    """By the name of the row, the text of each cell."""
    names, *columns = table.shown
    rows = {}
    for row in table.rows:
        name = names.cell(row)
        assert name
        rows[name.main] = [cell.main if (cell := column.cell(row)) else None for column in columns]
    return rows


def subs(table: Table[Any]) -> list[list[str | None]]:
    return [[cell.sub for column in table.columns[1:] if (cell := column.cell(row))] for row in table.rows]


def heads(table: Table[Any]) -> list[str]:
    return [column.head for column in table.columns[1:]]


def test_languages_give_and_take() -> None:
    expected = {}
    for one, name in zip(FINDINGS.exchanges, ("Python", "JavaScript"), strict=True):
        contrasts = (one.gives, one.takes, one.net)
        expected[name] = [each and points(each.value) + each.stars for each in contrasts]
    assert mains(TABLES["exchanges"](FINDINGS)) == expected
    assert list(mains(TABLES["balances"](FINDINGS))) == ["Python to JavaScript"]
    alone = analyse(replace(RUN, judged=[row for row in RUN.judged if row.model == "base"]))
    assert not TABLES["exchanges"](alone)
    assert not TABLES["balances"](alone)


def test_language_by_task_says_what_was_composed() -> None:
    tables = {table.title: table for table in PANELS["language_by_task"](FINDINGS)}
    assert list(tables) == ["python", "javascript", "mixed", "ability"]
    assert subs(tables["ability"]) == [["trained", "trained"], ["trained", "composed"]]
    assert subs(tables["python"]) == [["trained", "language only"], ["task only", "neither"]]


def test_abilities_have_a_mean_for_each_kind_of_cell() -> None:
    table = TABLES["ability_matrix"](FINDINGS)
    assert heads(table) == list(map(str, Relation))
    one = FINDINGS.abilities["ability", Relation.COMPOSED]
    assert mains(table)["ability"][1] == points(one.value) + one.stars
    assert mains(table)["mixed"][1] is None


def test_task_by_task_ends_with_the_mean() -> None:
    synthesize, fix = PANELS["task_by_task"](FINDINGS)
    assert (synthesize.title, fix.title) == ("synthesize", "fix")
    assert heads(synthesize) == ["Python", "JavaScript", "mean"]
    rates = [
        FINDINGS.rates["mixed", TaskKey("exercises", name, "fix")].value for name in ("python", "javascript")
    ]
    assert mains(fix)["mixed"] == [*map(percent, rates), percent(sum(rates) / 2)]


def test_several_samples_give_pass_at_k() -> None:
    assert PANELS["at_k_by_task"](FINDINGS) == []
    judged = [replace(row, seed=0, sample=row.seed) for row in RUN.judged]
    tables = PANELS["at_k_by_task"](analyse(replace(RUN, judged=judged)))
    assert len(tables) == 4
    assert heads(tables[0]) == ["pass@1", "pass@2"]


def test_mixed_against_mono_has_the_sizes() -> None:
    rows = json_rows(TABLES["mixed"](FINDINGS))
    assert {(row["mixed"], row["mono"]) for row in rows} == {
        (model, other) for model in ("mixed", "ability") for other in ("python", "javascript")
    }
    assert {row["equal_size"] for row in rows} == {True}
    statements = dict(summary(FINDINGS))
    assert f"of {len(rows)}." in statements["Mixed"]
    assert "Direction" in statements


def test_models_without_a_measured_corpus_are_named() -> None:
    assert not TABLES["flagged"](FINDINGS)
    assert "Not measured: base, python" in render(FINDINGS)
    clean = replace(RUN, corpora=tuple(replace(corpus, flagged=()) for corpus in RUN.corpora))
    known = {corpus.name for corpus in RUN.corpora}
    assert known >= {model.corpus for model in RUN.models}
    page = render(analyse(clean))
    assert "Not measured" not in page
    assert "contained a problem" in page


def test_flagged_problems_are_left_out() -> None:
    flagged = (("exercises", "python", "scale-01"), ("exercises", "python", "scale-02"))
    corpora = tuple(
        replace(corpus, flagged=flagged if corpus.name == "python" else ()) for corpus in RUN.corpora
    )
    findings = analyse(replace(RUN, corpora=corpora))
    rows = json_rows(TABLES["flagged"](findings))
    assert len(rows) == len(findings.rates)
    shown = TABLES["flagged_somewhere"](findings).rows
    assert {(one.model, one.flagged) for one in shown} == {("python", 2)}
    rows = [row for row in rows if row["problems"]]
    assert {(row["model"], row["problems"]) for row in rows} == {("python", 2)}
    assert {row["language"] for row in rows} == {"python"}
    page = render(findings)
    assert "With and without flagged problems" in page


def test_published_numbers_are_those_of_table_1() -> None:
    rows = json_rows(TABLES["published"](FINDINGS))
    (row,) = [row for row in rows if (row["model"], row["language"]) == ("python", "javascript")]
    assert (row["paper"], row["published_model"]) == ("codem", "CodeM-Python")
    # Table 1: 34.76, and 24.39 for the base.
    assert round(row["published_pass_at_1"], 4) == 0.3476
    assert round(row["published_gain_points"], 2) == 10.37


def test_problems_that_no_one_or_everyone_solves_are_listed() -> None:
    table = TABLES["unsolved"](FINDINGS)
    for row, task_key in zip(table.rows, FINDINGS.task_keys, strict=True):
        problems = FINDINGS.problems[task_key]
        cells = [column.cell(row) for column in table.columns[2:]]
        assert [cell and cell.details for cell in cells] == [
            ", ".join(problems.never_passed),
            ", ".join(problems.always_passed),
        ]
