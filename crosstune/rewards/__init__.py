"""Rewards for reinforcement learning: run what a model wrote, and return what it is worth.

`code_reward` and `async_code_reward` have the form of TRL's reward functions, `compute_score` that of verl's.
`reward_function` makes others; `Rewards` needs no trainer.
"""

from crosstune.rewards._completions import completion_text, response_of
from crosstune.rewards._credit import Credit, credit_of
from crosstune.rewards._functions import async_code_reward, code_reward, compute_score, reward_function
from crosstune.rewards._rewards import Rewards
from crosstune.rewards._tasks import Task, program_of, task_of

__all__ = [
    "Credit",
    "Rewards",
    "Task",
    "async_code_reward",
    "code_reward",
    "completion_text",
    "compute_score",
    "credit_of",
    "program_of",
    "response_of",
    "reward_function",
    "task_of",
]
