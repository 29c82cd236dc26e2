"""The papers' studies: their files parse, and their plans have every step."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from crosstune.study import StepState, Store, load_study, make_plan, survey
from tests.shared import ROOT

CODEM = {"codem-python", "codem-javascript", "codem-typescript", "codem-c", "codem-cpp", "codem-java"}
CODEM |= {"codem-go", "codem-html", "codem-mixed"}


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("CROSSTUNE_TEACHER_URL", "http://127.0.0.1:9/v1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def test_codem_has_its_models_and_languages() -> None:
    study = load_study(ROOT / "studies" / "codem.yaml")
    assert {name for name in study.recipes if name != "codem-python-15b"} == CODEM
    plan = make_plan(study)
    kinds = Counter(step.kind.name for step in plan.steps)
    assert kinds == {"corpus": 9, "mix": 1, "tune": 10, "generate": 24, "judge": 12 * 7}
    languages = {language for step in plan.making("judge") for language in step.subject.languages}
    assert languages == {"python", "javascript", "typescript", "c", "cpp", "java", "go"}


def test_octopack_has_its_models_tasks_and_languages() -> None:
    plan = make_plan(load_study(ROOT / "studies" / "octopack.yaml"))
    kinds = Counter(step.kind.name for step in plan.steps)
    assert kinds == {"corpus": 2, "tune": 2, "generate": 4, "judge": 4 * 6}


@pytest.mark.parametrize("name", ["codem", "octopack"])
def test_plan_reports_what_is_missing(name: str, tmp_path: Path) -> None:
    plan = make_plan(load_study(ROOT / "studies" / f"{name}.yaml"))
    state = survey(plan, Store(tmp_path))
    missing = {each.what for step in plan.steps for each in step.missing}
    assert any("GPU" in what for what in missing)
    assert any("the model bigcode/starcoder" in what for what in missing)
    assert not state.complete
    assert all(each.how for step in plan.steps for each in step.missing)
    assert state.count(StepState.MISSING, StepState.BLOCKED) >= len(plan.steps) - 1


def test_every_shipped_study_parses() -> None:
    files = sorted((ROOT / "studies").glob("*.yaml"))
    names = {
        *("codem", "demo", "eight-languages", "humanevalpack-small", "octopack", "octopack-tiny", "smollm2"),
        "transfer-small",
    }
    assert {file.stem for file in files} == names
    assert [load_study(file).spec.name for file in files] == [file.stem for file in files]
