"""Reward functions in the forms of trainers. They share a judge, which starts with the first call."""

from __future__ import annotations

import atexit
import functools
import os
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Literal, overload

from crosstune import hardware
from crosstune.errors import DataError, Incomplete
from crosstune.execution import Judge
from crosstune.records import Isolation
from crosstune.rewards._credit import Credit
from crosstune.rewards._rewards import Rewards
from crosstune.rewards._tasks import FIELDS

_COLUMNS = (*FIELDS, "ground_truth", "label", "verification_info", "reward_model")
_lock = threading.Lock()

Reward = Callable[..., list[float | None]]
AsyncReward = Callable[..., Awaitable[list[float | None]]]


@overload
def reward_function(
    *,
    credit: Credit = ...,
    workers: int = ...,
    isolation: Isolation = ...,
    cache: Path | None = ...,
    asynchronous: Literal[False] = ...,
) -> Reward: ...


@overload
def reward_function(
    *,
    credit: Credit = ...,
    workers: int = ...,
    isolation: Isolation = ...,
    cache: Path | None = ...,
    asynchronous: Literal[True],
) -> AsyncReward: ...


def reward_function(
    *,
    credit: Credit = "all",
    workers: int = 0,
    isolation: Isolation = "auto",
    cache: Path | None = None,
    asynchronous: bool = False,
) -> Reward | AsyncReward:
    """A reward function as TRL's trainers call it: ``f(prompts, completions, **columns)`` returns a list of
    numbers from 0 to 1, or None where the judge failed.

    The columns are the fields of a `Task`, or ``ground_truth``, ``label`` or ``verification_info`` with all
    of them. ``workers`` 0 means one for each core. For ``isolation`` and ``cache`` see `Judge`.

    Raises, when it is called:
        DataError: a completion or a task is malformed.
        SandboxUnavailable: programs cannot be isolated here.
    """

    def rewards() -> Rewards:
        return Rewards(_judge(workers or hardware.cores(), isolation, cache, os.getpid()), credit)

    def code_reward(prompts: Any, completions: Sequence[Any], **columns: Any) -> list[float | None]:
        del prompts
        return rewards().scores(completions, _tasks(len(completions), columns))

    async def async_code_reward(
        prompts: Any, completions: Sequence[Any], **columns: Any
    ) -> list[float | None]:
        del prompts
        return await rewards().async_scores(completions, _tasks(len(completions), columns))

    return async_code_reward if asynchronous else code_reward


def _tasks(count: int, columns: dict[str, Any]) -> list[dict[str, Any]]:
    """The task of each completion.

    Raises:
        DataError: no column holds anything of a task.
    """
    known = {name: values for name, values in columns.items() if name in _COLUMNS}
    if not known:
        raise DataError(
            "the data set has no column with tests or cases: expected ground_truth, or some of "
            f"{', '.join(FIELDS)}; found {', '.join(sorted(columns)) or 'none'}"
        )
    return [{name: values[number] for name, values in known.items()} for number in range(count)]


def _judge(workers: int, isolation: Isolation, cache: Path | None, process: int) -> Judge:
    """The judge of this ``process``: one that was forked needs threads and sandboxes of its own."""
    with _lock:
        return _started(workers, isolation, cache, process)


@functools.cache
def _started(workers: int, isolation: Isolation, cache: Path | None, process: int) -> Judge:
    judge = Judge(workers, cache=cache, isolation=isolation).__enter__()

    def close() -> None:
        if os.getpid() == process:
            judge.__exit__(None, None, None)

    atexit.register(close)
    return judge


code_reward = reward_function()
"""All or nothing, with a worker for each core: see `reward_function`."""

async_code_reward = reward_function(asynchronous=True)
"""As `code_reward`, for trainers that await their reward functions."""


def compute_score(
    data_source: str, solution_str: str, ground_truth: Any, extra_info: Any = None, **settings: Any
) -> float:
    """The score of one solution, as verl's custom reward functions return it; ``credit="cases"`` gives
    partial credit.

    Raises:
        DataError: the ground truth is malformed.
        Incomplete: the judge failed. There is no number for that: 0 would blame the model.
    """
    del data_source, extra_info
    credit: Credit = settings.get("credit", "all")
    judge = _judge(settings.get("workers") or hardware.cores(), "auto", None, os.getpid())
    (score,) = Rewards(judge, credit).scores([solution_str], [ground_truth])
    if score is None:
        raise Incomplete("the judge failed on this solution, so it has no score; run `crosstune doctor`")
    return score
