"""A study's numbers compared with published ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosstune.analysis import (
    Model,
    PublishedComparison,
    Run,
    TaskKey,
    analyse,
    published_comparisons,
    published_tables,
)
from tests.analysis import synthetic

RUN = synthetic.run()
FINDINGS = analyse(RUN)


def test_models_are_matched_by_what_they_were_taught() -> None:
    result = published_comparisons(FINDINGS)
    pairs = {(one.model, one.published_model) for one in result}
    assert pairs == {
        ("base", "StarCoder 7B"),
        ("python", "CodeM-Python"),
        ("javascript", "CodeM-JavaScript"),
        ("mixed", "CodeM-Mixed"),
    }
    assert {one.task_key.task for one in result} == {"synthesize"}


def test_comparisons_have_both_sides() -> None:
    task_key = TaskKey("exercises", "javascript", "synthesize")
    (one,) = [
        one for one in published_comparisons(FINDINGS) if (one.model, one.task_key) == ("python", task_key)
    ]
    table, _ = published_tables("codem")
    assert one.rate == FINDINGS.rates["python", task_key]
    assert one.gain == FINDINGS.gains["python", task_key]
    assert one.published == pytest.approx(0.3476)
    assert one.published_gain == pytest.approx(10.37)
    assert table.rates["CodeM-Python"]["JavaScript"] == 34.76


def test_octopacks_models_are_matched_by_name_on_their_benchmark() -> None:
    names = {"python": "octocoder", "mixed": "starcoder"}
    models = tuple(replace(model, name=names.get(model.name, model.name)) for model in RUN.models)
    renamed = [replace(row, model=names.get(row.model, row.model)) for row in RUN.judged]

    def octopacks(benchmark: str) -> list[PublishedComparison]:
        judged = [replace(row, benchmark=benchmark) for row in renamed]
        found = analyse(replace(RUN, models=models, judged=judged, task_keys=()))
        return [one for one in published_comparisons(found) if one.paper == "octopack"]

    assert octopacks("exercises") == []
    result = octopacks("humanevalpack")
    assert {(one.model, one.published_model) for one in result} == {
        ("octocoder", "OctoCoder 16B"),
        ("starcoder", "StarCoder 16B"),
    }
    assert {one.task_key.task for one in result} == {"fix", "synthesize"}
    fix = TaskKey("humanevalpack", "python", "fix")
    (one,) = [one for one in result if (one.model, one.task_key) == ("octocoder", fix)]
    assert (one.published, one.published_gain) == pytest.approx((0.304, 21.7))


def test_models_without_a_published_role_are_not_compared() -> None:
    judged = [replace(row, task="translate") for row in RUN.judged if row.task == "fix"]
    models = tuple(Model(name=model.name, corpus=model.corpus) for model in RUN.models)
    run = Run(name="x", title="", baseline="base", models=models, judged=judged)
    assert published_comparisons(analyse(run)) == ()
