"""Make ``written/lm_eval`` (lm_eval 0.4.13): ``python -m tests.logs.harnesses.with_lm_eval``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import datasets
from lm_eval import evaluator
from lm_eval.api.model import LM
from lm_eval.api.registry import register_model
from lm_eval.loggers import EvaluationTracker

from tests.logs.harnesses import toys

OUT = Path(__file__).parents[1] / "written" / "lm_eval"


@register_model("scripted")
class Scripted(LM):  # type: ignore[misc]
    """Answers as scripted for a run."""

    def __init__(self, run: str, model: str, **_: Any) -> None:
        super().__init__()
        self.model = model
        self._answers = {toys.prompt(each, run): toys.answer(each, run) for each in toys.PROBLEMS}

    def generate_until(self, requests: list[Any], disable_tqdm: bool = False) -> list[str]:
        return [self._answers[request.args[0]] for request in requests]

    def loglikelihood(self, requests: list[Any], disable_tqdm: bool = False) -> list[Any]:
        raise NotImplementedError

    def loglikelihood_rolling(self, requests: list[Any], disable_tqdm: bool = False) -> list[Any]:
        raise NotImplementedError


def task(run: str) -> dict[str, Any]:
    def judged(doc: dict[str, str], results: list[str]) -> dict[str, float]:
        return {"pass@1": float(toys.verdict(doc, results[0], run) == "passed")}

    def extract(answers: list[list[str]], _docs: list[dict[str, str]]) -> list[list[str]]:
        return [[toys.code(each, run) for each in several] for several in answers]

    return {
        "task": "toy_code",
        "custom_dataset": lambda **_: {"test": datasets.Dataset.from_list(toys.PROBLEMS)},
        "test_split": "test",
        "output_type": "generate_until",
        "doc_to_text": lambda doc: toys.prompt(doc, run),
        "doc_to_target": "{{test}}\ncheck({{entry_point}})",
        "process_results": judged,
        "metric_list": [{"metric": "pass@1", "aggregation": "mean", "higher_is_better": True}],
        "generation_kwargs": {"until": ["\n\n\n\n"], "max_gen_toks": 512, "do_sample": run == "b"}
        | ({"temperature": 0.8} if run == "b" else {}),
        "filter_list": [
            {
                "name": "code",
                "filter": [{"function": "custom", "filter_fn": extract}, {"function": "take_first"}],
            }
        ],
    }


def main() -> None:
    evaluator.add_env_info = lambda _: None  # it takes minutes, and describes the machine
    for run in "ab":
        folder = OUT / run
        shutil.rmtree(folder, ignore_errors=True)
        tracker = EvaluationTracker(output_path=str(folder))
        results = evaluator.simple_evaluate(
            model="scripted",
            model_args={"model": "scripted-1", "run": run},
            tasks=[task(run)],
            log_samples=True,
            evaluation_tracker=tracker,
            bootstrap_iters=0,
        )
        samples = results.pop("samples")
        tracker.save_results_aggregated(results=results, samples=samples)
        for name in samples:
            tracker.save_results_samples(task_name=name, samples=samples[name])


if __name__ == "__main__":
    main()
