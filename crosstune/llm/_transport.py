"""Make one attempt at one request through the `openai` package, and classify every error."""

from __future__ import annotations

import asyncio
import email.utils
import os
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from crosstune.errors import MissingExtra, ServiceError
from crosstune.llm._parsing import AttemptFailed, ParsedResponse, parse_response
from crosstune.llm._records import Request, Usage, max_usage
from crosstune.llm._settings import Endpoint, Server

if TYPE_CHECKING:
    import openai

TEMPORARY_STATUSES = {408, 409, 425, 429}
"""After these statuses, and after all statuses from 500 up, a further attempt may succeed."""
FATAL_STATUSES = {401, 402, 403, 404, 405}
"""Every request would get these statuses: wrong key, no credit, wrong URL, unknown model."""
CONNECT_SECONDS = 15.0
"""Timeout for opening a connection."""
MAX_DETAIL = 300
"""Characters kept of a server's error message."""


def check_ready(server: Server) -> None:
    """Check the package and the API key before any request is sent.

    Raises:
        MissingExtra: the `openai` package is not installed.
        ServiceError: the environment variable for the API key is not set.
    """
    _api_key(server)
    _import_openai()


def _import_openai() -> Any:
    try:
        import openai
    except ImportError:
        raise MissingExtra("openai", "api") from None
    return openai


class Transport:
    """Sends requests to one model on one server. Use as an async context manager."""

    def __init__(self, server: Server, model: str, endpoint: Endpoint, options: Mapping[str, Any]) -> None:
        """Raises as `check_ready` does."""
        self._openai = openai = _import_openai()
        self._server, self._model, self._endpoint, self._options = server, model, endpoint, dict(options)
        self._key = _api_key(server)
        self._client = openai.AsyncOpenAI(
            base_url=server.url,
            api_key=self._key or "none",
            max_retries=0,  # `Batch` repeats attempts, also after a 200 without a usable answer
            timeout=openai.Timeout(
                server.timeout_seconds, connect=min(CONNECT_SECONDS, server.timeout_seconds)
            ),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def attempt(self, request: Request) -> ParsedResponse:
        """Send ``request`` once.

        Raises:
            AttemptFailed: no usable answer.
            ServiceError: no request can succeed (a wrong key, an unknown model).
        """
        openai, maximum = self._openai, max_usage(request)
        try:
            # The client's own timeout applies to each read from the socket: a server that sends single bytes
            # slowly would never exceed it.
            async with asyncio.timeout(self._server.timeout_seconds):
                raw = await self._post(request)
        except TimeoutError:
            raise self._timed_out(maximum) from None
        except openai.APIStatusError as error:
            raise self._status_error(error) from None
        except openai.APIConnectionError as error:  # includes the client's timeouts
            raise self._connection_error(error, maximum) from None
        return parse_response(raw, self._endpoint, maximum, self._redacted)

    async def _post(self, request: Request) -> str:
        body: dict[str, Any] = {"temperature": request.temperature, "top_p": request.top_p}
        if request.stops:
            body["stop"] = list(request.stops)
        if request.seed is not None:
            body["seed"] = request.seed
        extra = {self._server.limit_field: request.max_tokens, **self._options}
        if self._endpoint == "chat":
            create = self._client.chat.completions.with_raw_response.create
            body["messages"] = _messages(request)
        else:
            create = self._client.completions.with_raw_response.create
            body["prompt"] = request.prompt
        response = await create(model=self._model, extra_body=extra, **body)
        text: str = response.text
        return text

    def _timed_out(self, maximum: Usage) -> AttemptFailed:
        detail = f"no answer within {self._server.timeout_seconds:g} s"
        return AttemptFailed("time-out", detail, maximum, temporary=True)

    def _connection_error(self, error: openai.APIConnectionError, maximum: Usage) -> AttemptFailed:
        cause = error.__cause__ or error
        name = type(cause).__name__
        if name.startswith("Connect"):  # the request was never sent, so it cost nothing
            return AttemptFailed("no connection", self._redacted(f"{name}: {cause}"), temporary=True)
        if isinstance(error, self._openai.APITimeoutError):
            return self._timed_out(maximum)
        return AttemptFailed("connection lost", self._redacted(f"{name}: {cause}"), maximum, temporary=True)

    def _status_error(self, error: openai.APIStatusError) -> AttemptFailed | ServiceError:
        status = error.status_code
        body = error.body  # the value of "error", if the server responds in OpenAI's format
        message = self._redacted(
            body["message"] if _has_message(body) else error.response.text or error.message
        )
        if status in FATAL_STATUSES or error.code == "insufficient_quota":
            return ServiceError(f"{self._server.url}: HTTP {status}: {message}. {self._advice(status)}")
        if status in TEMPORARY_STATUSES or status >= 500:
            wait = _retry_after(error.response.headers)
            return AttemptFailed(f"HTTP {status}", message, temporary=True, wait=wait)
        return AttemptFailed(f"HTTP {status}", message, temporary=False)

    def _advice(self, status: int) -> str:
        if status in {401, 403}:
            if not self._server.key_variable:
                return "Name the environment variable that contains the API key with key_variable"
            return f"Check the API key in the environment variable {self._server.key_variable}"
        if status in {404, 405}:
            return f"Check the model's name ({self._model!r}) and the URL (most end in /v1)"
        return "Check the account's credit, then run again: stored responses are not requested again"

    def _redacted(self, text: str) -> str:
        """``text`` shortened, on one line and without the API key, which some servers repeat."""
        if self._key:
            text = text.replace(self._key, "(the key)")
        text = " ".join(text.split())
        return text if len(text) <= MAX_DETAIL else text[:MAX_DETAIL] + "…"


def _api_key(server: Server) -> str:
    if not server.key_variable:
        return ""
    if not (key := os.environ.get(server.key_variable, "").strip()):
        raise ServiceError(
            f"the environment variable {server.key_variable}, which should contain the API key for "
            f"{server.url}, is not set. Set it: export {server.key_variable}=…"
        )
    return key


def _messages(request: Request) -> list[dict[str, str]]:
    turns = [("system", request.system), ("user", request.prompt), ("assistant", request.opening)]
    return [{"role": role, "content": text} for role, text in turns if text or role == "user"]


def _has_message(body: object) -> bool:
    return isinstance(body, dict) and isinstance(body.get("message"), str)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds the server asks to wait, from milliseconds, seconds or a date; 0 without such a header."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        pass
    date = email.utils.parsedate_tz(headers.get("retry-after", ""))
    return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else 0.0
