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
from crosstune.llm._body import LIMITS, is_limited, max_usage, request_body
from crosstune.llm._content import unicode
from crosstune.llm._finish import CONTENT_FILTER
from crosstune.llm._parsing import CONTEXT_OVERFLOW, AttemptFailed, ParsedResponse, parse_response
from crosstune.llm._records import Request, Usage
from crosstune.llm._refusals import (
    how_to_leave_out,
    is_context_overflow,
    is_filtered,
    refused_access,
    refused_field,
    wants_stream,
)
from crosstune.llm._settings import Endpoint, Server

if TYPE_CHECKING:
    import openai

TOO_MANY_REQUESTS = 429
TEMPORARY_STATUSES = {408, 409, 425, TOO_MANY_REQUESTS}
"""After these statuses, and after all statuses from 500 up, a further attempt may succeed."""
FATAL_STATUSES = {401, 402, 403, 404, 405}
"""Every request would get these statuses: wrong key, no credit, wrong URL, unknown model."""
CONNECT_SECONDS = 15.0
"""Timeout for opening a connection."""
REFUSALS = {400, 413, 422}
"""Statuses of requests that the server does not accept as they are."""
_ACCESS = {"key": 401, "credit": 402, "model": 404}
"""The statuses that other servers have for what this one refuses with 400."""
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
        self._streams = bool(self._options.get("stream"))
        self._asks_for_usage = True
        self._has_answered = False
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

    def max_usage(self, request: Request) -> Usage:
        """The most tokens that one attempt can use; an estimate if the options remove the limit of tokens.

        Raises:
            ServiceError: they remove it although there is a budget.
        """
        body = self._body(request)
        if not is_limited(body):
            if self._server.budget is not None:
                raise ServiceError("a budget needs a limit of tokens, but the options remove it")
            body[LIMITS[0]] = request.max_tokens
        return max_usage(body)

    async def attempt(self, request: Request) -> ParsedResponse:
        """Send ``request`` once; twice, if the server turns out to answer only in streams.

        Raises:
            AttemptFailed: no usable answer.
            ServiceError: no request can succeed (a wrong key, an unknown model, a field that the server
                refuses).
        """
        openai, maximum = self._openai, self.max_usage(request)
        sent = self._body(request)
        try:
            # The client's own timeout applies to each read from the socket: a server that sends single bytes
            # slowly would never exceed it.
            async with asyncio.timeout(self._server.timeout_seconds):
                raw = await self._post(sent)
        except TimeoutError:
            raise self._timed_out(maximum) from None
        except openai.APIStatusError as error:
            if self._adapt(error, sent):
                return await self.attempt(request)
            return self._withheld(error, sent)
        except openai.APIConnectionError as error:  # includes the client's timeouts
            raise self._connection_error(error, maximum) from None
        parsed = parse_response(raw, self._endpoint, maximum, self._redacted)
        self._has_answered = True
        return parsed

    def _body(self, request: Request) -> dict[str, Any]:
        body = request_body(request, self._model, self._endpoint, self._server.limit_field, self._options)
        if self._streams:
            body["stream"] = True
            if self._asks_for_usage:
                body.setdefault("stream_options", {"include_usage": True})
        return body

    async def _post(self, body: Mapping[str, Any]) -> str:
        endpoint = self._client.chat.completions if self._endpoint == "chat" else self._client.completions
        given = {name: body[name] for name in ("model", "messages", "prompt") if name in body}
        extra = {name: value for name, value in body.items() if name not in given}
        response = await endpoint.with_raw_response.create(**given, extra_body=extra)
        # The stream's events are in the text, too: the client knows of no stream, so it reads all of it.
        text: str = response.text
        return text

    def _adapt(self, error: openai.APIStatusError, sent: Mapping[str, Any]) -> bool:
        """Change how requests are sent if that is what the server asks for."""
        message = self._message(error)
        if error.status_code not in REFUSALS:
            return False
        if "stream_options" in sent and "stream_options" in message and "stream_options" not in self._options:
            self._asks_for_usage = False
            return True
        if "stream" not in sent and "stream" not in self._options and wants_stream(message):
            self._streams = True
            return True
        return False

    def _withheld(self, error: openai.APIStatusError, sent: Mapping[str, Any]) -> ParsedResponse:
        """The empty answer, if the error says that a filter withholds the answer.

        Raises:
            AttemptFailed, ServiceError: it is another error.
        """
        message, code = self._message(error), str(error.code or "")
        filters = error.status_code in {*REFUSALS, 403, 451} and not is_context_overflow(message, code)
        if filters and is_filtered(message, code):
            return ParsedResponse("", CONTENT_FILTER, Usage())
        raise self._status_error(error, sent)

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

    def _status_error(
        self, error: openai.APIStatusError, sent: Mapping[str, Any]
    ) -> AttemptFailed | ServiceError:
        status, message, code = error.status_code, self._message(error), str(error.code or "")
        if status in FATAL_STATUSES or code == "insufficient_quota":
            return ServiceError(f"{self._server.url}: HTTP {status}: {message}. {self._advice(status)}")
        if status in REFUSALS and (missing := refused_access(message, code)):
            advice = self._advice(_ACCESS[missing])
            return ServiceError(f"{self._server.url}: HTTP {status}: {message}. {advice}")
        if status in TEMPORARY_STATUSES or (status >= 500 and not is_context_overflow(message, code)):
            wait = _retry_after(error.response.headers)
            throttled = status == TOO_MANY_REQUESTS and not wait
            return AttemptFailed(f"HTTP {status}", message, temporary=True, wait=wait, throttled=throttled)
        if is_context_overflow(message, code):
            return AttemptFailed(CONTEXT_OVERFLOW, message, temporary=False)
        fields = sent.keys() - {"model", "messages", "prompt"}
        field = refused_field(message, str(error.param or ""), fields)
        if field and not self._has_answered:
            advice = how_to_leave_out(field, message, self._options)
            return ServiceError(f"{self._server.url}: HTTP {status}: {message}. {advice}")
        return AttemptFailed(f"HTTP {status}", message, temporary=False)

    def _message(self, error: openai.APIStatusError) -> str:
        """The server's message, from its "error" if it responds in OpenAI's format."""
        body = error.body
        return self._redacted(body["message"] if _has_message(body) else error.response.text or error.message)

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
        text = unicode(text)
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
