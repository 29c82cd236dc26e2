"""Measure `crosstune serve`: verdicts per CPU second, latency, the service's own cost, and a soak.

    python -m bench.serving --languages python,cpp --clients 1,8 --programs 100
    python -m bench.serving --against http://127.0.0.1:8080  # the same programs to another server, in turns
    python -m bench.serving --soak 20000

CPU time is that of the server's processes and of the programs, so other work on the machine does not count.
The plain way is a subprocess for each program, without a sandbox (and a compiler before it).
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Sequence
from pathlib import Path

from bench import machine, serving_soak
from bench.serving_against import Side, compare
from bench.serving_clients import SOURCES, STDIN, STDOUT, ask, percentile, program, verdict
from crosstune.execution import Judge, ProgramReader
from tests.serving.served import Server, serving

PLAIN = {
    "python": ("program.py", [], [sys.executable, "program.py"]),
    "cpp": ("program.cpp", ["g++", "-O2", "-w", "program.cpp", "-o", "program"], ["./program"]),
    "java": ("Main.java", ["javac", "-nowarn", "Main.java"], ["java", "-cp", ".", "Main"]),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.serving", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--languages", default="python,cpp,java")
    parser.add_argument("--clients", default="1,8,64")
    parser.add_argument("--programs", type=int, default=200, help="for each language and number of clients")
    parser.add_argument("--plain", type=int, default=20, help="programs that are run the plain way")
    parser.add_argument("--against", metavar="URL", help="instead: compare with this server, by /run_code")
    parser.add_argument(
        "--against-pid", type=int, default=0, help="its process, if the port does not show it"
    )
    parser.add_argument("--against-name", default="the other")
    parser.add_argument("--soak", type=int, default=0, help="instead: this many programs, a tenth hostile")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    options = ("--workers", str(given.workers), "--queue", "4096")
    languages, clients = given.languages.split(","), [int(each) for each in given.clients.split(",")]
    if given.soak:
        return serving_soak.soak(options, given.soak)
    with serving(*options) as server:
        if given.against:
            ours = Side("crosstune", server.address, server.process.pid)
            theirs = _other(given.against.rstrip("/"), given.against_pid, given.against_name)
            for line in compare(ours, theirs, languages, clients, given.programs):
                print(line, flush=True)
            return 0
        _load(server, languages, clients, given.programs, given.plain)
        _own_cost(server, given.programs)
    return 0


def _other(url: str, pid: int, name: str) -> Side:
    port = urllib.parse.urlsplit(url).port or 80
    return Side(name, url, pid or machine.listening(port))


def _load(
    server: Server, languages: Sequence[str], clients: Sequence[int], programs: int, plain_programs: int
) -> None:
    print("| language | clients | verdicts per CPU second | p50, ms | p99, ms | plain, per CPU second |")
    print("|---|---|---|---|---|---|")
    for language in languages:
        verdict(server.address, program(language, -1))  # what is prepared once
        plain = _plain(language, plain_programs)
        for count in clients:
            began = machine.cpu_seconds(server.process.pid)
            given = [program(language, random.getrandbits(60)) for _ in range(programs)]
            answers = ask(given, count, lambda each: verdict(server.address, each)["verdict"])
            assert {found for _, found in answers} == {"passed"}
            rate = programs / (machine.cpu_seconds(server.process.pid) - began)
            p50, p99 = (
                1000 * percentile([seconds for seconds, _ in answers], share) for share in (0.5, 0.99)
            )
            print(f"| {language} | {count} | {rate:.1f} | {p50:.0f} | {p99:.0f} | {plain:.1f} |", flush=True)


def _own_cost(server: Server, count: int) -> None:
    """What a request costs beyond judging, in two ways: all of a request whose verdict is known, and what the
    serving process uses for new programs less what a judge in a process uses for programs like these."""
    known = program("python", 0)
    verdict(server.address, known)
    began = machine.cpu_seconds(server.process.pid)
    ask([known] * count, 1, lambda each: verdict(server.address, each))
    cost = (machine.cpu_seconds(server.process.pid) - began) / count
    print(f"\nservice: {1000 * cost:.2f} ms of CPU for a request whose verdict is known ({count} requests)")
    new = [program("python", random.getrandbits(60)) for _ in range(count)]
    began = machine.own_cpu_seconds(server.process.pid)
    ask(new, 8, lambda each: verdict(server.address, each))
    served = (machine.own_cpu_seconds(server.process.pid) - began) / count
    judged = _judging_cost(count)
    print(
        f"service: {1000 * (served - judged):.2f} ms for a new program ({1000 * served:.2f} in the serving "
        f"process, of which a judge alone uses {1000 * judged:.2f})"
    )


def _judging_cost(count: int) -> float:
    """CPU seconds that this process uses for a verdict, without those of its workers."""
    reader = ProgramReader()
    rows = [{"id": "", **program("python", random.getrandbits(60))} for _ in range(count)]
    programs = [reader.read(row).program for row in rows]
    with Judge(os.cpu_count() or 1) as judge:
        list(judge.run([reader.read({"id": "", **program("python", -1)}).program]))
        began = time.process_time()
        list(judge.run(programs))
        return (time.process_time() - began) / count


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
            done = subprocess.run(run, cwd=folder, input=STDIN, capture_output=True, text=True, check=True)
            assert done.stdout.strip() == STDOUT.strip()
    return count / (spent() - began)


if __name__ == "__main__":
    sys.exit(main())
