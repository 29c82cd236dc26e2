"""SandboxFusion's route `/run_code`, which verl, SkyRL, evalscope and others ask.

It runs a whole program once, and the client compares what it printed.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from crosstune.errors import DataError, PrerequisiteError, UnknownName
from crosstune.execution import Ended, Executed, Execution
from crosstune.records import Status
from crosstune.serving._languages import runner_of
from crosstune.serving._service import Refused, Service
from crosstune.serving._whole_programs import (
    BUILT,
    check_arguments,
    check_path,
    check_seconds,
    message_of,
    run_limits,
    timed_out,
)

_CLIENT_SECONDS = 8.0
"""verl waits 10 s longer than the two time limits. It tries again after status 504, but not after its own
time-out."""


class RunCodeRequest(BaseModel):
    """SandboxFusion's request."""

    code: str
    language: str
    compile_timeout: float = 10
    run_timeout: float = 10
    memory_limit_MB: int = Field(-1, description="0 or less: the language's own limit")  # noqa: N815 - its name
    stdin: str | None = None
    files: dict[str, str | None] = Field(default_factory=dict, description="contents in base64, by path")
    fetch_files: list[str] = Field(
        default_factory=list, description="files that the program leaves, to be returned"
    )
    args: list[str] = Field(default_factory=list)


class CommandRunResult(BaseModel):
    status: Literal["Finished", "Error", "TimeLimitExceeded"]
    execution_time: float | None = None
    return_code: int | None = None
    stdout: str | None = None
    stderr: str | None = None


class RunCodeResponse(BaseModel):
    """SandboxFusion's response. ``SandboxError`` is an error of the sandbox, never the program's."""

    status: Literal["Success", "Failed", "SandboxError"]
    message: str = ""
    compile_result: CommandRunResult | None = None
    run_result: CommandRunResult | None = None
    executor_pod_name: str | None = None
    files: dict[str, str] = Field(default_factory=dict)


def router(service: Service) -> APIRouter:
    routes = APIRouter(tags=["other harnesses"])

    @routes.post("/run_code", response_model=RunCodeResponse)
    async def run_code(request: RunCodeRequest) -> Any:
        """Run a whole program once (SandboxFusion). Prefer `/judge`, which compiles once for all cases and
        compares outside the program's sandbox."""
        try:
            asked = _execution(request)
        except (UnknownName, PrerequisiteError) as error:
            return RunCodeResponse(status="SandboxError", message=str(error))
        patience = request.compile_timeout + request.run_timeout + _CLIENT_SECONDS
        try:
            (done,) = await service.executions([asked], patience)
        except Refused as refused:
            # verl tries again after 504 alone; after 429 it would count the case as failed.
            headers = {"Retry-After": str(refused.retry_seconds)}
            return JSONResponse({"detail": str(refused)}, 504, headers)
        if done.build.status is Status.HARNESS_ERROR and "the deadline of" in done.build.stderr:
            return JSONResponse({"detail": done.build.stderr}, 504)
        return _response(asked, done)

    return routes


def _execution(request: RunCodeRequest) -> Execution:
    """
    Raises:
        UnknownName, PrerequisiteError: programs in the language cannot be run here.
        UsageError: a time limit is out of range.
        DataError: a file has no path in the working folder, or is not in base64.
    """
    language, test_runner = runner_of(request.language)
    check_seconds("compile_timeout", request.compile_timeout)
    return Execution(
        language=language.name,
        source=request.code,
        test_runner=test_runner,
        stdin=(request.stdin or "").encode("utf-8", "surrogatepass"),
        arguments=check_arguments(request.args),
        files={check_path(name): _decoded(name, text) for name, text in request.files.items() if text},
        fetch=tuple(dict.fromkeys(check_path(name, "fetch_files") for name in request.fetch_files)),
        limits=run_limits(language, request.run_timeout, request.memory_limit_MB << 20),
        build_seconds=request.compile_timeout,
    )


def _decoded(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise DataError(f"files: {name}: expected base64") from None


def _response(asked: Execution, done: Executed) -> RunCodeResponse:
    if done.failed:
        return RunCodeResponse(status="SandboxError", message=(done.run or done.build).stderr)
    built = asked.language in BUILT
    compiled = _result(done.build) if built else None
    # A check before the run is no step of its own: what it finds is what the interpreter would say.
    run = _result(done.run) if done.run else (None if built else _result(done.build))
    last = done.run or done.build
    status: Literal["Success", "Failed"] = "Success" if last.status is Status.PASSED else "Failed"
    fetched = {name: base64.b64encode(content).decode() for name, content in done.files.items()}
    return RunCodeResponse(status=status, compile_result=compiled, run_result=run, files=fetched)


def _result(ended: Ended) -> CommandRunResult:
    if timed_out(ended):
        return CommandRunResult(
            status="TimeLimitExceeded",
            execution_time=ended.wall_seconds,
            stdout=ended.stdout,
            stderr=ended.stderr,
        )
    return CommandRunResult(
        status="Finished",
        execution_time=ended.wall_seconds,
        return_code=-ended.signal if ended.signal else ended.exit_status,
        stdout=ended.stdout,
        stderr=message_of(ended),
    )
