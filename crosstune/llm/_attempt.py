"""One attempt at one question: through the `openai` package, read strictly, every fault named."""

from __future__ import annotations

import asyncio
import email.utils
import os
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from crosstune.errors import MissingExtra, ServiceError
from crosstune.llm._exchange import Request, Usage, bound
from crosstune.llm._reading import Failed, Said, read_answer
from crosstune.llm._settings import Endpoint, Server

if TYPE_CHECKING:
    import openai

PASSING = {408, 409, 425, 429}
"""Statuses that may be better the next time, beside all from 500 up."""
HOPELESS = {401, 402, 403, 404, 405}
"""Statuses that no other question would fare better with: the key, the credit, the address, the model."""
CONNECT = 15.0
"""Seconds a connection may take to stand."""
DETAIL = 300
"""Characters kept of what a server says about a fault."""


def check_ready(server: Server) -> None:
    """
    Raises:
        MissingExtra: the `openai` package is not installed.
        ServiceError: the environment variable that should hold the key is not set.
    """
    _key(server)
    _load()


def _load() -> Any:
    try:
        import openai
    except ImportError:
        raise MissingExtra("openai", "api") from None
    return openai


class Caller:
    """Makes attempts at one server and model. Use as an async context manager."""

    def __init__(self, server: Server, model: str, endpoint: Endpoint, options: Mapping[str, Any]) -> None:
        """Raises as `check_ready` does."""
        self._openai = openai = _load()
        self._server, self._model, self._endpoint, self._options = server, model, endpoint, dict(options)
        self._key = _key(server)
        self._client = openai.AsyncOpenAI(
            base_url=server.url,
            api_key=self._key or "none",
            max_retries=0,  # all faults, also those inside a 200, go through one loop of ours
            timeout=openai.Timeout(server.timeout_seconds, connect=min(CONNECT, server.timeout_seconds)),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def attempt(self, request: Request) -> Said:
        """
        Raises:
            Failed: no usable answer; says whether it may pass.
            ServiceError: no question will be answered (a wrong key, an unknown model).
        """
        openai, most = self._openai, bound(request)
        try:
            # The client's own time-out is one for each wait on the socket: a server that sends a byte
            # now and then would never meet it.
            async with asyncio.timeout(self._server.timeout_seconds):
                raw = await self._send(request)
        except TimeoutError:
            raise self._late(most) from None
        except openai.APIStatusError as fault:
            raise self._status(fault) from None
        except openai.APIConnectionError as fault:  # its time-outs too
            raise self._connection(fault, most) from None
        return read_answer(raw, self._endpoint, most, self._clean)

    async def _send(self, request: Request) -> str:
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

    def _late(self, most: Usage) -> Failed:
        detail = f"no answer within {self._server.timeout_seconds:g} s"
        return Failed("time-out", detail, most, passing=True)

    def _connection(self, fault: openai.APIConnectionError, most: Usage) -> Failed:
        cause = fault.__cause__ or fault
        name = type(cause).__name__
        if name.startswith("Connect"):  # it never stood, so it carried no question and cost nothing
            return Failed("no connection", self._clean(f"{name}: {cause}"), passing=True)
        if isinstance(fault, self._openai.APITimeoutError):
            return self._late(most)
        return Failed("connection lost", self._clean(f"{name}: {cause}"), most, passing=True)

    def _status(self, fault: openai.APIStatusError) -> Failed | ServiceError:
        status = fault.status_code
        body = fault.body  # what stands under "error", where the server answers as OpenAI's does
        said = self._clean(body["message"] if _has_message(body) else fault.response.text or fault.message)
        if status in HOPELESS or fault.code == "insufficient_quota":
            return ServiceError(f"{self._server.url}: HTTP {status}: {said}. {self._advice(status)}")
        if status in PASSING or status >= 500:
            wait = _retry_after(fault.response.headers)
            return Failed(f"HTTP {status}", said, passing=True, wait=wait)
        return Failed(f"HTTP {status}", said, passing=False)

    def _advice(self, status: int) -> str:
        if status in {401, 403}:
            if not self._server.key_variable:
                return "Name the environment variable that holds its key with key_variable"
            return f"Check the key in the environment variable {self._server.key_variable}"
        if status in {404, 405}:
            return f"Check the model's name ({self._model!r}) and the address (most end in /v1)"
        return "Check the account's credit, then run again: what is answered is kept"

    def _clean(self, text: str) -> str:
        """``text`` cut short, on one line and without the key, which some servers say back."""
        if self._key:
            text = text.replace(self._key, "(the key)")
        text = " ".join(text.split())
        return text if len(text) <= DETAIL else text[:DETAIL] + "…"


def _key(server: Server) -> str:
    if not server.key_variable:
        return ""
    if not (key := os.environ.get(server.key_variable, "").strip()):
        raise ServiceError(
            f"the environment variable {server.key_variable}, which should hold the key for {server.url}, "
            f"is not set. Set it: export {server.key_variable}=…"
        )
    return key


def _messages(request: Request) -> list[dict[str, str]]:
    said = [("system", request.system), ("user", request.prompt), ("assistant", request.opening)]
    return [{"role": role, "content": text} for role, text in said if text or role == "user"]


def _has_message(body: object) -> bool:
    return isinstance(body, dict) and isinstance(body.get("message"), str)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds the server asks to wait, in any of the three forms in use; 0 where it says nothing."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        pass
    when = email.utils.parsedate_tz(headers.get("retry-after", ""))
    return max(0.0, email.utils.mktime_tz(when) - time.time()) if when else 0.0
