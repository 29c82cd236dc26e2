"""Hostile clients, full queues, and the end of a server."""

from __future__ import annotations

import base64
import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import machine
from tests.serving.served import Reply, Server, serving, sleeping, until

TOKEN = "a-token-of-32-characters-or-more!"


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    file = tmp_path_factory.mktemp("token") / "token"
    file.write_text(f"{TOKEN}\n")
    with serving(
        *("--token-file", str(file), "--workers", "1", "--queue", "3"),
        *("--max-body-mib", "1", "--body-seconds", "2"),
    ) as server:
        yield server


def post(server: Server, path: str, body: object) -> Reply:
    return server.post(path, body, Authorization=f"Bearer {TOKEN}")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer other"}, {"Authorization": "Basic !"}, {"Authorization": TOKEN}],
)
def test_without_the_token(bounded: Server, headers: dict[str, str]) -> None:
    for path in ("/languages", "/metrics", "/openapi.json", "/none"):
        reply = bounded.get(path, **headers)
        assert (reply.status, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert bounded.post("/judge", {"programs": [sleeping(0)]}, **headers).status == 401
    assert bounded.get("/healthz").status == 200


def test_the_token_as_a_password(bounded: Server) -> None:
    basic = base64.b64encode(f"any:{TOKEN}".encode()).decode()
    assert bounded.get("/openapi.json", Authorization=f"Basic {basic}").status == 200


def connection(server: Server, head: str) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    opened.sendall(f"POST /judge HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n{head}\r\n".encode())
    return opened


def status_of(opened: socket.socket) -> str:
    return opened.recv(4096).split(b"\r\n")[0].decode()


def test_a_body_that_is_too_long(bounded: Server) -> None:
    with connection(bounded, "Content-Length: 99999999999\r\n") as opened:
        assert " 413 " in status_of(opened)
    with connection(bounded, "Transfer-Encoding: chunked\r\n") as opened:
        opened.sendall(b"200000\r\n" + b" " * 0x200000)
        assert " 413 " in status_of(opened)


def test_a_body_that_does_not_arrive(bounded: Server) -> None:
    with connection(bounded, "Content-Type: application/json\r\nContent-Length: 100\r\n") as opened:
        opened.sendall(b'{"programs":')
        assert " 408 " in status_of(opened)


def test_a_request_that_is_none(bounded: Server) -> None:
    with socket.create_connection(("127.0.0.1", bounded.port), timeout=60) as opened:
        opened.sendall(b"\x16\x03\x01 what\r\n\r\n")
        assert " 400 " in status_of(opened)
    assert bounded.get("/healthz").status == 200


def test_a_connection_that_is_closed_takes_no_memory(server: Server) -> None:
    def resident() -> int:
        return machine.resident_bytes(server.process.pid, alone=True)

    for _ in range(300):
        server.state()
    before = resident()
    for _ in range(1500):
        server.state()
    assert resident() - before < 2 << 20


def test_a_full_queue_and_a_client_that_goes_away(bounded: Server) -> None:
    body = json.dumps({"programs": [sleeping(600, number) for number in range(3)]}).encode()
    opened = connection(bounded, f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n")
    opened.sendall(body)
    until(lambda: (bounded.state()["running"], bounded.state()["waiting"]) == (1, 2))
    refused = post(bounded, "/judge", {"programs": [sleeping(0)]})
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert "3 programs wait or run already, of at most 3" in refused.body["detail"]
    other = post(bounded, "/run_code", {"code": "", "language": "python"})
    assert other.status == 504  # what verl tries again after
    opened.close()
    until(lambda: (bounded.state()["running"], bounded.state()["waiting"]) == (0, 0))
    (verdict,) = post(bounded, "/judge", {"programs": [sleeping(0)]}).body["verdicts"]
    assert verdict["verdict"] == "passed"


def test_the_end_waits_for_what_was_accepted() -> None:
    replies: list[Reply] = []
    with serving("--workers", "1") as server:
        body = {"programs": [sleeping(3)]}
        asking = threading.Thread(target=lambda: replies.append(server.post("/judge", body)))
        asking.start()
        until(lambda: server.state()["running"] == 1)
        server.process.send_signal(signal.SIGTERM)
        asking.join()
        assert replies[0].body["verdicts"][0]["verdict"] == "passed"
        assert server.process.wait(60) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=5)


def test_a_second_signal_ends_it_at_once() -> None:
    with serving("--workers", "1") as server:
        body = json.dumps({"programs": [sleeping(600)]}).encode()
        head = f"POST /judge HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}"
        head += "\r\nContent-Type: application/json"
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as opened:
            opened.sendall(f"{head}\r\n\r\n".encode() + body)
            until(lambda: server.state()["running"] == 1)
            until(lambda: bool(_below(server.process.pid)))  # "running" counts before the program has started
            children = _below(server.process.pid)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(60) == 128 + signal.SIGTERM
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def _below(pid: int) -> list[int]:
    """The processes that a process has started, and theirs."""
    found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(line.split()[0]): int(line.split()[1]) for line in found.splitlines()}
    below, new = set[int](), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - below
        below |= new
    return sorted(below)
