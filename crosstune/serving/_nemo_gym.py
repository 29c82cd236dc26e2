"""NeMo Gym's `/verify`, as its resources server for competitive programming answers it."""

from __future__ import annotations

import base64
import binascii
import functools
import json
import time
import zlib
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from crosstune.errors import DataError
from crosstune.records import Program, Status, Verdict
from crosstune.rewards import credit_of, program_of, task_of
from crosstune.serving._json import AsciiResponse
from crosstune.serving._rewards_route import HowMuch
from crosstune.serving._service import Refused, Service

_MOST_BYTES = 256 << 20
_RESULTS: Mapping[Status | None, bool | int] = {
    Status.PASSED: True,
    Status.WRONG_ANSWER: -2,
    Status.TIMEOUT: -3,
    None: False,
}
_OTHER_RESULT = -4
"""LiveCodeBench's numbers: -2 wrong answer, -3 time limit, -4 runtime error."""


class VerifyRequest(BaseModel):
    """A response of the Responses API, and the tests: ``unit_tests`` with inputs, outputs and perhaps
    fn_name, or the fields of a task (docs/rewards.md)."""

    model_config = ConfigDict(extra="allow")

    responses_create_params: dict[str, Any]
    response: dict[str, Any]
    verifier_metadata: dict[str, Any]


class VerifyResponse(VerifyRequest):
    """The request, and what was found."""

    reward: float
    extracted_model_output: str | None = None
    extracted_model_code: str | None = None
    result: list[bool | int] | None = None
    metadata: dict[str, Any] | None = None
    unit_tests_time_taken: float | None = None
    reasoning_format_violation_rate: float = 0.0
    difficulty: str | None = None


def router(service: Service) -> APIRouter:
    routes = APIRouter(tags=["rewards"])

    @routes.post("/verify", response_model=None, responses={200: {"model": VerifyResponse}})
    async def verify(request: VerifyRequest, credit: HowMuch = "all") -> AsciiResponse:
        """Judge a model's response (NeMo Gym). An error of the judge is status 503, never reward 0."""
        given = request.model_dump()
        given["difficulty"] = request.verifier_metadata.get("difficulty")
        text = _output_text(request.response)
        if not text.strip():
            return _answer(**given, reward=0.0)
        program = await service.in_thread(functools.partial(_program, request.verifier_metadata, text))
        began = time.monotonic()
        (verdict,) = await service.verdicts([program])
        reward = credit_of(verdict, credit)
        if reward is None:
            raise Refused(f"the judge failed: {verdict.stderr[-500:]}", 1, 503)
        return _answer(
            **given,
            reward=reward,
            extracted_model_output=text,
            extracted_model_code=program.candidate,
            result=_result(verdict),
            metadata=_metadata(verdict),
            unit_tests_time_taken=time.monotonic() - began,
        )

    return routes


def _answer(**fields: Any) -> AsciiResponse:
    return AsciiResponse(VerifyResponse(**fields).model_dump())


def _output_text(response: Mapping[str, Any]) -> str:
    """The text of all messages in the output of a response.

    Raises:
        DataError: it has no output.
    """
    output = response.get("output")
    if not isinstance(output, list):
        raise DataError("response: expected output, a list of items")
    parts = [
        part.get("text")
        for item in output
        if isinstance(item, dict) and item.get("type") == "message"
        for part in item.get("content") or ()
        if isinstance(part, dict) and part.get("type") == "output_text"
    ]
    return "".join(text for text in parts if isinstance(text, str))


def _program(metadata: Mapping[str, Any], text: str) -> Program:
    tests = metadata.get("unit_tests", metadata)
    if isinstance(tests, Mapping) and "packed" in tests:
        tests = {**_unpacked(tests["packed"]), "fn_name": tests.get("fn_name")}
    if isinstance(tests, Mapping) and "language" in metadata:
        tests = {**tests, "language": metadata["language"]}
    return program_of(task_of(tests), text)


def _unpacked(packed: Any) -> dict[str, Any]:
    """Tests that are JSON, compressed with zlib, in base64.

    Raises:
        DataError: they are not.
    """
    try:
        decompressing = zlib.decompressobj()
        data = decompressing.decompress(base64.b64decode(packed), _MOST_BYTES)
        if decompressing.unconsumed_tail:
            raise DataError(f"unit_tests: packed: longer than {_MOST_BYTES >> 20} MiB")
        tests = json.loads(data)
        return {"inputs": tests["inputs"], "outputs": tests["outputs"]}
    except (binascii.Error, zlib.error, ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(
            f"unit_tests: packed: expected zlib in base64 of inputs and outputs: {error!r}"
        ) from None


def _result(verdict: Verdict) -> list[bool | int]:
    statuses = [case.status for case in verdict.cases] or [verdict.status]
    return [_RESULTS.get(status, _OTHER_RESULT) for status in statuses]


def _metadata(verdict: Verdict) -> dict[str, Any]:
    if verdict.passed:
        return {"execution time": verdict.cpu_seconds}
    code = _RESULTS.get(verdict.status, _OTHER_RESULT)
    return {"error_code": code, "error_message": str(verdict.status), "error": verdict.stderr[-500:]}
