"""A file of programs into a file of verdicts: any length, stoppable anywhere, nothing judged twice."""

from __future__ import annotations

import collections
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from crosstune.errors import DataError, Incomplete, PrerequisiteError, UsageError
from crosstune.execution import _earlier_verdicts
from crosstune.execution._earlier_verdicts import Earlier, Kept, Mark
from crosstune.execution._judge import Judge, text_digest
from crosstune.execution._languages import toolchain_of
from crosstune.execution._lines import BadLine, lines, program_of, verdict_line
from crosstune.execution._requirements import requirements
from crosstune.records import Program, Progress, Status, Verdict

_AHEAD = 8
_MOST_WAITING = 4096


@dataclass
class Judgement:
    """What came of a file: programs ``judged`` now and ``kept`` from an earlier run, verdicts by language
    and label, lines that are ``bad``, and by language its ``lack``: tools that are not installed, or do
    not work."""

    judged: int = 0
    kept: int = 0
    statuses: dict[str, collections.Counter[str]] = field(default_factory=dict)
    bad: int = 0
    lack: dict[str, list[str]] = field(default_factory=dict)

    @property
    def unjudged(self) -> int:
        """Verdicts that tell of a fault of ours."""
        return sum(counts[str(Status.HARNESS_ERROR)] for counts in self.statuses.values())

    def count(self, language: str, status: str) -> None:
        self.statuses.setdefault(language, collections.Counter())[str(status)] += 1

    def lacks(self, language: str, error: str) -> None:
        faults = self.lack.setdefault(language, [])
        if error not in faults:
            faults.append(error)


def judge_file(
    source: Path,
    target: Path,
    judge: Judge,
    *,
    complain: Callable[[str], None],
    progress: Progress | None = None,
) -> Judgement:
    """Judge the programs of ``source`` (JSON lines) and write a line for each into ``target``, in order.

    Where ``target`` exists, its verdicts on the same programs are kept, but for those that tell of our
    own failure; a torn last line goes. Programs of a language whose tools are missing or broken keep an
    earlier verdict on the same text and limits, and get ``harness_error`` where there is none. ``complain``
    is told of each bad line, ``progress`` of bytes read.

    Raises:
        DataError: ``source`` cannot be read.
        UsageError: ``target`` holds something else, or verdicts on other programs.
        Incomplete: ``target`` cannot be written.
    """
    try:
        programs = source.open("rb")
    except OSError as error:
        raise DataError(f"{source}: cannot be read ({error.strerror})") from None
    with programs, ExitStack() as opened:
        try:
            if target.exists() and not target.is_file():
                raise UsageError(f"{target}: expected the name of a file for the verdicts")
            if target.exists() and target.samefile(source):
                raise UsageError(f"{target}: the verdicts would replace the programs; name another file")
            target.parent.mkdir(parents=True, exist_ok=True)
            _earlier_verdicts.mend(target)
            _earlier_verdicts.check(target, source)
            run = _Run(target, judge, opened)
            for program in _programs(programs, source, run.result, complain, progress):
                run.add(program)
            run.write(0)
        except OSError as error:
            raise Incomplete(f"{target}: cannot be written ({error}); run again to go on") from None
    return run.result


def _programs(
    file: BinaryIO,
    source: Path,
    result: Judgement,
    complain: Callable[[str], None],
    progress: Progress | None,
) -> Iterator[Program]:
    total = os.fstat(file.fileno()).st_size
    for number, line in lines(file):
        try:
            program = program_of(line)
        except BadLine as error:
            result.bad += 1
            complain(f"{source}, line {number}: {error}")
        else:
            yield program
        if progress:
            progress(file.tell(), total)


@dataclass(frozen=True, slots=True)
class _AtWork:
    program: Program
    mark: Mark
    verdict: Future[Verdict]


class _Run:
    """Programs go in, their verdicts come out in the same order, new ones and kept ones.

    Where there are earlier verdicts, a new file grows aside until it holds all of them, then takes the
    old one's place and grows on there.
    """

    def __init__(self, target: Path, judge: Judge, opened: ExitStack) -> None:
        self.result = Judgement()
        self._target, self._judge = target, judge
        self._earlier = opened.enter_context(Earlier(target))
        self._aside: Path | None = _earlier_verdicts.aside(target) if target.exists() else None
        self._out = opened.enter_context((self._aside or target).open("wb"))
        self._order: collections.deque[Kept | _AtWork] = collections.deque()
        self._at_work = 0
        self._unable: dict[str, list[str]] = {}

    def add(self, program: Program) -> None:
        lack = self._lack(program.language)
        mark = Mark(None if lack else self._judge.digest(program), text_digest(program))
        if kept := self._earlier.take(program.id, mark):
            self.result.kept += 1
            self.result.count(program.language, kept.status)
            self._order.append(kept)
        else:
            verdict = _known(_without(program, lack)) if lack else self._judge.submit(program)
            self._order.append(_AtWork(program, mark, verdict))
            self._at_work += 1
        self.write(_AHEAD * self._judge.workers)

    def write(self, leave: int) -> None:
        """Write from the front, until no more than ``leave`` programs are at work; 0: everything."""
        order = self._order
        while order and (
            isinstance(order[0], Kept) or self._at_work > leave or not leave or len(order) > _MOST_WAITING
        ):
            first = order.popleft()
            if isinstance(first, Kept):
                self._earlier.copy(first, self._out)
            else:
                self._write_verdict(first)
        self._settle()

    def _write_verdict(self, done: _AtWork) -> None:
        language = done.program.language
        try:
            verdict = replace(done.verdict.result(), id=done.program.id)
        except PrerequisiteError as error:  # of what this program uses, perhaps no other
            self.result.lacks(language, str(error))
            verdict = _without(done.program, [str(error)])
        self._out.write(verdict_line(verdict, str(done.mark)))
        self._out.flush()
        self._at_work -= 1
        self.result.judged += 1
        self.result.count(language, verdict.status)

    def _settle(self) -> None:
        if self._aside is None or not self._earlier.over:
            return
        if any(isinstance(waiting, Kept) for waiting in self._order):
            return
        self._out.flush()
        os.fsync(self._out.fileno())
        self._aside.chmod(self._target.stat().st_mode)
        self._aside.replace(self._target)
        self._aside = None

    def _lack(self, language: str) -> list[str]:
        if language not in self._unable:
            self._unable[language] = list(_faults(language))
            for error in self._unable[language]:
                self.result.lacks(language, error)
        return self._unable[language]


def _faults(language: str) -> Iterator[str]:
    """Why nothing can be judged in it. A fault in one language's tools must not stop the others."""
    absent = [each for each in requirements(language, "none") if not each.met]
    yield from (f"{each.what} is missing. Get it: {each.how}" for each in absent)
    if not absent:
        try:
            toolchain_of(language)
        except PrerequisiteError as error:
            yield str(error)


def _without(program: Program, lack: list[str]) -> Verdict:
    """The verdict where a tool is not installed, or does not work."""
    why = "; ".join(lack)
    return Verdict(program.id, Status.HARNESS_ERROR, "build", -1, 0, 0.0, 0.0, 0, stdout="", stderr=why)


def _known(verdict: Verdict) -> Future[Verdict]:
    found: Future[Verdict] = Future()
    found.set_result(verdict)
    return found
