"""A plan explains why a step will run again."""

from __future__ import annotations

from pathlib import Path

from crosstune.study import changes, load_study, make_plan
from crosstune.study._explain import record, recorded

from .test_spec import GOOD


def test_changed_corpus_is_named_and_so_are_dependent_steps(tmp_path: Path) -> None:
    study = tmp_path / "study.yaml"
    study.write_text(GOOD)
    before = make_plan(load_study(study))
    record(before, tmp_path / "plan.json")
    assert not [line for step in before.steps for line in changes(step, recorded(tmp_path / "plan.json"))]

    study.write_text(GOOD.replace("size: 20", "size: 30"))
    plan = make_plan(load_study(study))
    why = {step.name: changes(step, recorded(tmp_path / "plan.json")) for step in plan.steps}
    assert why["corpus/mixed"] == ["size: 20 → 30"]
    assert why["tune/python/s0"] == ["corpus: corpus/mixed changed"]
    assert why["tune/base/s0"] == []


def test_keys_do_not_contain_names(tmp_path: Path) -> None:
    study = tmp_path / "study.yaml"
    study.write_text(GOOD)
    keys = {step.key for step in make_plan(load_study(study)).steps}
    study.write_text(GOOD.replace("mixed", "blend").replace("name: small", "name: other"))
    assert {step.key for step in make_plan(load_study(study)).steps} == keys
