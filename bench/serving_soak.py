"""Very many programs, a tenth of them hostile, to one server: then nothing may be left, grow or be wrong.

A tenth are harmless ones in C++, a tenth in Java, and all others in Python; a fifth of them print a wrong
number. Between batches the server is idle for a moment, and what it holds is counted.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import machine
from bench.durability import adopting, left_over
from bench.hostile import hostile
from bench.progress import Progress
from bench.serving_clients import SOURCES, ask, program, verdict
from tests.serving.served import Server, serving, until

CLIENTS = 8
_BATCHES = 100
_TENTHS = 10
_MOST_GROWTH = 0.05
"""Of memory between the second and the last tenth, by their medians. Of all else the least of the last tenth
may not be above the most of the second: counts vary, as an idle server still prepares what comes next."""
_SETTLE_SECONDS = 0.3
_MOST_SHOWN = 20
_WIDTH = 200
_NUMBERS = re.compile(r"[0-9a-f]*\d[0-9a-f]*")
_FIRST = 10**9
"""The number of the first program that is sent before all others, and not counted."""


@dataclass(frozen=True)
class Sent:
    """A program, and the verdicts that are right."""

    name: str
    body: dict[str, Any]
    right: Collection[str]


@dataclass
class Held:
    """What the server held after each batch, by kind."""

    samples: dict[str, list[int]] = field(default_factory=dict)
    commands: list[Counter[str]] = field(default_factory=list)
    """The processes after each batch, by their command lines with all numbers left out."""

    def add(self, server: Server) -> None:
        for name, value in held(server.process.pid).items():
            self.samples.setdefault(name, []).append(value)
        self.commands.append(
            Counter(_NUMBERS.sub("#", each) for each in machine.commands(server.process.pid))
        )

    def tenth(self, name: str, number: int) -> list[int]:
        """The samples of the ``number``-th tenth, from 0."""
        values = self.samples[name]
        start, end = (len(values) * each // _TENTHS for each in (number, number + 1))
        return values[start:end]

    def grown(self) -> list[str]:
        """What has grown, and by how much."""
        found = []
        for name in self.samples:
            second, last = self.tenth(name, 1), self.tenth(name, _TENTHS - 1)
            before, after = statistics.median(second), statistics.median(last)
            memory = name in MEMORY
            if after > (1 + _MOST_GROWTH) * before if memory else min(last) > max(second):
                found.append(f"{name}: {before:.0f} in the second tenth, {after:.0f} in the last")
        return found and [*found, *self._started()]

    def _started(self) -> list[str]:
        """The processes of which there are more in the last tenth."""
        end = len(self.commands)
        second, last = self.commands[end // _TENTHS : 2 * end // _TENTHS], self.commands[-(end // _TENTHS) :]
        found = []
        for command in set().union(*last):
            before, after = (statistics.median(each[command] for each in tenth) for tenth in (second, last))
            if after > before:
                found.append(
                    f"{before:g} processes in the second tenth, {after:g} in the last: {command[:_WIDTH]}"
                )
        return sorted(found)


MEMORY = ("its memory, KiB", "all memory, KiB")


def held(pid: int) -> dict[str, int]:
    """What a server and the processes below it hold."""
    return {
        MEMORY[0]: machine.resident_bytes(pid, alone=True) >> 10,
        MEMORY[1]: machine.resident_bytes(pid) >> 10,
        "processes": len(machine.tree(pid)),
        "threads": machine.threads(pid),
        "open files": machine.open_files(pid),
        "control groups": len(groups(pid)),
    }


def groups(pid: int) -> list[Path]:
    return [path for path in Path("/sys/fs/cgroup").rglob(f"crosstune-{pid}-*") if path.is_dir()]


def soak(options: Sequence[str], count: int) -> int:
    """Print what was found; the exit status is 1 if anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, adopting() as orphans:
        with serving(*options, TMPDIR=folder) as server:
            pid, found, began = server.process.pid, Held(), time.monotonic()
            _send(server, first(server.port), Held(), batches=1)
            wrong, verdicts = _send(server, programs(count, server.port), found, _BATCHES)
            seconds = time.monotonic() - began
        problems = [*wrong, *found.grown()]
        problems += [f"exit status {server.process.returncode}"] if server.process.returncode else []
        problems += [f"process {each} is left" for each in sorted(left_over(orphans))]
        problems += [f"{each} is left" for each in (*groups(pid), *Path(folder).iterdir())]
    print(f"{count} programs in {seconds:.0f} s, {-(-count // _TENTHS)} of them hostile: {dict(verdicts)}")
    print("| held by the server and its processes, medians | second tenth | last tenth |\n|---|---|---|")
    for name in found.samples:
        second, last = (statistics.median(found.tenth(name, each)) for each in (1, _TENTHS - 1))
        print(f"| {name} | {second:.0f} | {last:.0f} |")
    print("\n".join(problems[:_MOST_SHOWN]) or "all verdicts are right, and nothing is left")
    return int(bool(problems))


def first(port: int) -> list[Sent]:
    """Programs for which a server starts all that it keeps: of all kinds, then many of one language at a
    time, as a second compile server starts only when the first is busy."""
    found = programs(_TENTHS * len(hostile()), port, _FIRST)
    numbers = range(_FIRST + len(found), _FIRST + len(found) + 4 * CLIENTS)
    return found + [_usual(number, place, wrong=False) for place in (1, 2, 3) for number in numbers]


def programs(count: int, port: int, start: int = 0) -> list[Sent]:
    """So many, numbered from ``start`` on."""
    kinds = hostile()
    sent = []
    for number in range(start, start + count):
        turn, place = divmod(number, _TENTHS)
        if place:
            sent.append(_usual(number, place, wrong=turn % 5 == 0))
            continue
        kind = kinds[turn % len(kinds)]
        source = kind.source.replace("@", str(number)).replace("PORT", str(port))
        body = {"language": kind.language, "candidate": source, "limits": kind.limits}
        cases = [{"stdin": "", "stdout": ""}]
        sent.append(Sent(f"{kind.kind} in {kind.language}", {**body, "cases": cases}, kind.verdicts))
    return sent


def _usual(number: int, place: int, *, wrong: bool) -> Sent:
    language = {1: "cpp", 2: "java"}.get(place, "python")
    body = program(language, number)
    if wrong:
        body["candidate"] = SOURCES[language].replace("2", "3").format(number)
    return Sent(f"a program in {language}", body, {"wrong_answer" if wrong else "passed"})


def _send(server: Server, given: Sequence[Sent], found: Held, batches: int) -> tuple[list[str], Counter[str]]:
    """What is wrong with the verdicts, and how many there are of each."""
    wrong, verdicts = list[str](), Counter[str]()
    progress = Progress(len(given), "programs")
    size = max(1, len(given) // batches)
    for start in range(0, len(given), size):
        batch = given[start : start + size]
        answers = ask(batch, CLIENTS, lambda each: _verdict(server, each))
        for each, (_, answer) in zip(batch, answers, strict=True):
            verdicts[answer] += 1
            if answer not in each.right:
                wrong.append(f"{each.name}: {answer}, not {' or '.join(sorted(each.right))}")
        until(lambda: not server.state()["running"])
        time.sleep(_SETTLE_SECONDS)
        found.add(server)
        progress.advance(len(batch))
    return wrong, verdicts


def _verdict(server: Server, sent: Sent) -> str:
    try:
        return str(verdict(server.address, sent.body)["verdict"])
    except (OSError, ValueError) as error:  # as wrong as a wrong verdict; the others still count
        return f"{type(error).__name__}: {error}"
