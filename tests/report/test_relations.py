"""What the page says of languages and tasks is what the findings say."""

from __future__ import annotations

from dataclasses import replace

from crosstune.analysis import Relation, TaskKey, analyse
from crosstune.report import render, summary
from crosstune.report._compared import flagged, mixed, published, unmeasured, unsolved
from crosstune.report._grids import RateTables, abilities, at_k, by_task, exchange, matrices
from crosstune.report._words import percent, points
from tests.analysis import synthetic

RUN = synthetic.run()
FOUND = analyse(RUN)


def mains(tables: RateTables) -> dict[str, list[str | None]]:
    return {row.name: [mark.main if mark else None for mark in row.marks] for row in tables.rows}


def test_who_gives_and_who_takes() -> None:
    giving, pairs = exchange(FOUND)
    expected = {}
    for one, name in zip(FOUND.exchanges, ("Python", "JavaScript"), strict=True):
        contrasts = (one.gives, one.takes, one.net)
        expected[name] = [each and points(each.value) + each.stars for each in contrasts]
    assert mains(giving) == expected
    assert list(mains(pairs)) == ["Python \u2192 JavaScript"]
    assert exchange(analyse(replace(RUN, judged=[row for row in RUN.judged if row.model == "base"]))) == []


def test_language_by_task_says_what_was_composed() -> None:
    grids = {tables.title: tables for tables in matrices(FOUND)}
    assert list(grids) == ["python", "javascript", "mixed", "ability"]
    ability = [[mark and mark.sub for mark in row.marks] for row in grids["ability"].rows]
    assert ability == [["trained", "trained"], ["trained", "composed"]]
    python = [[mark and mark.sub for mark in row.marks] for row in grids["python"].rows]
    assert python == [["trained", "language only"], ["task only", "neither"]]


def test_means_by_kind_of_cell() -> None:
    tables = abilities(FOUND)
    assert tables
    assert tables.columns == tuple(map(str, Relation))
    one = FOUND.abilities["ability", Relation.COMPOSED]
    assert mains(tables)["ability"][1] == points(one.value) + one.stars
    assert mains(tables)["mixed"][1] is None


def test_task_by_task_ends_with_the_mean() -> None:
    synthesize, fix = by_task(FOUND)
    assert (synthesize.title, fix.title) == ("synthesize", "fix")
    assert synthesize.columns == ("Python", "JavaScript", "mean")
    rates = [
        FOUND.rates["mixed", TaskKey("exercises", name, "fix")].value for name in ("python", "javascript")
    ]
    assert mains(fix)["mixed"] == [*map(percent, rates), percent(sum(rates) / 2)]


def test_several_samples_give_pass_at_k() -> None:
    assert at_k(FOUND) == []
    judged = [replace(row, seed=0, sample=row.seed) for row in RUN.judged]
    grids = at_k(analyse(replace(RUN, judged=judged)))
    assert len(grids) == 4
    assert grids[0].columns == ("pass@1", "pass@2")


def test_mixed_against_mono_tells_sizes() -> None:
    lines = mixed(FOUND)
    assert {(line.model, line.other) for line in lines} == {
        (model, other) for model in ("mixed", "ability") for other in ("python", "javascript")
    }
    assert {line.note for line in lines} == {"equal"}
    told = dict(summary(FOUND))
    assert f"of {len(lines)}." in told["Mixed"]
    assert "Direction" in told


def test_what_was_not_measured_is_named() -> None:
    assert flagged(FOUND) == []
    assert unmeasured(FOUND) == list(FOUND.models)
    clean = replace(RUN, corpora=tuple(replace(corpus, flagged=()) for corpus in RUN.corpora))
    known = {corpus.name for corpus in RUN.corpora}
    assert known >= {model.corpus for model in RUN.models}
    assert unmeasured(analyse(clean)) == []
    assert "No problem stood in an example of" in render(analyse(clean))


def test_flagged_problems_are_taken_off() -> None:
    met = (("exercises", "python", "scale-01"), ("exercises", "python", "scale-02"))
    corpora = tuple(replace(corpus, flagged=met if corpus.name == "python" else ()) for corpus in RUN.corpora)
    lines = flagged(analyse(replace(RUN, corpora=corpora)))
    assert {(line.model, line.flagged) for line in lines} == {("python", 2)}
    assert {line.task_key for line in lines} == {"Python synthesize", "Python fix"}


def test_published_numbers_stand_beside() -> None:
    lines = published(FOUND)
    python = next(
        line for line in lines if (line.model, line.task_key) == ("python", "JavaScript synthesize")
    )
    assert (python.paper, python.theirs) == ("CodeM", "CodeM-Python")
    # Table 1: 34.76 against the base's 24.39.
    assert [text for _, text in python.numbers][1::2] == ["34.8", "+10.4"]


def test_what_no_one_solves_is_listed() -> None:
    for line, task_key in zip(unsolved(FOUND), FOUND.task_keys, strict=True):
        table = FOUND.problems[task_key]
        assert line.problems == len(table.problems)
        assert [names for _, names in line.sides] == [table.nobody, table.everybody]
