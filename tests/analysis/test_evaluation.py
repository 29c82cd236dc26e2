"""An evaluation compares every two models, and claims no gains."""

from __future__ import annotations

from dataclasses import replace

from crosstune.analysis import Model, analyse, published_comparisons
from tests.analysis import synthetic

RUN = synthetic.run()
LONE = replace(
    RUN,
    models=tuple(Model(name=model.name) for model in RUN.models),
    control="",
    evaluation=True,
)


def test_every_two_models_are_compared_the_better_one_first() -> None:
    findings = analyse(LONE)
    models, cells = len(findings.models), len(findings.task_keys)
    assert len(findings.differences) == models * (models - 1) // 2 * cells
    for pair in findings.differences:
        rates = [findings.rates[name, pair.task_key].value for name in (pair.model, pair.against)]
        assert rates == sorted(rates, reverse=True)
    assert (findings.gains, findings.exchanges, findings.mixed) == ({}, (), ())
    assert not [one for one in published_comparisons(findings) if one.paper == "codem"]


def test_one_model_is_compared_with_none() -> None:
    one = replace(
        LONE, models=LONE.models[:1], judged=[row for row in RUN.judged if row.model == LONE.models[0].name]
    )
    findings = analyse(one)
    assert findings.differences == ()
    assert list(findings.rates)
