"""What every request meets first: the token, the bounds of its body, and a watch over its connection."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from crosstune.serving._service import Service

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Message, _Receive, _Send], Awaitable[None]]

_OPEN = frozenset({"/healthz"})
_OTHER = "other"
"""The route of requests that name none, so that they cannot add a metric for each path."""


class _Answer(Exception):  # not an error: it ends a request early
    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        self.status, self.detail, self.headers = status, detail, headers or {}
        super().__init__(detail)


class Guard:
    """Middleware (ASGI). All bodies that are held at the same time are bounded, too: a body is read only
    while they are less than ``body_bytes`` times `_BODIES`."""

    _BODIES = 4

    def __init__(self, app: _App, service: Service) -> None:
        self._app, self._service, self._settings = app, service, service.settings
        self._held_bytes = 0

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, statuses = time.monotonic(), [499]  # nginx's number: the client went away

        async def counting(message: _Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            await self._guarded(scope, receive, counting)
        except _Answer as answer:
            await _respond(counting, answer)
        finally:
            route = getattr(scope.get("route"), "path", _OTHER)
            self._service.metrics.requests.labels(route, str(statuses[-1])).inc()
            self._service.metrics.seconds.labels(route).observe(time.monotonic() - began)

    async def _guarded(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        if scope["path"] not in _OPEN:
            self._check_token(headers)
        body = await self._body(headers, receive)
        if body is None:
            return
        try:
            await self._watched(scope, body, receive, send)
        finally:
            self._held_bytes -= len(body)

    def _check_token(self, headers: dict[bytes, bytes]) -> None:
        """
        Raises:
            _Answer: the request has not the token, as a bearer or as the password of an address
                (``http://any:TOKEN@host``), which is all that some clients can send.
        """
        if not self._settings.token:
            return
        kind, _, value = headers.get(b"authorization", b"").partition(b" ")
        if kind.lower() == b"basic":
            try:
                value = base64.b64decode(value.strip(), validate=True).partition(b":")[2]
            except (binascii.Error, ValueError):
                value = b""
        if not hmac.compare_digest(value.strip(), self._settings.token.encode()):
            why = "a valid token is needed: Authorization: Bearer TOKEN"
            raise _Answer(401, why, {"WWW-Authenticate": "Bearer"})

    async def _body(self, headers: dict[bytes, bytes], receive: _Receive) -> bytes | None:
        """The whole body; None if the client went away.

        Raises:
            _Answer: it is too long, or takes too long.
        """
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._settings.body_bytes:
            raise self._too_long()
        parts, size = [], 0
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        self._held_bytes -= size
                        return None
                    part = message.get("body", b"")
                    size += len(part)
                    self._held_bytes += len(part)
                    self._check_size(size)
                    parts.append(part)
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError:
            self._held_bytes -= size
            seconds = self._settings.body_seconds
            raise _Answer(408, f"the body did not arrive within {seconds:g} s") from None
        except _Answer:
            self._held_bytes -= size
            raise

    def _check_size(self, size: int) -> None:
        if size > self._settings.body_bytes:
            raise self._too_long()
        if self._held_bytes > self._BODIES * self._settings.body_bytes:
            raise _Answer(429, "too many long requests at the same time", {"Retry-After": "1"})

    def _too_long(self) -> _Answer:
        most = self._settings.body_bytes
        return _Answer(413, f"a body may have {most} bytes: send the request in parts, or see --max-body-mib")

    async def _watched(self, scope: _Message, body: bytes, receive: _Receive, send: _Send) -> None:
        """Answer the request; if its client goes away, stop all that it has asked for."""
        given = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> _Message:
            return given.pop() if given else await receive()

        answering = asyncio.ensure_future(self._app(scope, replay, send))
        watching = asyncio.ensure_future(receive())
        try:
            await asyncio.wait((answering, watching), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not answering.done():
                answering.cancel()
            watching.cancel()
            await asyncio.wait((answering, watching))
        if not answering.cancelled():
            answering.result()


async def _respond(send: _Send, answer: _Answer) -> None:
    body = json.dumps({"detail": answer.detail}).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **answer.headers}
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
