"""Results in other formats: lm-evaluation-harness's JSON, the Hub's evaluation results and model-index.

EXPORTS/MODEL/lm-eval.json               the format of lm-evaluation-harness
EXPORTS/MODEL/model-index.yaml           for the head of a model card (README.md)
EXPORTS/MODEL/.eval_results/NAME.yaml    for the model's repository on the Hub
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crosstune.analysis import Findings, Rate, TaskKey
from crosstune.benchmarks import BENCHMARKS
from crosstune.report._words import task_title

EXPORT_FORMATS = {"lm-eval": ("lm-eval.json",), "hub": ("model-index.yaml", ".eval_results/*.yaml")}
"""Name: the files it writes for each model."""
NORMAL = 1.959963984540054
"""Half the width of a 95 % interval, in standard errors."""


def write_exports(
    findings: Findings, folder: Path, formats: Iterable[str] = tuple(EXPORT_FORMATS)
) -> list[Path]:
    """Writes the files above into ``folder``, a folder for each judged model; returns the files.

    Equal findings give equal bytes.
    """
    formats = tuple(formats)
    written = []
    for model in findings.models:
        for name, text in _files(findings, model, formats):
            path = folder / _slug(model) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            written.append(path)
    return written


def _files(findings: Findings, model: str, formats: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if "lm-eval" in formats:
        yield "lm-eval.json", json.dumps(lm_eval(findings, model), indent=2, ensure_ascii=False) + "\n"
    if "hub" in formats:
        yield "model-index.yaml", _yaml({"model-index": model_index(findings, model)})
        for benchmark, entries in eval_results(findings, model).items():
            yield f".eval_results/{benchmark}.yaml", _yaml(entries)


def lm_eval(findings: Findings, model: str) -> dict[str, Any]:
    """One model's results in the format of lm-evaluation-harness's results file.

    A task is ``BENCHMARK_LANGUAGE_TASK``; ``pass@k_stderr`` is half the 95 % interval divided by 1.96, so
    it covers problems and seeds.
    """
    task_keys = [task_key for task_key in findings.task_keys if (model, task_key) in findings.rates]
    tasks = {_task(task_key): task_key for task_key in task_keys}
    samples = {task: findings.rates[model, task_key].problems for task, task_key in tasks.items()}
    return {
        "results": {task: _metrics(findings, model, task_key, task) for task, task_key in tasks.items()},
        "group_subtasks": {task: [] for task in tasks},
        "configs": {task: _config(findings, model, task_key, task) for task, task_key in tasks.items()},
        "versions": {task: findings.run.manifest.get("crosstune", "") for task in tasks},
        "n-shot": dict.fromkeys(tasks, 0),
        "higher_is_better": {task: {"pass@1": True} for task in tasks},
        "n-samples": {task: {"original": n, "effective": n} for task, n in samples.items()},
        "config": {"model": model, "model_args": {"base": findings.model(model).base}},
        "model_name": model,
    }


def _metrics(findings: Findings, model: str, task_key: TaskKey, task: str) -> dict[str, Any]:
    rate = findings.rates[model, task_key]
    metrics: dict[str, Any] = {"alias": task}
    spans = {1: (rate.value, rate.low, rate.high)}
    spans.update({one.k: (one.value, one.low, one.high) for one in findings.at_k.get((model, task_key), ())})
    for k, (value, low, high) in sorted(spans.items()):
        metrics[f"pass@{k},none"] = value
        metrics[f"pass@{k}_stderr,none"] = (high - low) / 2 / NORMAL
    return metrics


def _config(findings: Findings, model: str, task_key: TaskKey, task: str) -> dict[str, Any]:
    scores = [s for s in findings.scores if (s.model, s.benchmark, s.language, s.task) == (model, *task_key)]
    return {
        "task": task,
        "dataset_path": _hub(task_key.benchmark) or task_key.benchmark,
        "dataset_name": task_key.language,
        "output_type": "generate_until",
        "repeats": max((score.samples for score in scores), default=1),
        "metadata": {"seeds": sorted({score.seed for score in scores}), "task": task_key.task},
    }


def model_index(findings: Findings, model: str) -> list[dict[str, Any]]:
    """The value of a model card's ``model-index``."""
    rates = [rate for (name, _), rate in findings.rates.items() if name == model]
    return [{"name": model, "results": [_indexed(findings, rate) for rate in rates]}]


def _indexed(findings: Findings, rate: Rate) -> dict[str, Any]:
    task_key = rate.task_key
    return {
        "task": {"type": "text-generation", "name": f"{task_key.task} code"},
        "dataset": {
            "type": _hub(task_key.benchmark) or task_key.benchmark,
            "name": f"{task_key.benchmark}: {task_title(task_key, findings)}",
            "config": f"{task_key.language}_{task_key.task}",  # the Hub merges equal ones
        },
        "metrics": [
            {
                "type": "pass@1",
                "value": round(100 * rate.value, 2),
                "name": f"pass@1, % ({_interval(rate)})",
                "verified": False,
            }
        ],
    }


def eval_results(findings: Findings, model: str) -> dict[str, list[dict[str, Any]]]:
    """The entries of the ``.eval_results`` file of each benchmark that has a data set on the Hub."""
    by_benchmark: dict[str, list[dict[str, Any]]] = {}
    for (name, task_key), rate in findings.rates.items():
        if name == model and (data_set := _hub(task_key.benchmark)):
            entry = {
                "dataset": {"id": data_set, "task_id": f"{task_key.language}_{task_key.task}"},
                "value": round(100 * rate.value, 2),
                "notes": f"pass@1 in percent, {_interval(rate)}",
            }
            by_benchmark.setdefault(task_key.benchmark, []).append(entry)
    return by_benchmark


def _hub(benchmark: str) -> str:
    """The benchmark's data set on the Hub; empty if it has none or the benchmark is unknown."""
    return BENCHMARKS.load(benchmark).hub if benchmark in BENCHMARKS.names() else ""


def _interval(rate: Rate) -> str:
    return (
        f"95 % interval {100 * rate.low:.1f} to {100 * rate.high:.1f}, {rate.problems} problems, "
        f"{rate.seeds} training seed{'s' if rate.seeds > 1 else ''}"
    )


def _task(task_key: TaskKey) -> str:
    return "_".join(task_key)


def _yaml(value: Any) -> str:
    import yaml

    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110))


def _slug(model: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", model).strip("-.") or "model"
