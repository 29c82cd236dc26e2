"""Judge a file of any number of programs. A stopped run can be continued, and judges nothing twice."""

from __future__ import annotations

import collections
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from crosstune import files
from crosstune.errors import CrosstuneError, DataError, Incomplete, PrerequisiteError, UsageError
from crosstune.execution import _earlier_verdicts
from crosstune.execution._earlier_verdicts import EarlierVerdicts, Mark, VerdictLine
from crosstune.execution._judge import text_digest
from crosstune.execution._languages import rules_of, tests_error, toolchain_of
from crosstune.execution._lines import (
    BadLine,
    ProgramReader,
    RowReader,
    Submission,
    lines,
    row_of,
    verdict_line,
)
from crosstune.execution._requirements import requirements
from crosstune.execution._verdicts import unjudged
from crosstune.records import ComparisonKind, Program, Progress, Status, Verdict
from crosstune.sharding import WHOLE, Shard

_AHEAD = 8
_MAX_WAITING = 4096


@dataclass
class Judgement:
    """The result for a file: how many programs were ``judged`` now and ``kept`` from an earlier run,
    verdicts by language and status, how many lines are ``bad``, and for each language its ``lack``: tools
    that are not installed or do not work. ``tests_errors`` are reasons why tests cannot judge any candidate,
    with the number of programs, by language. ``tools`` are those that the verdicts in a language depend on,
    and the versions of crosstune's rules for it; None: verdicts were kept although they are missing."""

    judged: int = 0
    kept: int = 0
    statuses: dict[str, collections.Counter[str]] = field(default_factory=dict)
    bad: int = 0
    lack: dict[str, list[str]] = field(default_factory=dict)
    tests_errors: dict[str, collections.Counter[str]] = field(default_factory=dict)
    tools: dict[str, str | None] = field(default_factory=dict)

    @property
    def unjudged(self) -> int:
        """The number of programs that could not be judged, because the judge failed."""
        return sum(counts[str(Status.HARNESS_ERROR)] for counts in self.statuses.values())

    def count(self, language: str, status: str) -> None:
        self.statuses.setdefault(language, collections.Counter())[str(status)] += 1

    def lacks(self, language: str, error: str) -> None:
        errors = self.lack.setdefault(language, [])
        if error not in errors:
            errors.append(error)


class TakesPrograms(Protocol):
    """What judges programs: a `Judge`, or many."""

    workers: int

    def digest(self, program: Program) -> bytes:
        """See `Judge.digest`."""
        ...

    def submit(self, program: Program) -> Future[Verdict]:
        """See `Judge.submit`."""
        ...


def judge_file(
    source: Path,
    target: Path,
    judge: TakesPrograms,
    *,
    complain: Callable[[str], None],
    progress: Progress | None = None,
    reader: RowReader | None = None,
    shard: Shard = WHOLE,
) -> Judgement:
    """Judge the programs of ``source`` (JSON lines) and write a line for each into ``target``, in order.

    A row holds a program, or what ``reader`` makes a program of. Only the rows of the ``shard`` are judged.

    If ``target`` exists, its verdicts on the same programs are kept, except ``harness_error``; a torn last
    line is removed, and other damaged lines are moved to a file beside it. Programs of a language whose tools
    are missing or broken keep an earlier verdict on the same text and limits, or get ``harness_error``.
    ``complain`` is called with a message about each bad or damaged line, ``progress`` with the number of rows
    that are done, and of all but those whose verdicts are kept (0: not known, because ``source`` is a pipe).

    Raises:
        DataError: ``source`` cannot be read.
        UsageError: ``target`` is no usable path, has only other content, or verdicts on other programs.
        Incomplete: ``target`` cannot be written, or another process is writing it.
    """
    try:
        programs = source.open("rb")
    except OSError as error:
        raise DataError(f"{source}: cannot be read ({error.strerror})") from None
    try:
        with programs, ExitStack() as opened:
            _check_target(target, source)
            opened.enter_context(_sole_writer(target))
            _earlier_verdicts.recover(target)
            _set_damaged_aside(target, complain)
            reader = reader or ProgramReader()
            _earlier_verdicts.check(target, source, reader, shard)
            run = _Run(target, judge, opened, _advance(progress, programs, shard))
            for submission in _submissions(programs, reader, source, run, complain=complain, shard=shard):
                run.add(submission)
            run.write(0)
    except OSError as error:
        raise _unwritable(target, error) from None
    return run.result


