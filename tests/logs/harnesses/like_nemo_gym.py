"""Make ``written/nemo_gym``: ``.venv/bin/python -m tests.logs.harnesses.like_nemo_gym``.

NeMo Gym's servers need Ray and a model server, so this writes rows as ``nemo_gym/rollout_collection.py`` and
``resources_servers/code_gen/app.py`` (07d6b0d) do, with small problems of our own that read and print.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[1] / "written" / "nemo_gym"
RIGHT = "Here it is:\n\n```python\nn = int(input())\nprint({})\n```\n"
RESULTS: dict[int | None, tuple[list[Any], dict[str, Any]]] = {
    -2: ([True, -2], {"error_code": -2, "error_message": "Wrong Answer"}),
    -3: ([True, -3], {"error_code": -3, "error_message": "Time Limit Exceeded"}),
}


def row(number: int, rollout: int, text: str, code: int | None, *, failed: bool = False) -> dict[str, Any]:
    asked = {
        "input": [
            {"role": "user", "content": f"Read n and print n * {number + 2}. Use Python.", "type": "message"}
        ],
        "temperature": 0.6,
    }
    tests = {
        "inputs": ["2\n", "5\n"],
        "outputs": [f"{2 * (number + 2)}\n", f"{5 * (number + 2)}\n"],
        "fn_name": None,
    }
    common = {"responses_create_params": asked, "verifier_metadata": {"unit_tests": tests}}
    place = {
        "_ng_task_index": number,
        "_ng_rollout_index": rollout,
        "agent_ref": {"name": "code_gen_simple_agent"},
    }
    if failed:
        return {**common, "_ng_failure_class": "model_server_error", **place}
    response = {
        "id": f"resp_{number}_{rollout}",
        "model": "scripted-1",
        "object": "response",
        "incomplete_details": None if "```" in text else {"reason": "max_output_tokens"},
        "output": [
            {
                "id": f"msg_{number}_{rollout}",
                "content": [{"annotations": [], "text": text, "type": "output_text", "logprobs": None}],
                "role": "assistant",
                "status": "completed",
                "type": "message",
            }
        ],
    }
    extracted = (
        text.rsplit("```python\n", maxsplit=1)[-1].partition("```")[0].strip() if "```" in text else None
    )
    results, metadata = RESULTS.get(code, ([True, True], {}))
    judged = {
        "extracted_model_output": text,
        "extracted_model_code": extracted,
        "result": results if extracted else None,
        "metadata": metadata if extracted else None,
        "unit_tests_time_taken": 0.4,
        "reasoning_format_violation_rate": 0.0,
        "difficulty": None,
    }
    return {
        **common,
        "response": response,
        "reward": float(code is None and bool(extracted)),
        **judged,
        **place,
    }


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    for run in "ab":
        rows = [
            row(number, rollout, RIGHT.format(f"n * {number + 2}"), None)
            for number in range(4)
            for rollout in (0, 1)
        ]
        if run == "b":
            rows[2] = row(1, 0, RIGHT.format("n + 3"), -2)  # another answer
            rows[4] = row(2, 0, RIGHT.format("n * 4"), -3)  # the same answer, too slow there
            rows[6] = row(3, 0, "To multiply, we first have to read", None)  # cut
            del rows[7]
        folder = OUT / run
        folder.mkdir(parents=True)
        (folder / "rollouts.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
        if run == "b":
            failed = json.dumps(row(3, 1, "", None, failed=True)) + "\n"
            (folder / "rollouts_failures.jsonl").write_text(failed)


if __name__ == "__main__":
    main()
