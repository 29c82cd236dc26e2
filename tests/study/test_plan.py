"""Step kinds plan steps; the planner resolves their inputs and carries what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import SettingsError
from crosstune.hardware import GIB
from crosstune.plugins import Registry
from crosstune.settings import Settings
from crosstune.study import STEP_KINDS, Plan, StepKind, StepSpec, Study, Subject, load_study, make_plan
from crosstune.tuning import load_recipe

from .step_kinds import Write, write
from .test_spec import GOOD


class CountOptions(Settings):
    text: str = "counted"


def count(study: Study, options: CountOptions) -> Iterable[StepSpec]:
    """A step after each generation step, as an added kind would plan it."""
    for evaluation in study.evaluations():
        yield StepSpec(
            name=f"count/{evaluation.name}",
            settings=Write(options.text, ""),
            inputs={"completions": f"generate/{evaluation.name}"},
            subject=Subject(model=evaluation.model, seed=evaluation.seed),
        )


def plan_of(folder: Path, text: str = GOOD) -> Plan:
    (folder / "study.yaml").write_text(text)
    return make_plan(load_study(folder / "study.yaml"))


@pytest.fixture
def with_kind(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Add a step kind under a name, as a file in `crosstune.study.steps` would."""

    names, load = Registry.names, Registry.load

    def add(kind: StepKind) -> None:
        def all_names(registry: Registry[Any]) -> tuple[str, ...]:
            return (*names(registry), *([kind.name] if registry is STEP_KINDS else []))

        def load_named(registry: Registry[Any], name: str) -> Any:
            return kind if registry is STEP_KINDS and name == kind.name else load(registry, name)

        monkeypatch.setattr(Registry, "names", all_names)
        monkeypatch.setattr(Registry, "load", load_named)

    return add


def test_kinds_are_found_as_plug_ins() -> None:
    assert {"corpus", "generate", "judge", "mix", "tune"} <= set(STEP_KINDS.names())


def test_steps_come_after_their_inputs_and_kind_by_kind(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    kinds = list(dict.fromkeys(step.kind.name for step in plan.steps))
    assert kinds == ["corpus", "mix", "tune", "generate", "judge"]
    position = {step.name: index for index, step in enumerate(plan.steps)}
    assert all(
        position[before.name] < position[step.name] for step in plan.steps for before in step.inputs.values()
    )
    assert len(position) == len(plan.steps)


def test_model_seed_and_tasks_are_carried(tmp_path: Path) -> None:
    steps = {step.name: step for step in plan_of(tmp_path).steps}
    assert steps["corpus/mixed"].subject == Subject(corpus="mixed")
    assert steps["tune/python/s1"].subject == Subject(corpus="mixed", model="python", seed=1)
    assert steps["judge/base/s0/exercises/javascript"].subject == Subject(
        model="base", seed=0, benchmark="exercises", languages=("javascript",), tasks=("synthesize",)
    )


def test_optional_kind_takes_part_where_the_study_asks_for_it(tmp_path: Path, with_kind: Any) -> None:
    with_kind(StepKind(name="count", version=1, options=CountOptions, plan=count, run=write))
    assert not plan_of(tmp_path).making("count")
    steps = plan_of(tmp_path, GOOD + "steps: {count: {text: again}}\n").making("count")
    assert [step.subject.model for step in steps] == ["base", "python"] * 2
    assert {step.settings.text for step in steps} == {"again"}
    assert steps[0].inputs["completions"].name == "generate/base/s0/exercises"
    with pytest.raises(SettingsError, match=r"study.yaml:20: steps.count.txt: unknown key"):
        plan_of(tmp_path, GOOD + "steps: {count: {txt: again}}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("steps: {judg: {}}\n", r"unknown step kind 'judg'; .*did you mean 'judge'"),
        ("steps: {judge: {}}\n", r"'judge' takes part in every study"),
    ],
)
def test_wrong_step_kind_is_reported(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        plan_of(tmp_path, GOOD + text)


@pytest.mark.parametrize(
    ("names", "inputs", "message"),
    [
        (("a", "a"), ("corpus/raw", "corpus/raw"), "'a' is planned twice"),
        (("a",), ("nowhere",), "'nowhere', an input of 'a', is not planned"),
        (("a", "b"), ("b", "a"), "'a', an input of 'b', needs its own result"),
    ],
)
def test_wrong_plan_of_a_kind_is_an_error(
    tmp_path: Path, with_kind: Any, names: tuple[str, ...], inputs: tuple[str, ...], message: str
) -> None:
    def plan(_study: Study, _options: None) -> Iterable[StepSpec]:
        for name, before in zip(names, inputs, strict=True):
            yield StepSpec(name=name, settings=Write(name, ""), inputs={"x": before})

    with_kind(StepKind(name="wrong", version=1, plan=plan, run=write))
    with pytest.raises(ValueError, match=message):
        plan_of(tmp_path)


def test_resources_follow_the_recipe(tmp_path: Path) -> None:
    steps = {step.name: step for step in plan_of(tmp_path).steps}
    tiny, judge = steps["tune/base/s0"].resources, steps["judge/base/s0/exercises/python"].resources
    assert (tiny.cores, tiny.scales, tiny.gpus, tiny.memory_bytes) == (1, False, 0, GIB)
    assert judge.scales
    recipe = load_recipe("codem-7b", Path())
    settings = steps["tune/base/s0"].settings
    large = STEP_KINDS.load("tune").resources(type(settings)(None, recipe, "plain", 0))
    assert (large.gpus, round(large.gpu_gib)) == (8, 16)
