"""Make ``written/inspect_ai`` (inspect_ai 0.3.285): ``python -m tests.logs.harnesses.with_inspect_ai``."""

from __future__ import annotations

import shutil
from pathlib import Path

from inspect_ai import Task
from inspect_ai import eval as evaluate
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig, ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import CORRECT, INCORRECT, Score, Scorer, Target, accuracy, scorer
from inspect_ai.solver import TaskState, generate, system_message

from tests.logs.harnesses import toys

OUT = Path(__file__).parents[1] / "written" / "inspect_ai"


@scorer(metrics=[accuracy()])
def verify(run: str) -> Scorer:
    async def score(state: TaskState, _target: Target) -> Score:
        code = toys.code(state.output.completion, run)
        ended = toys.verdict(state.metadata, code, run)
        explanation = f"The program that ran:\n\n```python\n{code}```\n\nIt {ended}."
        return Score(value=CORRECT if ended == "passed" else INCORRECT, answer=code, explanation=explanation)

    return score


def output(problem: dict[str, str], run: str) -> ModelOutput:
    text = toys.answer(problem, run)
    reason = "stop" if "```" in text else "max_tokens"
    output = ModelOutput.from_content("mockllm/model", text, stop_reason=reason)
    output.usage = ModelUsage(input_tokens=9, output_tokens=9, total_tokens=18)  # else it fetches a tokenizer
    return output


def run_of(run: str, kind: str) -> None:
    dataset = MemoryDataset(
        [Sample(input=toys.prompt(each, run), id=each["task_id"], metadata=each) for each in toys.PROBLEMS]
    )
    task = Task(
        dataset=dataset,
        solver=[system_message("You write Python."), generate()],
        scorer=verify(run),
        config=GenerateConfig(temperature=0.8 if run == "b" else 0.0, max_tokens=512),
        name="toy_code",
    )
    model = get_model("mockllm/model", custom_outputs=[output(each, run) for each in toys.PROBLEMS])
    folder = OUT / f"{run}-{kind}"
    shutil.rmtree(folder, ignore_errors=True)
    evaluate(
        task,
        model=model,
        log_dir=str(folder),
        log_format=kind,
        max_samples=1,
        max_connections=1,
        display="none",
    )


def main() -> None:
    for run, kind in (("a", "eval"), ("b", "eval"), ("b", "json")):
        run_of(run, kind)


if __name__ == "__main__":
    main()
