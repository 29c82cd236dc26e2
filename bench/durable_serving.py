"""Kill `crosstune serve` at random moments while clients send programs, and start it again.

    python -m bench.durable_serving --kills 20 --minutes 10

Clients send each batch until it is answered. Every second kill is a SIGTERM: then the server has to answer
what it has accepted, and to end with status 0. All others are SIGKILL. When all batches of a round are
answered, some of them and of earlier rounds are sent again: the verdicts must be the same, times included, so
they come from the cache. No process may be left.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.durability import CROSSTUNE, adopting, left_over

Row = dict[str, Any]
_CLIENTS, _BATCH, _BATCHES = 2, 2, 40
_ASKED_AGAIN = 10
_LATER = 0.8
"""How often a kill waits until the server is ready; the others may hit it while it starts."""
_NOT_NOW = {429, 503}


@dataclass
class Served:
    """What was seen. ``errors`` say what is wrong; empty: nothing."""

    kills: int = 0
    terms: int = 0
    answered: int = 0
    again: int = 0
    errors: list[str] = field(default_factory=list)


def batch_of(number: int) -> list[Row]:
    """Programs that nobody else sends: half of them right."""
    return [
        {
            "id": f"{number}-{each}",
            "language": "python",
            "candidate": f"def one():\n    return {1 + each}  # {number}\n",
            "tests": "assert one() == 1\n",
        }
        for each in range(_BATCH)
    ]


def expected(number: int) -> list[tuple[str, str]]:
    return [(f"{number}-{each}", "wrong_answer" if each else "passed") for each in range(_BATCH)]


class Server:
    """`crosstune serve` on one port, which is killed and started again."""

    def __init__(self, cache: Path) -> None:
        self.port = _free_port()
        self._words = [CROSSTUNE, "serve", "--port", str(self.port), "--workers", "2", "--cache", str(cache)]
        self._log = cache.with_suffix(".log")
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        self._starts = 1 + (self.printed().count("crosstune serves") if self._log.exists() else 0)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._words, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        return self.process

    def wait_until_ready(self) -> None:
        while self.process.poll() is None and not self.is_ready():
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Before that, SIGTERM ends it as it ends any command."""
        return self.printed().count("crosstune serves") >= self._starts

    def end(self, number: signal.Signals) -> int:
        os.kill(self.process.pid, number)
        return self.process.wait()

    def printed(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def judge(self, rows: list[Row]) -> list[Row] | None:
        """Its verdicts; None if it does not run, or does not take the batch now."""
        url = f"http://127.0.0.1:{self.port}/judge"
        body = json.dumps({"programs": rows}).encode()
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=600) as response:  # noqa: S310 (this machine's)
                verdicts: list[Row] = json.load(response)["verdicts"]
                return verdicts
        except urllib.error.HTTPError as error:
            if error.code in _NOT_NOW:
                return None
            raise
        except (OSError, http.client.HTTPException, ValueError):
            return None


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Clients:
    """Threads that send batch after batch, each until it is answered."""

    def __init__(self, server: Server, first: int, count: int) -> None:
        self.answers: dict[int, list[Row]] = {}
        self.errors: list[str] = []
        self._server, self._numbers = server, iter(range(first, first + count))
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work) for _ in range(_CLIENTS)]
        for thread in self._threads:
            thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether all batches were answered within so many seconds."""
        end = time.monotonic() + (seconds or 0)
        for thread in self._threads:
            thread.join(None if seconds is None else max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while True:
            with self._lock:
                number = next(self._numbers, None)
            if number is None:
                return
            try:
                self._ask(number)
            except Exception as error:  # noqa: BLE001 (reported with the result)
                self.errors.append(f"batch {number}: {error}")

    def _ask(self, number: int) -> None:
        while (verdicts := self._server.judge(batch_of(number))) is None:
            time.sleep(0.05)
        found = [(each["id"], each["verdict"]) for each in verdicts]
        if found != expected(number):
            self.errors.append(f"batch {number}: {found}, expected {expected(number)}")
        self.answers[number] = verdicts


def disturbed(folder: Path, kills: int, moments: random.Random, seconds: float) -> Served:
    """End the server ``kills`` times, but not after so many ``seconds``."""
    seen, end = Served(), time.monotonic() + seconds
    with adopting() as orphans:
        server = Server(folder / "verdicts.sqlite")
        began = time.monotonic()
        server.wait_until_ready()
        ready, working = time.monotonic() - began, time.monotonic()
        clients = Clients(server, 0, _BATCHES)
        clients.wait()
        took, first = time.monotonic() - working, _BATCHES
        known = _checked(server, clients, seen)
        while seen.kills + seen.terms < kills and time.monotonic() < end:
            clients = Clients(server, first, _BATCHES)
            while seen.kills + seen.terms < kills and not clients.wait(moments.uniform(0, 1) * took):
                _end(server, seen)
                seen.errors += [f"left: {pid}" for pid in left_over(orphans)]
                server.start()
                if moments.random() < _LATER:
                    server.wait_until_ready()
                elif not clients.wait(moments.uniform(0, 1) * ready):
                    continue
            clients.wait()
            known |= _checked(server, clients, seen)
            first += _BATCHES
            _ask_again(server, {n: known[n] for n in moments.sample(sorted(known), _ASKED_AGAIN)}, seen)
        if status := server.end(signal.SIGTERM):
            seen.errors.append(f"ended with status {status} at last: {server.printed()[-500:]}")
        seen.errors += [f"left: {pid}" for pid in left_over(orphans)]
    return seen


def _end(server: Server, seen: Served) -> None:
    if server.process.poll() is not None:
        seen.errors.append(f"ended by itself: {server.printed()[-500:]}")
    elif (seen.kills + seen.terms) % 2 and server.is_ready():
        seen.terms += 1
        if status := server.end(signal.SIGTERM):
            seen.errors.append(f"status {status} after SIGTERM: {server.printed()[-500:]}")
    else:
        seen.kills += 1
        server.end(signal.SIGKILL)


def _checked(server: Server, clients: Clients, seen: Served) -> dict[int, list[Row]]:
    seen.answered += len(clients.answers)
    seen.errors += clients.errors
    if len(clients.answers) != _BATCHES:
        seen.errors.append(
            f"{len(clients.answers)} of {_BATCHES} batches answered: {server.printed()[-500:]}"
        )
    return clients.answers


def _ask_again(server: Server, known: dict[int, list[Row]], seen: Served) -> None:
    for number, before in known.items():
        seen.again += 1
        if (now := server.judge(batch_of(number))) != before:
            seen.errors.append(f"batch {number}: {now}, before {before}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.durable_serving")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="no more kills after these")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        seen = disturbed(Path(name), given.kills, random.Random(given.seed), 60 * given.minutes)
    print(
        f"serve: {seen.kills} SIGKILL, {seen.terms} SIGTERM, {seen.answered} batches answered, "
        f"{seen.again} asked again, {len(seen.errors)} errors"
    )
    print(*seen.errors, sep="\n")
    return int(bool(seen.errors))


if __name__ == "__main__":
    sys.exit(main())
