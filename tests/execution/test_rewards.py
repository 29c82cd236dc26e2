"""The examples of the page on rewards run, by themselves and in TRL's trainer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crosstune.execution import requirements
from tests.shared import ROOT

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "rewards.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """The names that the page defines."""
    names: dict[str, Any] = {}
    for number, block in enumerate(BLOCKS):
        exec(compile(block, f"docs/rewards.md, example {number + 1}", "exec"), names)
    return names


def test_only_the_work_is_rewarded(page: dict[str, Any]) -> None:
    assert len(page["rewards"]) == 6
    assert {name for name, reward in page["rewards"].items() if reward} == {"the work"}


def test_the_score_of_verl(page: dict[str, Any]) -> None:
    assert page["score"] == 0.5


@pytest.mark.skipif(not all(each.met for each in requirements("go")), reason="Go cannot be run here")
def test_a_harness_error_gives_no_reward(page: dict[str, Any]) -> None:
    given = {"tests": ["package main\n"], "language": ["go"]}
    assert page["code_reward"](prompts=[""], completions=["package main\n"], **given) == [None]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::FutureWarning")  # TRL's own use of transformers
def test_trl_trains_with_it(page: dict[str, Any], tmp_path: Path) -> None:
    trl = pytest.importorskip("trl")
    from datasets import Dataset

    from tests.tuning import small

    small.train(tmp_path)
    row = {"prompt": "Write plus.", **page["columns"]}
    seen: list[list[float | None]] = []

    def reward(**given: Any) -> list[float | None]:
        seen.append(page["code_reward"](**given))
        return seen[-1]

    settings = trl.GRPOConfig(
        output_dir=str(tmp_path / "grpo"),
        max_steps=10,
        per_device_train_batch_size=2,
        num_generations=2,
        max_completion_length=16,
        report_to=[],
        use_cpu=True,
        bf16=False,
        logging_steps=1,
        seed=0,
    )
    trainer = trl.GRPOTrainer(
        model=str(tmp_path / "out" / "model"),
        reward_funcs=reward,
        args=settings,
        train_dataset=Dataset.from_list([row] * 20),
    )
    trainer.train()
    assert [len(rewards) for rewards in seen] == [2] * 10
    assert {reward for rewards in seen for reward in rewards} == {0.0}  # such a model writes no programs
    logged = [line for line in trainer.state.log_history if "rewards/reward/mean" in line]
    assert json.dumps([line["rewards/reward/mean"] for line in logged]) == json.dumps([0.0] * 10)
