"""Check within two seconds, and without the API key, whether a server can be reached."""

from __future__ import annotations

import functools
import http.client
import importlib.util
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

from crosstune.llm._settings import Server
from crosstune.records import Requirement

TIMEOUT_SECONDS = 1.5
CACHED_SECONDS = 10.0
"""How long a result is reused: most steps of one plan share a server."""


def server_requirements(server: Server, model: str) -> Sequence[Requirement]:
    """A step's requirements: the `openai` package, the server, and the environment variable with its key."""
    requirements = [
        Requirement(
            "the Python package openai",
            importlib.util.find_spec("openai") is not None,
            "pip install 'crosstune[api]'",
        ),
        Requirement(
            f"the model {model} on an OpenAI-compatible server at {server.url}",
            reachable(server.url),
            f"start a server there, or change the URL: nothing answers at {server.url}",
        ),
    ]
    if name := server.key_variable:
        requirements.append(
            Requirement(
                f"the key for {server.url} in the environment variable {name}",
                bool(os.environ.get(name, "").strip()),
                f"export {name}=…",
            )
        )
    return requirements


def reachable(url: str) -> bool:
    """Whether an HTTP server answers at ``url``, with any status."""
    return _reachable(url, int(time.monotonic() / CACHED_SECONDS))


@functools.lru_cache(maxsize=64)
def _reachable(url: str, _period: int) -> bool:
    answered = threading.Event()
    # In a daemon thread, because looking up a host name has no timeout.
    thread = threading.Thread(target=_request, args=(url, answered), daemon=True)
    thread.start()
    thread.join(TIMEOUT_SECONDS)
    return answered.is_set()


def _request(url: str, answered: threading.Event) -> None:
    try:
        with urllib.request.urlopen(f"{url}/models", timeout=TIMEOUT_SECONDS):  # noqa: S310 - Server.url is http(s)
            answered.set()
    except urllib.error.HTTPError as response:
        response.close()
        answered.set()
    except (OSError, http.client.HTTPException):
        return
