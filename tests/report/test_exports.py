"""Exports for other tools, checked with their own parsers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosstune.analysis import Findings, Run, analyse
from crosstune.report import write_exports
from tests.analysis import synthetic

hub = pytest.importorskip("huggingface_hub")

RUN = synthetic.run()


def _of(benchmark: str) -> Run:
    judged = [replace(row, benchmark=benchmark) for row in RUN.judged]
    return replace(
        RUN,
        judged=judged,
        task_keys=tuple(task_key._replace(benchmark=benchmark) for task_key in RUN.task_keys),
    )


FINDINGS: Findings = analyse(_of("humanevalpack"))


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    written = write_exports(FINDINGS, folder)
    assert len(written) == 3 * len(FINDINGS.models)
    return folder


def test_the_hubs_model_card_takes_the_model_index(exports: Path) -> None:
    head = (exports / "python" / "model-index.yaml").read_text()
    card = hub.ModelCard(f"---\nlicense: mit\n{head}---\n# A model\n")
    results = card.data.eval_results
    rates = {task_key: rate for (model, task_key), rate in FINDINGS.rates.items() if model == "python"}
    assert card.data.model_name == "python"
    assert len(results) == len(rates) == 4
    for result, rate in zip(results, rates.values(), strict=True):
        assert result.task_type == "text-generation"
        assert result.dataset_type == "bigcode/humanevalpack"
        assert result.dataset_config == f"{rate.task_key.language}_{rate.task_key.task}"
        assert result.metric_type == "pass@1"
        assert result.metric_value == pytest.approx(100 * rate.value, abs=0.005)
        assert f"{rate.problems} problems, 3 training seeds" in result.metric_name
    assert hub.ModelCard(str(card)).data.eval_results == results


def test_the_hub_reads_the_evaluation_results(exports: Path) -> None:
    path = exports / "mixed" / ".eval_results" / "humanevalpack.yaml"
    entries = hub.parse_eval_result_entries(yaml.safe_load(path.read_text()))
    assert [entry.task_id for entry in entries] == [
        f"{task_key.language}_{task_key.task}" for task_key in FINDINGS.task_keys
    ]
    for entry, task_key in zip(entries, FINDINGS.task_keys, strict=True):
        assert entry.dataset_id == "bigcode/humanevalpack"
        assert entry.value == pytest.approx(100 * FINDINGS.rates["mixed", task_key].value, abs=0.005)
    assert hub.eval_result_entries_to_yaml(entries) == yaml.safe_load(path.read_text())


def test_a_benchmark_that_is_not_on_the_hub_has_no_entries(tmp_path: Path) -> None:
    names = {path.name for path in write_exports(analyse(RUN), tmp_path)}
    assert names == {"lm-eval.json", "model-index.yaml"}


def test_results_have_the_format_of_lm_eval(exports: Path) -> None:
    exported: dict[str, Any] = json.loads((exports / "python" / "lm-eval.json").read_text())
    tasks = [f"humanevalpack_{task_key.language}_{task_key.task}" for task_key in FINDINGS.task_keys]
    for part in (
        "results",
        "configs",
        "versions",
        "n-shot",
        "higher_is_better",
        "n-samples",
        "group_subtasks",
    ):
        assert list(exported[part]) == tasks
    for task, task_key in zip(tasks, FINDINGS.task_keys, strict=True):
        rate = FINDINGS.rates["python", task_key]
        assert exported["results"][task]["pass@1,none"] == rate.value
        error = exported["results"][task]["pass@1_stderr,none"]
        assert 2 * 1.96 * error == pytest.approx(rate.high - rate.low, rel=1e-3)
        assert exported["n-samples"][task] == {"original": 60, "effective": 60}
        assert exported["configs"][task]["metadata"]["seeds"] == [0, 1, 2]


def test_pass_at_k_is_exported_with_several_samples(tmp_path: Path) -> None:
    rows = [row for row in RUN.judged if row.model in ("base", "python") and row.seed == 0]
    samples = [replace(row, sample=number) for row in rows for number in range(5)]
    write_exports(analyse(replace(RUN, judged=samples, control="")), tmp_path, ["lm-eval"])
    exported = json.loads((tmp_path / "python" / "lm-eval.json").read_text())
    assert {"pass@1,none", "pass@2,none", "pass@5,none"} <= exported["results"]["exercises_python_fix"].keys()
    assert exported["configs"]["exercises_python_fix"]["repeats"] == 5


def test_equal_findings_give_equal_bytes(exports: Path, tmp_path: Path) -> None:
    again = write_exports(analyse(_of("humanevalpack")), tmp_path)
    assert all(path.read_bytes() == (exports / path.relative_to(tmp_path)).read_bytes() for path in again)


def test_unusual_names_stay_inside_the_folder(tmp_path: Path) -> None:
    models = tuple(replace(model, name="../x") if model.name == "mixed" else model for model in RUN.models)
    judged = [replace(row, model="../x") if row.model == "mixed" else row for row in RUN.judged]
    written = write_exports(analyse(replace(RUN, models=models, judged=judged)), tmp_path)
    assert all(path.resolve().is_relative_to(tmp_path) for path in written)
