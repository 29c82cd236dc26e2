"""The reward URLs of OpenRLHF and slime: completions with labels in, numbers out.

A label has the form of a task (`crosstune.rewards.task_of`), as JSON text or as an object.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from crosstune.errors import DataError
from crosstune.records import Program, Status
from crosstune.rewards import Credit, completion_text, credit_of, program_of, response_of, task_of
from crosstune.serving._service import Refused, Service

HowMuch = Annotated[Credit, Query(description="all: 1 if everything passed; cases: the share of the cases")]


class OpenRLHFRequest(BaseModel):
    """Lists of the same length. ``query`` is prompt and response as one text."""

    query: list[str]
    prompts: list[str]
    labels: list[Any]


class OpenRLHFResponse(BaseModel):
    rewards: list[float]
    scores: list[float]
    extra_logs: dict[str, list[float]]


class SlimeRequest(BaseModel):
    """One sample of slime."""

    prompt: Any
    response: str
    label: Any


def router(service: Service) -> APIRouter:
    routes = APIRouter(tags=["rewards"])

    @routes.post("/rewards/openrlhf", response_model=OpenRLHFResponse)
    async def openrlhf(request: OpenRLHFRequest, credit: HowMuch = "all") -> OpenRLHFResponse:
        """OpenRLHF's `remote_rm_url`. An error of the judge is status 503, after which OpenRLHF asks again
        and then leaves the sample without a reward."""
        if not len(request.query) == len(request.prompts) == len(request.labels):
            raise DataError("query, prompts and labels: expected lists of the same length")
        responses = [response_of(*pair) for pair in zip(request.query, request.prompts, strict=True)]
        rewards = await _rewards(service, responses, request.labels, credit)
        whole = [float(reward == 1.0) for reward in rewards]
        return OpenRLHFResponse(rewards=rewards, scores=rewards, extra_logs={"passed": whole})

    @routes.post("/rewards/slime", response_model=float)
    async def slime(request: SlimeRequest, credit: HowMuch = "all") -> float:
        """slime's `rm_url` (`--rm-type remote_rm`). An error of the judge is status 503, after which slime
        asks again."""
        (reward,) = await _rewards(service, [response_of(request.response, "")], [request.label], credit)
        return reward

    return routes


async def _rewards(
    service: Service, responses: Sequence[str], labels: Sequence[Any], credit: Credit
) -> list[float]:
    """
    Raises:
        DataError: a label is malformed.
        Refused: the judge failed on one of them.
    """
    programs = await service.in_thread(functools.partial(programs_of, responses, labels))
    verdicts = await service.verdicts(programs)
    rewards = []
    for verdict in verdicts:
        reward = credit_of(verdict, credit)
        if reward is None:
            reasons = (case.stderr for case in verdict.cases if case.status is Status.HARNESS_ERROR)
            raise Refused(f"the judge failed: {next(reasons, verdict.stderr)[-500:]}", 1, 503)
        rewards.append(reward)
    return rewards


def programs_of(completions: Sequence[Any], tasks: Sequence[Any]) -> list[Program]:
    """
    Raises:
        DataError: a completion or a task is malformed.
    """
    pairs = zip(completions, tasks, strict=True)
    return [program_of(task_of(task), completion_text(completion)) for completion, task in pairs]
