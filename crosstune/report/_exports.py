"""Results in the forms of others: lm-eval's JSON, the Hub's evaluation results, its model-index.

EXPORTS/MODEL/lm-eval.json               as lm-evaluation-harness writes its results
EXPORTS/MODEL/model-index.yaml           for the head of a model card (README.md)
EXPORTS/MODEL/.eval_results/NAME.yaml    for a model's repository on the Hub
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

EXPORT_FORMS = {"lm-eval": ("lm-eval.json",), "hub": ("model-index.yaml", ".eval_results/*.yaml")}
"""Name: the files of a model that it writes."""
NORMAL = 1.959963984540054
"""Standard errors to either side that hold 95 %."""


def write_exports(findings: Findings, folder: Path, forms: Iterable[str] = tuple(EXPORT_FORMS)) -> list[Path]:
    """Writes the files above into ``folder``, one folder a judged model; returns them.

    Equal findings give equal bytes.
    """
    forms = tuple(forms)
    written = []
    for model in findings.models:
        for name, text in _files(findings, model, forms):
            path = folder / _slug(model) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            written.append(path)
    return written


def _files(findings: Findings, model: str, forms: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if "lm-eval" in forms:
        yield "lm-eval.json", json.dumps(lm_eval(findings, model), indent=2, ensure_ascii=False) + "\n"
    if "hub" in forms:
        yield "model-index.yaml", _yaml({"model-index": model_index(findings, model)})
        for benchmark, entries in eval_results(findings, model).items():
            yield f".eval_results/{benchmark}.yaml", _yaml(entries)


def lm_eval(findings: Findings, model: str) -> dict[str, Any]:
    """One model's results in the shape of lm-evaluation-harness's results file.

    A task is ``BENCHMARK_LANGUAGE_TASK``; ``pass@k_stderr`` is half the 95 % interval over 1.96, so over
    problems and seeds.
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
    found: dict[str, Any] = {"alias": task}
    spans = {1: (rate.value, rate.low, rate.high)}
    spans.update({one.k: (one.value, one.low, one.high) for one in findings.at_k.get((model, task_key), ())})
    for k, (value, low, high) in sorted(spans.items()):
        found[f"pass@{k},none"] = value
        found[f"pass@{k}_stderr,none"] = (high - low) / 2 / NORMAL
    return found


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
            "config": f"{task_key.language}_{task_key.task}",  # the Hub takes results of one config for the same
        },
        "metrics": [
            {
                "type": "pass@1",
                "value": round(100 * rate.value, 2),
                "name": f"pass@1, % ({_told(rate)})",
                "verified": False,
            }
        ],
    }


def eval_results(findings: Findings, model: str) -> dict[str, list[dict[str, Any]]]:
    """Per benchmark with a data set on the Hub: entries of the Hub's ``.eval_results`` files."""
    found: dict[str, list[dict[str, Any]]] = {}
    for (name, task_key), rate in findings.rates.items():
        if name == model and (data_set := _hub(task_key.benchmark)):
            entry = {
                "dataset": {"id": data_set, "task_id": f"{task_key.language}_{task_key.task}"},
                "value": round(100 * rate.value, 2),
                "notes": f"pass@1 in percent, {_told(rate)}",
            }
            found.setdefault(task_key.benchmark, []).append(entry)
    return found


def _hub(benchmark: str) -> str:
    """Its data set on the Hub; empty where it has none, or nobody here knows the benchmark."""
    return BENCHMARKS.load(benchmark).hub if benchmark in BENCHMARKS.names() else ""


def _told(rate: Rate) -> str:
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
