"""Serve until a signal: then finish what was accepted, and end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from crosstune import stopping
from crosstune.errors import PrerequisiteError, UsageError
from crosstune.execution import Judge
from crosstune.serving._app import application
from crosstune.serving._languages import language_of
from crosstune.serving._service import Service
from crosstune.serving._settings import ServerSettings

_HEADER_SECONDS = 20.0
"""A connection whose first request has no complete header by then is closed."""
_END_SECONDS = 2.0
"""How long requests may take to stop their programs."""


def serve(settings: ServerSettings, started: Callable[[str], None] = lambda _: None) -> None:
    """Judge what clients send until SIGTERM, SIGINT or SIGHUP, then finish what was accepted.

    ``started`` is called with the address once the server listens.

    Raises:
        UsageError: nothing can listen at that address.
        PrerequisiteError: the address is in use.
        SandboxUnavailable: programs cannot be isolated here.
        Stopped: a second signal came, or programs were still running after ``drain_seconds``.
    """
    with _listening(settings) as listener, contextlib.ExitStack() as opened:
        judge = Judge(settings.workers, cache=settings.cache, isolation=settings.isolation)
        opened.enter_context(judge)
        language_of("python")  # loads all languages now, and not with the first request
        service = Service(judge, settings)
        opened.callback(service.close)
        server = _Server(_config(service, settings), service)
        with stopping.released(server.handle_exit):
            server.announce = lambda: started(_address(listener))
            server.run([listener])
        if server.cut:
            raise stopping.Stopped(server.cut)


def _config(service: Service, settings: ServerSettings) -> uvicorn.Config:
    return uvicorn.Config(
        application(service),
        http=_Connection,
        ws="none",
        lifespan="off",
        log_level="info" if settings.log_requests else "warning",
        access_log=settings.log_requests,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=settings.connections,
        timeout_graceful_shutdown=max(1, round(settings.drain_seconds)),
    )


class _Connection(H11Protocol):
    """A connection that is closed if its first header does not arrive in time."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._header_check = self.loop.call_later(_HEADER_SECONDS, self._check_header)

    def connection_lost(self, exc: Exception | None) -> None:
        self._header_check.cancel()  # it would keep the connection and its last request in memory until then
        super().connection_lost(exc)

    def _check_header(self) -> None:
        cycle: object = self.cycle  # None before the first header, whatever uvicorn declares
        if cycle is None and not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """A server that ends with its work done. ``cut`` is the signal that ended it before that, if any."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self.cut = 0
        self.announce: Callable[[], None] = lambda: None
        self._service, self._number = service, 0

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """`stopping.released` handles them."""
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        if self.should_exit:
            self.force_exit, self.cut = True, sig
            for connection in list(self.server_state.connections):
                connection.loop.call_soon_threadsafe(connection.transport.abort)
        self._number, self.should_exit = sig, True
        self._service.drain()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        tasks = [task for task in self.server_state.tasks if not task.done()]
        if tasks:  # their time is over, and uvicorn has cancelled them, or a second signal came
            self.cut = self.cut or self._number
            await asyncio.wait(tasks, timeout=_END_SECONDS)


@contextlib.contextmanager
def _listening(settings: ServerSettings) -> Iterator[socket.socket]:
    """
    Raises:
        UsageError: nothing can listen at that address.
        PrerequisiteError: the address is in use.
    """
    where = f"{settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"--host {settings.host}: {error}; expected a name or an address of this machine"
        ) from None
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(2048)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PrerequisiteError(
                    f"{where} is in use by another program: end it, or name another port with --port "
                    "(0: any that is free)"
                ) from None
            why = os.strerror(error.errno or 0)
            raise UsageError(f"{where}: {why}; expected an address of this machine and a port") from None
        yield listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
