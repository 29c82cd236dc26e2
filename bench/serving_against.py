"""The same programs from the same clients to two servers, in turns, by the route `/run_code`.

A program counts only if the answer is ``Success`` and has the right output. All else (a time-out, another
status, no answer) is an error. CPU time is that of all processes of a server, with the programs, also after
their end (but not of what is killed together with its process namespace).
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench import machine
from bench.progress import Progress
from bench.serving_clients import SOURCES, STDIN, STDOUT, ask, percentile, post

_TURNS = 4
_SETTLE_SECONDS = 0.5
"""After a turn: what a server still does for its requests is part of them."""
_MOST_KINDS = 3
_COLUMNS = 13


@dataclass
class Side:
    """A server, and what was measured of it for one language and number of clients."""

    name: str
    address: str
    pid: int
    cpu: float = 0.0
    wall: float = 0.0
    right: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.cpu = self.wall = 0.0
        self.right, self.errors = [], []

    @property
    def rate(self) -> float:
        """Right verdicts per CPU second."""
        return len(self.right) / self.cpu if self.cpu else 0.0

    def latency(self, share: float) -> str:
        """Milliseconds of the right verdicts."""
        return f"{1000 * percentile(self.right, share):.0f}" if self.right else "-"


def compare(
    ours: Side, theirs: Side, languages: Sequence[str], clients: Sequence[int], programs: int
) -> Iterator[str]:
    """Lines of a table in Markdown, and after it the errors by kind."""
    names = f"{ours.name} | {theirs.name}"
    yield (
        f"| language | clients | verdicts per CPU second: {names} | ratio | p50, ms: {names} "
        f"| p99, ms: {names} | per second: {names} | errors: {names} |"
    )
    yield "|---" * _COLUMNS + "|"
    progress = Progress(2 * programs * len(languages) * len(clients), "programs")
    notes = []
    for language in languages:
        for side in (ours, theirs):
            _asked(side.address, language, SOURCES[language].format("first"))  # what is prepared once
        for count in clients:
            _measure((ours, theirs), language, count, programs, progress)
            yield _row(language, count, ours, theirs)
            notes += [_kinds(side, language, count) for side in (ours, theirs) if side.errors]
    yield from ("", *notes)


def _measure(
    sides: tuple[Side, Side], language: str, clients: int, programs: int, progress: Progress
) -> None:
    for side in sides:
        side.clear()
    sources = [SOURCES[language].format(random.getrandbits(60)) for _ in range(programs)]
    turns = max(1, min(_TURNS, programs // clients))  # each keeps all clients busy
    size = -(-programs // turns)
    for turn, start in enumerate(range(0, programs, size)):
        for side in sides[:: -1 if turn % 2 else 1]:
            _turn(side, language, clients, sources[start : start + size])
            progress.advance(len(sources[start : start + size]))


def _turn(side: Side, language: str, clients: int, sources: Sequence[str]) -> None:
    cpu, began = machine.cpu_seconds(side.pid), time.monotonic()
    answers = ask(sources, clients, lambda source: _asked(side.address, language, source))
    side.wall += time.monotonic() - began
    time.sleep(_SETTLE_SECONDS)
    side.cpu += machine.cpu_seconds(side.pid) - cpu
    side.right += [seconds for seconds, error in answers if not error]
    side.errors += [error for _, error in answers if error]


def _asked(address: str, language: str, source: str) -> str:
    """What is wrong with the answer; nothing if it is right."""
    try:
        answer = post(f"{address}/run_code", {"language": language, "code": source, "stdin": STDIN})
    except (OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:80]
    run: dict[str, Any] = answer.get("run_result") or {}
    if answer.get("status") == "Success":
        right = str(run.get("stdout")).strip() == STDOUT.strip()
        return "" if right else "Success with another output"
    built: dict[str, Any] = answer.get("compile_result") or {}
    return f"{answer.get('status')}: compile {built.get('status', '-')}, run {run.get('status', '-')}"


def _row(language: str, clients: int, ours: Side, theirs: Side) -> str:
    ratio = f"{ours.rate / theirs.rate:.2f}" if theirs.rate else "-"
    cells = [language, clients, f"{ours.rate:.2f}", f"{theirs.rate:.2f}", ratio]
    cells += [side.latency(share) for share in (0.5, 0.99) for side in (ours, theirs)]
    cells += [f"{len(side.right) / side.wall:.2f}" for side in (ours, theirs)]
    cells += [len(side.errors) for side in (ours, theirs)]
    return "| " + " | ".join(map(str, cells)) + " |"


def _kinds(side: Side, language: str, clients: int) -> str:
    kinds = sorted({each: side.errors.count(each) for each in side.errors}.items(), key=lambda each: -each[1])
    counted = "; ".join(f"{count} {kind}" for kind, count in kinds[:_MOST_KINDS])
    return f"{side.name}, {language}, {clients} clients: {counted}"
