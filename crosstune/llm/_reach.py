"""Whether a server is there, told within two seconds and without its key."""

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

SECONDS = 1.5
"""How long the server may take to say anything at all."""
FRESH = 10.0
"""Seconds for which one finding holds: the steps of one plan mostly share a server."""


def server_requirements(server: Server, model: str) -> Sequence[Requirement]:
    """The server, the variable with its key, and the package that asks, as needs of a step."""
    requirements = [
        Requirement(
            "the Python package openai",
            importlib.util.find_spec("openai") is not None,
            "pip install 'crosstune[api]'",
        ),
        Requirement(
            f"the model {model} on an OpenAI-compatible server at {server.url}",
            reachable(server.url),
            f"start one there, or set the address: nothing answers at {server.url}",
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
    """Whether anything that speaks HTTP answers there; what it answers does not matter."""
    return _reachable(url, int(time.monotonic() / FRESH))


@functools.lru_cache(maxsize=64)
def _reachable(url: str, _moment: int) -> bool:
    found = threading.Event()
    # A daemon thread, because looking up a host's name has no time-out of its own.
    knock = threading.Thread(target=_knock, args=(url, found), daemon=True)
    knock.start()
    knock.join(SECONDS)
    return found.is_set()


def _knock(url: str, found: threading.Event) -> None:
    try:
        with urllib.request.urlopen(f"{url}/models", timeout=SECONDS):  # noqa: S310 - Server.url is http(s)
            found.set()
    except urllib.error.HTTPError as answer:
        answer.close()
        found.set()
    except (OSError, http.client.HTTPException):
        return