def _check_target(target: Path, source: Path) -> None:
    if target.exists() and not target.is_file():
        raise UsageError(f"{target}: expected the name of a file for the verdicts")
    if target.exists() and target.samefile(source):
        raise UsageError(f"{target}: the verdicts would replace the programs; name another file")
    target.parent.mkdir(parents=True, exist_ok=True)


def _unwritable(target: Path, error: OSError) -> CrosstuneError:
    if error.errno in files.UNUSABLE_PATH:
        return UsageError(f"{target}: cannot be written ({error}); name another file for the verdicts")
    return Incomplete(f"{target}: cannot be written ({error}); {files.remedy(error)}run again to continue")


def _set_damaged_aside(target: Path, complain: Callable[[str], None]) -> None:
    aside, numbers = _earlier_verdicts.set_damaged_aside(target)
    for number in numbers:
        complain(f"{target}, line {number}: damaged; moved to {aside}, and its program is judged again")


@contextmanager
def _sole_writer(target: Path) -> Iterator[None]:
    """Hold the lock of ``target``.

    Raises:
        Incomplete: another process holds it.
    """
    lock = files.locked(target.with_name(f".{target.name}.lock"))
    try:
        lock.__enter__()
    except BlockingIOError:
        raise Incomplete(
            f"{target}: another process is writing it; wait until it has ended, or name another file"
        ) from None
    with ExitStack() as held:
        held.push(lock)
        yield


def _submissions(
    file: BinaryIO,
    reader: RowReader,
    source: Path,
    run: _Run,
    *,
    complain: Callable[[str], None],
    shard: Shard,
) -> Iterator[Submission]:
    for number, line in shard.of(lines(file)):
        try:
            submission = reader.read(row_of(line))
        except BadLine as error:
            run.result.bad += 1
            run.advance(run.result)
            complain(f"{source}, line {number}: {error}")
        else:
            yield submission


def _advance(progress: Progress | None, file: BinaryIO, shard: Shard) -> Callable[[Judgement], None]:
    """What reports how much is done. It reads ``file`` once to count the rows, and returns to its start."""
    if progress is None:
        return lambda _: None
    total = 0
    if file.seekable():
        total = sum(1 for _ in shard.of(lines(file)))
        file.seek(0)

    def advance(result: Judgement) -> None:
        progress(result.judged + result.bad, max(total - result.kept, 0))

    advance(Judgement())
    return advance


@dataclass(frozen=True, slots=True)
class _Pending:
    program: Program
    mark: Mark
    columns: Mapping[str, Any]
    verdict: Future[Verdict]


@dataclass(frozen=True, slots=True)
class _KeptLine:
    line: VerdictLine
    columns: Mapping[str, Any]


