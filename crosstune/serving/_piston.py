"""Piston's `/api/v2/execute` and `/api/v2/runtimes`."""

from __future__ import annotations

import base64
import binascii
import re
import signal
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from crosstune.errors import DataError, UnknownName
from crosstune.execution import Ended, Execution
from crosstune.records import Status
from crosstune.serving._languages import descriptions, language_of, version_of
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

_DECODERS: Mapping[str, Callable[[str], bytes]] = {
    "utf8": lambda text: text.encode("utf-8", "surrogatepass"),
    "base64": lambda text: base64.b64decode(text, validate=True),
    "hex": bytes.fromhex,
}
_STATUSES = {Status.TIMEOUT: "TO", Status.OUTPUT_LIMIT: "OL", Status.RUNTIME_ERROR: "RE"}


class File(BaseModel):
    content: str
    name: str = ""
    encoding: str = "utf8"


class ExecuteRequest(BaseModel):
    """Piston's request. Times are in milliseconds, memory is in bytes."""

    language: str
    version: str
    files: list[File] = Field(min_length=1, description="the first is the program")
    stdin: str = ""
    args: list[str] = Field(default_factory=list)
    run_timeout: float = 3000
    compile_timeout: float = 10000
    run_cpu_time: float | None = None
    compile_cpu_time: float | None = None
    run_memory_limit: int = -1
    compile_memory_limit: int = -1


class Stage(BaseModel):
    stdout: str
    stderr: str
    output: str
    code: int | None
    signal: str | None
    message: str | None
    status: str | None
    cpu_time: float
    wall_time: float
    memory: int


class ExecuteResponse(BaseModel):
    language: str
    version: str
    run: Stage
    compile: Stage | None = None


def router(service: Service) -> APIRouter:
    routes = APIRouter(prefix="/api/v2", tags=["other harnesses"])

    @routes.get("/runtimes")
    async def runtimes() -> list[dict[str, Any]]:
        """The languages that can be run here (Piston)."""
        known = await service.in_thread(descriptions)
        return [
            {"language": each["name"], "version": version_of(each["name"]), "aliases": each["aliases"]}
            for each in known
            if each["available"] and each["cases"]
        ]

    @routes.post("/execute", response_model=ExecuteResponse, response_model_exclude_none=False)
    async def execute(request: ExecuteRequest) -> Any:
        """Run a whole program once (Piston)."""
        try:
            language = language_of(request.language)
            version = await service.in_thread(lambda: version_of(language.name))
        except UnknownName as error:
            return _bad(f"{request.language}-{request.version} runtime is unknown: {error}")
        if not _matches(request.version, version):
            why = f"{request.language}-{request.version} runtime is unknown: here is {version}"
            return _bad(why)
        try:
            asked = _execution(request)
        except DataError as error:
            return _bad(str(error))
        (done,) = await service.executions([asked])
        if done.failed:
            raise Refused(f"the sandbox failed: {(done.run or done.build).stderr[-500:]}", 1, 503)
        built = asked.language in BUILT
        body = {
            "language": language.name,
            "version": version,
            "run": _stage(done.run or done.build).model_dump(),
        }
        if built:
            body["compile"] = _stage(done.build).model_dump()
            if done.run is None:
                body["run"] = _NOT_RUN
        return JSONResponse(body)

    return routes


_NOT_RUN = Stage(
    stdout="",
    stderr="",
    output="",
    code=None,
    signal=None,
    message=None,
    status=None,
    cpu_time=0,
    wall_time=0,
    memory=0,
).model_dump()


def _bad(why: str) -> JSONResponse:
    return JSONResponse({"message": why}, 400)


def _matches(selector: str, version: str) -> bool:
    """Whether a version has the numbers that a selector names: ``*``, ``3``, ``3.x``, ``^3.11``."""
    wanted = re.findall(r"\d+", selector)
    given = version.split(".")
    if selector.startswith((">=", "^", "~")) and wanted:
        return given[0] == wanted[0] and [*map(int, given)] >= [*map(int, wanted)]
    return given[: len(wanted)] == wanted


def _execution(request: ExecuteRequest) -> Execution:
    """
    Raises:
        DataError: a file has no path in the working folder, or is not in its encoding.
        UsageError: a time limit is out of range.
    """
    language = language_of(request.language)
    check_seconds("compile_timeout", request.compile_timeout / 1000)
    main, *others = request.files
    return Execution(
        language=language.name,
        source=_decoded(main, 0).decode("utf-8", "replace"),
        stdin=request.stdin.encode("utf-8", "surrogatepass"),
        arguments=check_arguments(request.args),
        files={
            check_path(each.name or f"file{number}"): _decoded(each, number)
            for number, each in enumerate(others, 1)
        },
        limits=run_limits(
            language, (request.run_cpu_time or request.run_timeout) / 1000, request.run_memory_limit
        ),
        build_seconds=(request.compile_cpu_time or request.compile_timeout) / 1000,
    )


def _decoded(file: File, number: int) -> bytes:
    if file.encoding not in _DECODERS:
        raise DataError(f"files[{number}].encoding: expected one of {', '.join(_DECODERS)}")
    try:
        return _DECODERS[file.encoding](file.content)
    except (binascii.Error, ValueError):
        raise DataError(f"files[{number}].content: expected {file.encoding}") from None


def _stage(ended: Ended) -> Stage:
    number = signal.SIGKILL if timed_out(ended) else ended.signal
    error = message_of(ended)
    return Stage(
        stdout=ended.stdout,
        stderr=error,
        output=ended.stdout + error,
        code=None if number else ended.exit_status,
        signal=signal.Signals(number).name if number else None,
        message=None if ended.status is Status.PASSED else str(ended.status),
        status=_STATUSES.get(
            ended.status, None if ended.status is Status.PASSED else "SG" if number else "RE"
        ),
        cpu_time=round(ended.cpu_seconds * 1000, 3),
        wall_time=round(ended.wall_seconds * 1000, 3),
        memory=ended.peak_bytes,
    )
