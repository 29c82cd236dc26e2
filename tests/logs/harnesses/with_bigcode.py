"""Make ``written/bigcode`` and ``written/multipl_e`` with a checkout of bigcode-evaluation-harness (8fc5bae):

    /tmp/lm/bin/python -m tests.logs.harnesses.with_bigcode PATH_OF_THE_CHECKOUT

Neither harness is on PyPI. Its own metrics run the programs (MultiPL-E's are part of it); the files are
written as its ``evaluator.py``, ``main.py`` and ``humanevalpack.py`` do, and MultiPL-E's
``evaluation/src/main.py``.
"""

from __future__ import annotations

import gzip
import importlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.logs.harnesses import toys

WRITTEN = Path(__file__).parents[1] / "written"
PROBLEMS = [each for each in toys.PROBLEMS if each["task_id"] not in ("Toy/3", "Toy/8")]


def generation(problem: dict[str, str], run: str) -> str:
    """The whole program: prompt and completion, after the harness's cutting."""
    code = toys.code(toys.answer(problem, run), run)
    return problem["prompt"] + code.partition(":\n")[2]


def bigcode(metric: Any) -> None:
    for run in "ab":
        folder = WRITTEN / "bigcode" / run
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        generations = [[generation(each, run), generation(each, "a")] for each in PROBLEMS]
        references = [f"\n{each['test']}\ncheck({each['entry_point']})" for each in PROBLEMS]
        if run == "b":
            generations[5][0] = "import time\ntime.sleep(4)\n" + generations[5][0]
        scores, logs = metric.compute_code_eval(
            references=references, predictions=generations, k=[1], num_workers=2, timeout=3.0
        )
        with (folder / "logs.json").open("w") as file:
            json.dump(logs, file, indent=4, ensure_ascii=False)
        task = "humanevalsynthesize-python"
        for name, values in (("generations", generations), ("references", references)):
            with (folder / f"{name}_{task}.json").open("w") as file:
                json.dump(values, file)
        config = {
            "model": "scripted/model",
            "temperature": 0.2,
            "n_samples": 2,
            "tasks": task,
            "prompt": "octocoder",
        }
        results = {task: {name: float(value) for name, value in scores.items()}, "config": config}
        (folder / "evaluation_results.json").write_text(json.dumps(results, indent=2))


def multipl_e(evaluation: Any) -> None:
    for run in "ab":
        folder = WRITTEN / "multipl_e" / run
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for number, each in enumerate(PROBLEMS):
            completion = generation(each, run).removeprefix(each["prompt"])
            if run == "b" and number == 0:
                completion = "    while True:\n        value += 1\n"
            problem = {
                "name": f"HumanEval_{number}_{each['entry_point']}",
                "language": "py",
                "temperature": 0.2,
                "top_p": 0.95,
                "max_tokens": 512,
                "prompt": each["prompt"],
                "tests": f"{each['test']}\ncheck({each['entry_point']})\n",
                "completions": [completion],
                "stop_tokens": ["\ndef", "\n#"],
            }
            results = {name: value for name, value in problem.items() if name != "completions"}
            program = problem["prompt"] + completion + "\n" + problem["tests"]  # type: ignore[operator]
            judged = evaluation.eval_string_script(problem["language"], program)
            results["results"] = [{**judged, "timestamp": 1764500000}]
            text = json.dumps(results, indent=2).encode()
            (folder / f"{problem['name']}.results.json.gz").write_bytes(gzip.compress(text, mtime=0))


def main() -> None:
    os.environ["HF_ALLOW_CODE_EVAL"] = "1"
    metrics = Path(sys.argv[1]) / "bigcode_eval" / "tasks" / "custom_metrics"
    sys.path.insert(0, str(metrics.parent))
    bigcode(importlib.import_module("custom_metrics.code_eval"))
    multipl_e(importlib.import_module("custom_metrics.multiple_metrics.containerized_eval"))


if __name__ == "__main__":
    main()