class _Run:
    """Takes programs, and writes new and kept verdicts in the same order.

    If earlier verdicts exist, it writes to a new file. Once that has all of them, it replaces the old file,
    and later verdicts are appended to it.
    """

    def __init__(
        self,
        target: Path,
        judge: TakesPrograms,
        opened: ExitStack,
        advance: Callable[[Judgement], None],
    ) -> None:
        self.result = Judgement()
        self.advance = advance
        self._target, self._judge = target, judge
        self._earlier = opened.enter_context(EarlierVerdicts(target))
        self._new_file: Path | None = _earlier_verdicts.new_file(target) if target.exists() else None
        self._out = opened.enter_context((self._new_file or target).open("wb"))
        self._order: collections.deque[_KeptLine | _Pending] = collections.deque()
        self._pending = 0
        self._lack_by_language: dict[str, list[str]] = {}

    def add(self, submission: Submission) -> None:
        program, columns = submission.program, submission.columns
        lack = self._lack(program.language)
        mark = Mark(None if lack else self._judge.digest(program), text_digest(program))
        if kept := self._earlier.take(program, mark):
            self.result.kept += 1
            self.result.count(program.language, kept.status)
            self._note_tools(program)
            self._order.append(_KeptLine(kept, columns))
        else:
            if not lack and (error := tests_error(program)):
                errors = self.result.tests_errors.setdefault(program.language, collections.Counter())
                errors[error] += 1
            if not lack:
                self._note_tools(program)
            verdict = _completed(_not_judged(program, lack)) if lack else self._judge.submit(program)
            self._order.append(_Pending(program, mark, columns, verdict))
            self._pending += 1
        self.write(_AHEAD * self._judge.workers)

    def write(self, leave: int) -> None:
        """Write verdicts in order, until at most ``leave`` programs are being judged; 0: write all."""
        order = self._order
        while order and (
            isinstance(order[0], _KeptLine) or self._pending > leave or not leave or len(order) > _MAX_WAITING
        ):
            first = order.popleft()
            if isinstance(first, _KeptLine):
                self._earlier.copy(first.line, first.columns, self._out)
            else:
                self._write_verdict(first)
        self._replace_old_file()

    def _write_verdict(self, done: _Pending) -> None:
        language = done.program.language
        try:
            verdict = replace(done.verdict.result(), id=done.program.id)
        except PrerequisiteError as error:  # about a tool that perhaps only this program uses
            self.result.lacks(language, str(error))
            verdict = _not_judged(done.program, [str(error)])
        self._out.write(verdict_line(verdict, str(done.mark), done.columns))
        self._out.flush()
        self._pending -= 1
        self.result.judged += 1
        self.result.count(language, verdict.status)
        self.advance(self.result)

    def _replace_old_file(self) -> None:
        """Replace the old file, once all its verdicts are in the new one."""
        if self._new_file is None or not self._earlier.over:
            return
        if any(isinstance(waiting, _KeptLine) for waiting in self._order):
            return
        self._out.flush()
        os.fsync(self._out.fileno())
        self._new_file.chmod(self._target.stat().st_mode)
        self._new_file.replace(self._target)
        self._new_file = None

    def _note_tools(self, program: Program) -> None:
        languages = {program.language}
        if program.cases and program.comparison.kind is ComparisonKind.CHECKER:
            languages.add(program.comparison.language)
        for language in languages - self.result.tools.keys():
            self.result.tools[language] = None if [*_tool_errors(language)] else rules_of(language)

    def _lack(self, language: str) -> list[str]:
        if language not in self._lack_by_language:
            self._lack_by_language[language] = list(_tool_errors(language))
            for error in self._lack_by_language[language]:
                self.result.lacks(language, error)
        return self._lack_by_language[language]


def _tool_errors(language: str) -> Iterator[str]:
    """Why nothing can be judged in the language. Broken tools of one language must not affect others."""
    absent = [each for each in requirements(language, "none") if not each.met]
    yield from (f"{each.what} is missing. Get it: {each.how}" for each in absent)
    if not absent:
        try:
            toolchain_of(language)
        except PrerequisiteError as error:
            yield str(error)


def _not_judged(program: Program, lack: list[str]) -> Verdict:
    """The verdict of a program whose tool is not installed or does not work."""
    return unjudged(program, "; ".join(lack))


def _completed(verdict: Verdict) -> Future[Verdict]:
    future: Future[Verdict] = Future()
    future.set_result(verdict)
    return future
