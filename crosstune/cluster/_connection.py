"""Connect to a cluster of Ray."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

from crosstune.errors import MissingExtra, ServiceError, UsageError

_HERE = "auto"
_ANSWER_SECONDS = 20.0
_TRIES = 4
_FAILURES = (AssertionError, ConnectionError, RuntimeError, TimeoutError)


def check_address(on: str) -> str:
    """Ray's name of the cluster in ``ray`` (the one of this machine, or RAY_ADDRESS) or ``ray://HOST:PORT``.

    Raises:
        UsageError: it is neither.
        MissingExtra: Ray is not installed.
    """
    if on != "ray" and not re.fullmatch(r"ray://[^/\s:]+:\d+", on):
        raise UsageError(f"--on {on}: expected ray (the cluster that this machine is in) or ray://HOST:PORT")
    if importlib.util.find_spec("ray") is None:
        raise MissingExtra("ray", "ray")
    return os.environ.get("RAY_ADDRESS", _HERE) if on == "ray" else on


@contextlib.contextmanager
def connected(on: str) -> Iterator[Any]:
    """Yield the module ``ray``, connected to the cluster ``on`` (see `check_address`).

    Raises:
        UsageError, MissingExtra: see `check_address`.
        ServiceError: there is no cluster, or it does not answer.
    """
    address = check_address(on)
    how = "start one (ray start --head) or name it (--on ray://HOST:10001)"
    if reason := _unreachable(address):
        raise ServiceError(f"--on {on}: no cluster of Ray answers ({reason}); {how}")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    try:
        _connect(ray, address)
    except _FAILURES as error:
        reason = " ".join(str(error).split())[:200] or "Ray failed while it connected"
        raise ServiceError(f"--on {on}: no cluster of Ray answers ({reason}); {how}") from None
    try:
        yield ray
    finally:
        ray.shutdown()


def _connect(ray: Any, address: str) -> None:
    """Ray (2.60) now and then asks for its key-value store before that is ready, and fails."""
    for left in reversed(range(_TRIES)):
        try:
            ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False, namespace="crosstune")
        except _FAILURES as error:
            ray.shutdown()
            not_ready = isinstance(error, AssertionError) or "Initialization failure" in str(error)
            if not left or not not_ready:
                raise
            time.sleep(1.0)
        else:
            return


def _unreachable(address: str) -> str:
    """Why nothing listens there; empty if something does. Ray itself would try for minutes."""
    found = re.search(r"([^/\s:]+):(\d+)$", address)
    if not found:
        return ""
    try:
        socket.create_connection((found[1], int(found[2])), _ANSWER_SECONDS).close()
    except OSError as error:
        return f"{found[0]}: {error.strerror or error}"
    return ""


def cause_of(error: Any) -> BaseException:
    """The exception that a task raised, from the one that Ray makes of it."""
    return error.cause if isinstance(error.cause, BaseException) else error
