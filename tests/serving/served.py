"""Start `crosstune serve`, and ask it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CROSSTUNE = str(Path(sys.executable).with_name("crosstune"))
SLEEPS = "import time\ntime.sleep({})\n"


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    address: str

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        """Send ``body`` as JSON, or as it is if it is bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **headers}
        return self._reply(urllib.request.Request(self.address + path, data, given))

    def get(self, path: str, **headers: str) -> Reply:
        return self._reply(urllib.request.Request(self.address + path, headers=headers))

    def _reply(self, request: urllib.request.Request) -> Reply:
        try:
            with urllib.request.urlopen(request, timeout=300) as response:
                return Reply(response.status, _decoded(response.read()), dict(response.headers))
        except urllib.error.HTTPError as error:
            return Reply(error.code, _decoded(error.read()), dict(error.headers))

    def state(self) -> Any:
        return self.get("/healthz").body


def _decoded(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode()


@contextmanager
def serving(*options: str, **environment: str) -> Iterator[Server]:
    """A server on a free port; it is killed in the end if it still runs."""
    command = [CROSSTUNE, "serve", "--port", "0", *options]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = re.search(r"http://\S+:\d+", line)
            assert found, line
            yield Server(process, found[0])
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            finally:
                process.kill()


def until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


def sleeping(seconds: float, mark: int = 0) -> dict[str, Any]:
    """A program whose only case takes ``seconds``; ``mark`` makes it another one."""
    candidate = f"{SLEEPS.format(seconds)}# {mark}\n"
    return {"language": "python", "candidate": candidate, "cases": [{"stdin": "", "stdout": ""}]}
