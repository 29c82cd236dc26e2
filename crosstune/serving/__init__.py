"""The judge as a web service, for trainers and other harnesses.

`serve` needs the extra ``serve`` (FastAPI, uvicorn, prometheus-client).
"""

from __future__ import annotations

from collections.abc import Callable

from crosstune.serving._settings import ServerSettings

__all__ = ["ServerSettings", "serve"]


def serve(settings: ServerSettings, started: Callable[[str], None] = lambda _: None) -> None:
    """Judge what clients send until a signal, then finish what was accepted.

    ``started`` is called with the address once the server listens.

    Raises:
        MissingExtra: the extra ``serve`` is not installed.
        UsageError: nothing can listen at that address.
        PrerequisiteError: the address is in use, or programs cannot be isolated here.
        Stopped: a second signal came, or programs were still running after ``drain_seconds``.
    """
    from crosstune.errors import MissingExtra

    try:
        from crosstune.serving import _server
    except ImportError as error:
        raise MissingExtra(error.name or "fastapi", "serve") from None
    _server.serve(settings, started)
