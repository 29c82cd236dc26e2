"""Make ``written/evalplus``: ``/tmp/ep/bin/python -m tests.logs.harnesses.with_evalplus`` (evalplus 0.3.1).

EvalPlus insists on HumanEval's 164 names, so small problems of our own have these: problem N adds N.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from pathlib import Path

OUT = Path(__file__).parents[1] / "written" / "evalplus"
SHOWN = "Here it is:\n\n```python\n{}```\n"


def problem(number: int) -> dict[str, object]:
    return {
        "task_id": f"HumanEval/{number}",
        "prompt": f'def add_{number}(value):\n    """Return the value plus {number}."""\n',
        "entry_point": f"add_{number}",
        "canonical_solution": f"    return value + {number}\n",
        "contract": "",
        "base_input": [[1], [0]],
        "plus_input": [[-5], [10**6]],
        "atol": 0,
    }


def answer(number: int, run: str) -> str:
    """Number 1 is wrong in run B, 2 for EvalPlus's extra tests in both, 3 sleeps, 4 is no Python where the
    sanitizer looks, in run B."""
    body = f"    return value + {number}\n"
    if number == 1 and run == "b":
        body = "    return value - 1\n"
    if number == 2:
        body = "    return value + 2 if value >= 0 else 0\n"
    if number == 3:
        body = "    import time\n    time.sleep(1.2)\n    return value + 3\n"
    return SHOWN.format(f"def add_{number}(value):\n{body}")


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "problems.jsonl")
        data.write_text("".join(json.dumps(problem(number)) + "\n" for number in range(164)))
        os.environ["HUMANEVAL_OVERRIDE_PATH"] = str(data)
        os.environ["XDG_CACHE_HOME"] = folder
        from evalplus.evaluate import evaluate
        from evalplus.sanitize import sanitize

        for run, seconds in (("a", 20.0), ("b", 0.5)):
            samples, raw = Path(folder, f"run-{run}.jsonl"), Path(folder, f"run-{run}.raw.jsonl")
            for number in range(164):
                text = answer(number, run)
                code = sanitize(text, entrypoint=f"add_{number}")
                if number == 4 and run == "b":
                    code = code.partition("\n")[0] + "\n"  # as a sanitizer that loses the body
                _append(raw, number, text)
                _append(samples, number, code)
            evaluate("humaneval", samples=str(samples), min_time_limit=seconds, parallel=2)
            OUT.mkdir(parents=True, exist_ok=True)
            shutil.copy(raw, OUT)
            results = samples.with_name(f"run-{run}_eval_results.json").read_bytes()
            (OUT / f"run-{run}_eval_results.json.gz").write_bytes(gzip.compress(results, mtime=0))


def _append(path: Path, number: int, solution: str) -> None:
    with path.open("a") as file:
        file.write(json.dumps({"task_id": f"HumanEval/{number}", "solution": solution}) + "\n")


if __name__ == "__main__":
    main()
