"""A client that goes away frees its work, on every route that runs programs."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.serving.served import SLEEPS, Reply, Server, serving, sleeping, until

SLEEP = SLEEPS.format(600)
ANSWER = f"```python\n{SLEEP}```"
TESTS = {"inputs": [""], "outputs": [""]}
MESSAGE = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": ANSWER}]}
REQUESTS: dict[str, Any] = {
    "/judge": {"programs": [sleeping(600)]},
    "/run_code": {"code": SLEEP, "language": "python", "run_timeout": 600},
    "/verify": {
        "responses_create_params": {"input": "?"},
        "response": {"id": "1", "output": [MESSAGE]},
        "verifier_metadata": {"unit_tests": TESTS},
    },
    "/rewards/openrlhf": {"query": [ANSWER], "prompts": [""], "labels": [TESTS]},
    "/rewards/slime": {"prompt": "", "response": ANSWER, "label": TESTS},
    "/api/v2/execute": {
        "language": "python",
        "version": "*",
        "files": [{"content": SLEEP}],
        "run_timeout": 600_000,
    },
    "/execute_batch": {"scripts": [SLEEP], "timeout": 600, "request_timeout": 600},
}
SECONDS = 30
"""A client's patience: less than the 600 s of the programs, more than a busy machine needs."""


@pytest.fixture(scope="module")
def one_worker() -> Iterator[Server]:
    with serving("--workers", "1") as server:
        yield server


def asked(server: Server, path: str, body: Any) -> socket.socket:
    """A connection that has sent a request."""
    data = json.dumps(body).encode()
    opened = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(data)}"
    opened.sendall(f"{head}\r\n\r\n".encode() + data)
    return opened


def load(server: Server) -> tuple[int, int]:
    state = server.state()
    return state["running"], state["waiting"]


def test_every_route_that_takes_programs_is_here(one_worker: Server) -> None:
    paths = one_worker.get("/openapi.json").body["paths"]
    assert set(REQUESTS) == {path for path, methods in paths.items() if "post" in methods}


@pytest.mark.parametrize("path", REQUESTS)
def test_a_client_that_goes_away(one_worker: Server, path: str) -> None:
    """Of its two requests one runs and one waits: both are dropped, and the only worker is free again."""
    body = REQUESTS[path]
    with asked(one_worker, path, body), asked(one_worker, path, body):
        until(lambda: load(one_worker) == (1, 1))
    until(lambda: load(one_worker) == (0, 0))
    reply = one_worker.post("/judge", {"programs": [sleeping(0)], "deadline_seconds": SECONDS})
    assert reply.body["verdicts"][0]["verdict"] == "passed"


def test_another_client_still_waits_for_the_same_program(server: Server) -> None:
    replies: list[Reply] = []
    body = {"programs": [sleeping(4, 1)]}
    staying = threading.Thread(target=lambda: replies.append(server.post("/judge", body)))
    with asked(server, "/judge", body):
        until(lambda: load(server) == (1, 0))
        staying.start()
        until(lambda: load(server) == (2, 0))
    staying.join()
    assert replies[0].body["verdicts"][0]["verdict"] == "passed"
