"""A real HTTP server that answers like an OpenAI-compatible one, or fails in a scripted way."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RequestBody = dict[str, Any]
HANG_SECONDS = 60.0
"""How long to wait for an event before a test counts as hung."""


@dataclass(frozen=True)
class Reply:
    """A response; ``headers`` are added to the usual ones or replace them."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Never:
    """Do not answer before the server is closed."""


class Reset:
    """Close the connection with a TCP reset, without an answer."""


class Cut:
    """Announce more bytes than are sent, then close the connection."""


class Trickle:
    """Send a byte now and then, without end."""


Action = Reply | Never | Reset | Cut | Trickle


def reply_with(
    text: str | None, finish_reason: str | None = "stop", usage: tuple[int, int] | None = (10, 5)
) -> Reply:
    """A well-formed response, for both the chat and the completions endpoint."""
    choice = {"index": 0, "finish_reason": finish_reason, "text": text}
    choice["message"] = {"role": "assistant", "content": text}  # type: ignore[assignment]
    body = {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    if usage:
        body["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return Reply(json.dumps(body).encode())


def reply_message(finish_reason: Any = "stop", usage: Any = (10, 5), **message: Any) -> Reply:
    """A response to a chat, with any fields of the message."""
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", **message}}
    body: dict[str, Any] = {"choices": [choice]}
    if isinstance(usage, dict):
        body["usage"] = usage
    elif usage:
        body["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return Reply(json.dumps(body).encode())


def stream(*deltas: Mapping[str, Any], usage: tuple[int, int] | None = (10, 5), end: str = "stop") -> Reply:
    """A response as a stream of events, one for each delta."""
    events: list[Any] = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    if end:
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": end}]})
    if usage:
        counts = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        events.append({"choices": [], "usage": counts})
    lines = [
        ": keep-alive",
        *(f"data: {json.dumps(event)}" for event in events),
        *(["data: [DONE]"] * bool(end)),
    ]
    return Reply("\n\n".join([*lines, ""]).encode(), headers={"Content-Type": "text/event-stream"})


def http_error(
    status: int, message: str = "no", headers: Mapping[str, str] | None = None, code: str = ""
) -> Reply:
    body = json.dumps({"error": {"message": message, "type": "t", "code": code or None}}).encode()
    return Reply(body, status, headers or {})


class ScriptedServer:
    """Calls ``act(body, number)`` for each request, numbered from 0, and does what it returns."""

    def __init__(self, act: Callable[[RequestBody, int], Action]) -> None:
        self.act = act
        self.bodies: list[RequestBody] = []
        self.headers: list[dict[str, str]] = []
        self.open = self.most_open = 0
        self.changed = threading.Condition()
        self.closing = threading.Event()
        owner = self

        class Handler(_Handler):
            server_owner = owner

        self._http = _Threads(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def prompts(self) -> list[str]:
        return [
            body["messages"][-1]["content"] if "messages" in body else body["prompt"] for body in self.bodies
        ]

    def wait_until_open(self, count: int) -> None:
        """Wait until ``count`` requests have been open at the same time, for use in ``act``."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.most_open >= count, HANG_SECONDS)

    def close(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # with the default of 5, a dozen simultaneous connections wait a second


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_owner: ScriptedServer

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._send(Reply(b'{"object": "list", "data": []}'))

    def do_POST(self) -> None:
        owner = self.server_owner
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with owner.changed:
            number = len(owner.bodies)
            owner.bodies.append({**body, "path": self.path})
            owner.headers.append({name.lower(): value for name, value in self.headers.items()})
            owner.open += 1
            owner.most_open = max(owner.most_open, owner.open)
            owner.changed.notify_all()
        try:
            self._do(owner.act(body, number))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client did not wait
        finally:
            with owner.changed:
                owner.open -= 1

    def _do(self, action: Action) -> None:
        if isinstance(action, Reply):
            self._send(action)
        elif isinstance(action, Never):
            self.server_owner.closing.wait()
            self.close_connection = True
        elif isinstance(action, Reset):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        elif isinstance(action, Cut):
            self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"choices"')
            self.close_connection = True
        else:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not self.server_owner.closing.wait(0.05):
                self.wfile.write(b" ")

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(reply.body)),
            **reply.headers,
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)


@contextmanager
def scripted(act: Callable[[RequestBody, int], Action]) -> Iterator[ScriptedServer]:
    server = ScriptedServer(act)
    try:
        yield server
    finally:
        server.close()
