"""The web application: all routes, and how an error becomes a status."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from crosstune.errors import CrosstuneError, Incomplete, PrerequisiteError, UsageError
from crosstune.serving import (
    _judge_route,
    _nemo_gym,
    _open_r1,
    _piston,
    _rewards_route,
    _sandbox_fusion,
)
from crosstune.serving._guard import Guard
from crosstune.serving._languages import descriptions
from crosstune.serving._service import Refused, Service, TooMany

_ABOUT = """\
Judges programs in isolation. An error of the judge is never counted as the program's: it is `harness_error`,
`SandboxError` or status 503. Status 429 means that too many programs wait: try again after Retry-After
seconds. Programs of a client that goes away are stopped.
"""
_MOST_ERRORS = 5


def application(service: Service) -> FastAPI:
    """The application around a service."""
    app = FastAPI(
        title="crosstune", summary="A judge of programs.", description=_ABOUT, version=version("crosstune")
    )
    for module in (_judge_route, _sandbox_fusion, _nemo_gym, _rewards_route, _piston, _open_r1):
        app.include_router(module.router(service))
    _add_own_routes(app, service)
    _add_errors(app)
    app.add_middleware(Guard, service=service)
    return app


def _add_own_routes(app: FastAPI, service: Service) -> None:
    @app.get("/healthz", tags=["server"])
    async def healthz() -> JSONResponse:
        """Whether the server takes requests (200) or is about to end (503). Needs no token."""
        state = {
            "status": "draining" if service.draining else "ok",
            "version": version("crosstune"),
            "workers": service.settings.workers,
            "running": service.running,
            "waiting": service.waiting,
        }
        return JSONResponse(state, 503 if service.draining else 200)

    @app.get("/languages", tags=["server"])
    async def languages() -> list[dict[str, Any]]:
        """The languages, their other names, and the versions of their tools here."""
        return await service.in_thread(descriptions)

    @app.get("/metrics", tags=["server"], response_class=Response)
    async def metrics() -> Response:
        """Metrics in Prometheus' text format."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> JSONResponse:
        return _detail(error.status, str(error), {"Retry-After": str(error.retry_seconds)})

    @app.exception_handler(TooMany)
    async def too_many(_: Request, error: TooMany) -> JSONResponse:
        return _detail(413, str(error))

    @app.exception_handler(UsageError)
    async def usage(_: Request, error: UsageError) -> JSONResponse:
        return _detail(422, str(error))

    @app.exception_handler(PrerequisiteError)
    @app.exception_handler(Incomplete)
    async def unable(_: Request, error: CrosstuneError) -> JSONResponse:
        return _detail(503, str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return _detail(422, _described(error.errors()))


def _detail(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"detail": detail}, status, headers)


def _described(errors: Sequence[Any]) -> str:
    """What is wrong with a request, in a few lines; the request itself may be long."""
    lines = [f"{'.'.join(str(part)[:80] for part in each['loc'])}: {each['msg']}"[:300] for each in errors]
    more = f"; and {len(lines) - _MOST_ERRORS} more" if len(lines) > _MOST_ERRORS else ""
    return "; ".join(lines[:_MOST_ERRORS]) + more
