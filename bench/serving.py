"""Measure `crosstune serve`: verdicts per CPU second, latency, the service's own cost, and a soak.

    python -m bench.serving --languages python,cpp --clients 1,8 --programs 100
    python -m bench.serving --soak 400

CPU time is that of the server's processes and of the programs, so other work on the machine does not count.
The plain way is a subprocess for each program, without a sandbox (and a compiler before it).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.serving.served import Server, serving

_TICKS = os.sysconf("SC_CLK_TCK")
_HOSTILE_SECONDS = 1

SOURCES = {
    "python": "print(int(input()) * 2)\n# {}\n",
    "cpp": "#include <iostream>\nint main() {{ int n; std::cin >> n; std::cout << 2 * n; }}\n// {}\n",
    "java": "import java.util.Scanner;\npublic class Main {{ public static void main(String[] a) {{\n"
    "System.out.println(2 * new Scanner(System.in).nextInt()); }} }}\n// {}\n",
}
HOSTILE = {
    "endless loop": "while True: pass\n# {}\n",
    "fork bomb": "import os\nwhile True: os.fork()\n# {}\n",
    "memory": "x = []\nwhile True: x.append(bytes(1 << 24))\n# {}\n",
    "flood": "while True: print('x' * 4096)\n# {}\n",
    "orphan": "import os, time\nif os.fork() == 0:\n    os.setsid(); time.sleep(600)\n# {}\n",
    "files": "import os\nfor i in range(10**6): open(str(i), 'w').close()\n# {}\n",
}
PLAIN = {
    "python": ("program.py", [], [sys.executable, "program.py"]),
    "cpp": ("program.cpp", ["g++", "-O2", "-w", "program.cpp", "-o", "program"], ["./program"]),
    "java": ("Main.java", ["javac", "-nowarn", "Main.java"], ["java", "-cp", ".", "Main"]),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--languages", default="python,cpp,java")
    parser.add_argument("--clients", default="1,8,64")
    parser.add_argument("--programs", type=int, default=200, help="for each language and number of clients")
    parser.add_argument("--plain", type=int, default=20, help="programs that are run the plain way")
    parser.add_argument("--soak", type=int, default=0, help="instead: this many programs, a tenth hostile")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    with serving("--workers", str(given.workers), "--queue", "4096") as server:
        if given.soak:
            _soak(server, given.soak)
            return
        _load(server, given.languages.split(","), [int(each) for each in given.clients.split(",")], given)
        _own_cost(server, given.programs)


def _load(server: Server, languages: Sequence[str], clients: Sequence[int], given: Any) -> None:
    print("| language | clients | verdicts per CPU second | p50, ms | p99, ms | plain, per CPU second |")
    print("|---|---|---|---|---|---|")
    for language in languages:
        _judged(server, _program(language, -1))  # what is prepared once
        plain = _plain(language, given.plain)
        for count in clients:
            began = _cpu_seconds(server.process.pid)
            programs = [_program(language, random.getrandbits(60)) for _ in range(given.programs)]
            latencies = _ask(server, programs, count)
            rate = given.programs / (_cpu_seconds(server.process.pid) - began)
            p50, p99 = statistics.median(latencies), sorted(latencies)[int(0.99 * len(latencies))]
            print(
                f"| {language} | {count} | {rate:.1f} | {1000 * p50:.0f} | {1000 * p99:.0f} | {plain:.1f} |",
                flush=True,
            )


def _own_cost(server: Server, count: int) -> None:
    """What a request costs beyond judging: its verdict is known."""
    program = _program("python", 0)
    _judged(server, program)
    began = _cpu_seconds(server.process.pid)
    _ask(server, [program] * count, 1)
    cost = (_cpu_seconds(server.process.pid) - began) / count
    print(f"\nservice: {1000 * cost:.2f} ms of CPU for a request whose verdict is known ({count} requests)")


def _soak(server: Server, count: int) -> None:
    chance = random.Random(0)
    programs = [
        _hostile(chance, number) if number % 10 == 0 else _program("python", number)
        for number in range(count)
    ]
    _ask(server, programs[:20], 8)
    before = _held(server)
    statuses = Counter[str]()
    began = time.monotonic()
    _ask(server, programs[20:], 8, lambda verdict: statuses.update([verdict["verdict"]]))
    seconds = time.monotonic() - began
    time.sleep(2)
    after = _held(server)
    print(f"{count - 20} programs in {seconds:.0f} s, {len(programs[20:]) // 10} hostile: {dict(statuses)}")
    print("| held by the server | after 20 programs | at the end |\n|---|---|---|")
    for name, value in before.items():
        print(f"| {name} | {value} | {after[name]} |")


def _program(language: str, number: int) -> dict[str, Any]:
    return {
        "language": language,
        "candidate": SOURCES[language].format(number),
        "cases": [{"stdin": "21\n", "stdout": "42\n"}],
    }


def _hostile(chance: random.Random, number: int) -> dict[str, Any]:
    source = HOSTILE[chance.choice(sorted(HOSTILE))].format(number)
    limits = {"cpu_seconds": _HOSTILE_SECONDS, "wall_seconds": 10}
    return {
        "language": "python",
        "candidate": source,
        "cases": [{"stdin": "", "stdout": ""}],
        "limits": limits,
    }


def _ask(
    server: Server,
    programs: Sequence[dict[str, Any]],
    clients: int,
    take: Callable[[dict[str, Any]], None] = lambda _: None,
) -> list[float]:
    """The seconds that each request took."""

    def one(program: dict[str, Any]) -> float:
        began = time.monotonic()
        take(_judged(server, program))
        return time.monotonic() - began

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, programs))


def _judged(server: Server, program: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps({"programs": [program]}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.address}/judge", body, headers)  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=600) as response:  # noqa: S310
        (verdict,) = json.load(response)["verdicts"]
    result: dict[str, Any] = verdict
    return result


def _plain(language: str, count: int) -> float:
    """Programs per CPU second, each in a subprocess."""
    name, build, run = PLAIN[language]

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    began = spent()
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, name).write_text(SOURCES[language].format(number))
            if build:
                subprocess.run(build, cwd=folder, check=True)
            done = subprocess.run(run, cwd=folder, input="21\n", capture_output=True, text=True, check=True)
            assert done.stdout.strip() == "42"
    return count / (spent() - began)


def _tree(root: int) -> list[int]:
    """A process and all below it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, new = {root}, {root}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new} - found
        found |= new
    return sorted(found)


def _cpu_seconds(root: int) -> float:
    """What a process and all below it have used, with what has ended."""
    total = 0
    for pid in _tree(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / _TICKS


def _held(server: Server) -> dict[str, int]:
    """What could leak."""
    pid = server.process.pid
    status = Path(f"/proc/{pid}/status").read_text()
    resident = int(status.partition("VmRSS:")[2].split()[0])
    groups = [path for path in Path("/sys/fs/cgroup").rglob(f"crosstune-{pid}-*") if path.is_dir()]
    return {
        "resident memory, MiB": resident >> 10,
        "threads": int(status.partition("Threads:")[2].split()[0]),
        "open descriptors": len(list(Path(f"/proc/{pid}/fd").iterdir())),
        "processes": len(_tree(pid)),
        "control groups": len(groups),
        "files of crosstune in /tmp": len(list(Path(tempfile.gettempdir()).glob("*crosstune*"))),
    }


if __name__ == "__main__":
    main()
