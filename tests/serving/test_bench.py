"""The measurements of the server: what they count, and that they find what is wrong."""

from __future__ import annotations

import http.server
import json
import os
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench import machine
from bench.hostile import hostile
from bench.progress import Progress
from bench.serving_against import Side, compare
from bench.serving_clients import STDIN, STDOUT, percentile
from bench.serving_soak import MEMORY, Held, programs
from crosstune.records import Status
from tests.serving.served import Server


class _Other(http.server.BaseHTTPRequestHandler):
    """A server of `/run_code` that runs nothing. It knows what Python programs print, and fails on others."""

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert asked["stdin"] == STDIN
        run = {"status": "Finished", "stdout": STDOUT}
        right = asked["language"] == "python"
        answer = {"status": "Success", "run_result": run} if right else {"status": "SandboxError"}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def other() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Other) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


def test_two_servers_are_compared(server: Server) -> None:
    with other() as url:
        port = int(url.rpartition(":")[2])
        assert machine.listening(port) == os.getpid()
        ours = Side("ours", server.address, machine.listening(server.port))
        assert ours.pid == server.process.pid
        theirs = Side("theirs", url, os.getpid())
        lines = list(compare(ours, theirs, ["python", "cpp"], [2], programs=4))
    python, cpp = ([cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:4])
    assert len(python) == len(cpp) == lines[0].count("|") - 1 == lines[1].count("|") - 1
    assert (python[:2], python[-2:]) == (["python", "2"], ["0", "0"])
    assert float(python[2]) > 0
    assert (cpp[:2], cpp[-2:], cpp[4]) == (["cpp", "2"], ["0", "4"], "-")
    assert lines[-1] == "theirs, cpp, 2 clients: 4 SandboxError: compile -, run -"


def test_nobody_listens() -> None:
    with pytest.raises(LookupError, match="port 1"):
        machine.listening(1)


def test_cpu_time_of_what_has_ended_counts() -> None:
    began = machine.cpu_seconds()
    loop = "import time\nwhile time.process_time() < 0.5: pass"
    subprocess.run([sys.executable, "-c", loop], check=True)
    assert machine.cpu_seconds() - began >= 0.45


def test_percentile() -> None:
    assert percentile(range(1, 201), 0.5) == 100
    assert percentile(range(1, 201), 0.99) == 198
    assert percentile([7], 0.99) == 7


def test_progress() -> None:
    progress = Progress(10, "programs", every_seconds=100)
    assert progress.text(1) == "0 of 10 programs, time left unknown"
    progress.advance(4)
    assert progress.text(60) == "4 of 10 programs, about 1:30 left"


def test_a_soaks_programs() -> None:
    sent = programs(1000, port=8000)
    kinds = {f"{each.kind} in {each.language}" for each in hostile()}
    assert sum(each.name in kinds for each in sent) == 100
    assert {each.name for each in sent} > kinds
    assert len({each.body["candidate"] for each in sent}) == len(sent)
    assert {right for each in sent for right in each.right} <= set(Status) - {Status.HARNESS_ERROR}


def test_what_grows_is_found() -> None:
    memory = MEMORY[0]
    flat = Held({memory: [100, *[200] * 18, 209], "open files": [5, 9] * 10})
    assert flat.grown() == []
    assert statistics.median(flat.tenth(memory, 9)) == 204.5
    growing = Held({memory: list(range(200, 220)), "open files": [9] * 18 + [10, 12]})
    assert growing.grown() == [
        f"{memory}: 202 in the second tenth, 218 in the last",
        "open files: 9 in the second tenth, 11 in the last",
    ]
