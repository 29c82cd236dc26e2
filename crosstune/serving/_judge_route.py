"""Our own route: a batch of programs with tests or cases."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from crosstune.errors import DataError
from crosstune.execution import BadLine, ProgramReader, verdict_row
from crosstune.records import Program
from crosstune.serving._json import AsciiResponse
from crosstune.serving._service import Service

_EXAMPLE: dict[str, Any] = {
    "id": "doubles",
    "language": "python",
    "candidate": "print(int(input()) * 2)\n",
    "cases": [{"stdin": "1\n", "stdout": "2\n"}],
}


class ProgramRow(BaseModel):
    """A program and what decides about it: ``tests`` or ``cases``. All fields are those of a row of
    `crosstune judge`; docs/judging.md describes them."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_EXAMPLE]})

    language: str = Field(description="A name in /languages.")
    candidate: str = Field(description="The program, or the code that the tests call.")
    id: str = Field("", description="Returned with the verdict.")
    tests: str | None = Field(None, description="Tests in the same language.")
    cases: list[dict[str, Any]] | None = Field(
        None, description="Runs ({stdin, stdout}) or calls ({call, arguments, expected}), each with a result."
    )


class JudgeRequest(BaseModel):
    """A batch of programs. They run at the same time as far as workers are free."""

    model_config = ConfigDict(extra="forbid")

    programs: list[ProgramRow] = Field(min_length=1)
    deadline_seconds: float | None = Field(
        None, gt=0, description="After this time, programs that have no verdict get harness_error."
    )


class JudgeResponse(BaseModel):
    """The verdicts, in the order of the programs. ``harness_error`` is an error of the judge: never count it
    as the program's."""

    verdicts: list[dict[str, Any]]


def router(service: Service) -> APIRouter:
    routes = APIRouter(tags=["judge"])

    @routes.post("/judge", response_model=None, responses={200: {"model": JudgeResponse}})
    async def judge(request: JudgeRequest) -> AsciiResponse:
        """Judge a batch of programs."""
        submissions = await service.in_thread(functools.partial(_programs, request.programs))
        programs = [program for program, _ in submissions]
        verdicts = await service.verdicts(programs, request.deadline_seconds)
        rows = [
            verdict_row(replace(verdict, id=program.id), extra)  # equal programs share a verdict
            for (program, extra), verdict in zip(submissions, verdicts, strict=True)
        ]
        return AsciiResponse({"verdicts": rows})

    return routes


def _programs(rows: Sequence[ProgramRow]) -> list[tuple[Program, dict[str, Any]]]:
    """
    Raises:
        DataError: a row does not hold a program.
    """
    reader, found = ProgramReader(), []
    for number, row in enumerate(rows, 1):
        try:
            submission = reader.read(row.model_dump(exclude_unset=True) | {"id": row.id})
        except BadLine as error:
            raise DataError(f"program {number} of {len(rows)}: {error}") from None
        found.append((submission.program, dict(submission.columns)))
    return found
