"""Run hostile programs, and check the machine after each of them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES, BuildPlan, JudgeTask, Language
from crosstune.records import Program, Status, Verdict, from_json, to_json
from tests.languages.cases import Case, Cases
from tests.processes import alive

_PATIENCE_SECONDS = 5.0
_AMPLE_BYTES = 16 << 30


class Machine:
    """The targets of hostile programs: a folder with a secret, listening sockets, an environment variable."""

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as opened:
            self.marker = f"20.0{secrets.randbelow(10**9):09}"
            self.folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="outside-")))
            (self.folder / "secret").write_text("confidential")
            (self.folder / "folder").mkdir()
            self._port = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
            self._abstract = opened.enter_context(socket.socket(socket.AF_UNIX))
            self._abstract.bind(f"\0{self.marker}")
            self._abstract.listen()
            for server in (self._port, self._abstract):
                server.setblocking(False)
            os.environ["CROSSTUNE_SECRET"] = "visible"
            opened.callback(os.environ.pop, "CROSSTUNE_SECRET")
            self._intact = self._digest()
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def fill_in(self, text: str) -> str:
        port = str(self._port.getsockname()[1])
        return text.replace("OUTSIDE", str(self.folder)).replace("PORT", port).replace("MARKER", self.marker)

    def _digest(self) -> str:
        rows = [
            (str(path), path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in sorted([self.folder, *self.folder.rglob("*")])
        ]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def harm(self) -> list[str]:
        """The damage done since it was entered."""
        found = []
        if self._digest() != self._intact:
            found.append("the folder outside was changed")
        folders = (Path.home(), Path("/tmp"), Path("/dev/shm"), Path("/"), Path("/usr"), Path.cwd())
        found += [f"{path} was written" for folder in folders for path in folder.glob(f"*{self.marker}*")]
        for server in (self._port, self._abstract):
            with contextlib.suppress(BlockingIOError):
                server.accept()[0].close()
                found.append(f"{server.getsockname()!r} was connected to")
        return found


def _descendants() -> list[tuple[str, list[str]]]:
    """The name of every living descendant of this process, and the remaining fields of its ``stat``."""
    parents: dict[int, list[int]] = {}
    found: dict[int, tuple[str, list[str]]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                name, _, rest = (entry / "stat").read_text().partition(" (")[2].rpartition(") ")
                if not rest.startswith("Z"):
                    parents.setdefault(int(rest.split()[1]), []).append(int(entry.name))
                    found[int(entry.name)] = name, rest.split()
    below, waiting = [], [os.getpid()]
    while waiting:
        children = parents.get(waiting.pop(), [])
        below += children
        waiting += children
    return [found[pid] for pid in below]


def _commands() -> Counter[str]:
    return Counter(name for name, _ in _descendants())


def cpu_seconds() -> float:
    """CPU time of this process and its living descendants, with all children that they waited for."""
    own = sum(os.times()[:4])
    below = sum(int(value) for _, fields in _descendants() for value in fields[11:15])
    return own + below / os.sysconf("SC_CLK_TCK")


def _left(before: Counter[str], marker: str) -> list[str]:
    """Processes that did not exist before; those that are just ending get a little time."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        more = [f"process {name}" for name in (_commands() - before).elements()]
        more += [f"process {pid}" for pid in alive(marker)]
        if not more or time.monotonic() > end:
            return more
        time.sleep(0.05)


def _bounded_build(plan: BuildPlan, seconds: float) -> BuildPlan:
    """With so little CPU time and so much memory for the build that only the time can run out."""
    if plan.build is None:
        return plan
    limits = replace(plan.build.limits, cpu_seconds=seconds, memory_bytes=_AMPLE_BYTES)
    return replace(plan, build=replace(plan.build, limits=limits))


@contextlib.contextmanager
def _bounded_builds(build_seconds: float) -> Iterator[None]:
    """Give builds other limits than their language's, which the limits of a program do not change."""
    load = LANGUAGES.load

    def loaded(name: str) -> Language:
        language = load(name)
        judging = language.judging
        assert judging is not None

        def plan(task: JudgeTask) -> BuildPlan:
            whole = judging.plan(task)
            return _bounded_build(whole, build_seconds) if build_seconds else whole

        return replace(language, judging=replace(judging, plan=plan))

    object.__setattr__(LANGUAGES, "load", loaded)
    try:
        yield
    finally:
        object.__delattr__(LANGUAGES, "load")


class HostileRunner:
    """Runs one language's programs on ``judge``, which has one worker, so they run one after another."""

    def __init__(self, cases: Cases, judge: Judge, machine: Machine) -> None:
        self._cases, self._judge, self._machine = cases, judge, machine
        self._count = 0
        # The judge's own processes: one that it keeps for the next program may be missing at times.
        self._usual = Counter[str]()

    def verdict(self, hostile: Case) -> Verdict:
        """Only the verdict of the program."""
        judging = LANGUAGES.load(self._cases.language).judging
        assert judging is not None
        limits = hostile.kind.limits(judging.limits)
        candidate = self._machine.fill_in(hostile.candidate)
        program = Program(hostile.name, self._cases.language, candidate, hostile.tests, limits=limits)
        return self._run(program, hostile.kind.build_seconds)

    def problems(self, hostile: Case) -> list[str]:
        """Everything that is not as expected: the verdict, the machine afterwards, the next program."""
        if not self._count:
            self._solution()
        self._usual |= _commands()
        before = self._usual
        found = []
        for _ in range(1 + hostile.kind.twice):
            found += _unexpected(self.verdict(hostile), hostile)
        found += _left(before, self._machine.marker)
        found += self._machine.harm()
        after = self._solution()
        if after.status is not Status.PASSED:
            found.append(f"the next solution ended with {after.status}: {after.stderr[-300:]}")
        return [f"{self._cases.language} {hostile.name}: {problem}" for problem in found]

    def _solution(self) -> Verdict:
        return self._run(Program("solution", self._cases.language, self._cases.solution, self._cases.tests))

    def _run(self, program: Program, build_seconds: float = 0.0) -> Verdict:
        """A comment makes it a new program, whose verdict is not cached."""
        self._count += 1
        comment = LANGUAGES.load(program.language).comment(str(self._count))
        tests = f"{program.tests}\n{comment}"
        with _bounded_builds(build_seconds):
            return next(self._judge.run([replace(program, tests=tests)]))


def _unexpected(verdict: Verdict, hostile: Case) -> list[str]:
    found = []
    kind = hostile.kind
    if (verdict.status, verdict.stage) != (kind.status, kind.stage):
        output = (verdict.stderr or verdict.stdout)[-500:]
        found.append(
            f"ended with {verdict.status} ({verdict.stage}), not {kind.status} ({kind.stage}); "
            f"status {verdict.exit_status}, signal {verdict.signal}, {verdict.cpu_seconds:.2f} s, "
            f"{verdict.peak_bytes >> 20} MB: {output}"
        )
    if from_json(Verdict, to_json(verdict)) != verdict:
        found.append("its verdict cannot be written and read again")
    return found
