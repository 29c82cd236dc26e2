"""The verdicts of an earlier run: checked against the programs, read line by line, and copied."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from crosstune.errors import UsageError
from crosstune.execution._lines import (
    BadLine,
    RowReader,
    copied_columns,
    is_intact,
    lines,
    row_of,
    with_columns,
)
from crosstune.files import set_aside
from crosstune.records import Program, Status
from crosstune.sharding import WHOLE, Shard

_WHOLE, _TEXT = 32, 16
"""How many digits of each digest are written: enough to distinguish programs with the same id."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Identifies what was judged: ``whole`` is the digest of the program and all its tools (None while tools
    are missing), ``text`` that of the program's text and limits alone."""

    whole: bytes | None
    text: bytes

    def __str__(self) -> str:
        return f"{self.whole.hex()[:_WHOLE] if self.whole else ''}-{self.text.hex()[:_TEXT]}"

    def matches(self, written: str) -> bool:
        """Whether a line's mark is this one; without the tools, whether it is of the same program.

        Lines of earlier versions have only the first part; without the tools, any of them matches."""
        whole, text = [*written.split("-"), ""][:2]
        if self.whole is None:
            return self.text.hex().startswith(text)
        return self.whole.hex()[:_WHOLE] == whole


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """The line of an earlier verdict, on so many ``cases``: the bytes ``start`` to ``end`` of its file."""

    id: str
    status: Status
    stage: str
    cases: int
    program: str
    columns: Mapping[str, Any]
    start: int
    end: int


class EarlierVerdicts:
    """The complete lines of ``target``, one after another; none if it does not exist."""

    def __init__(self, target: Path) -> None:
        """
        Raises:
            UsageError: it contains something other than verdicts.
        """
        self._file: BinaryIO | None = target.open("rb") if target.exists() else None
        self._copied = target.open("rb") if self._file else None
        self._lines = _whole_lines(self._file, target) if self._file else iter(())
        self._next = next(self._lines, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._file, self._copied):
            if file:
                file.close()

    @property
    def over(self) -> bool:
        """Whether every line has been taken."""
        return self._next is None

    def take(self, program: Program, mark: Mark) -> VerdictLine | None:
        """The verdict on this program; None if it has to be judged."""
        line = self._next
        if line is None or line.id != program.id:
            return None
        self._next = next(self._lines, None)
        # A failure of the judge is tried again; a changed program or tool gets a new verdict.
        if line.status == Status.HARNESS_ERROR or not mark.matches(line.program):
            return None
        if line.stage == "run" and line.cases != len(program.cases):
            return None
        return line

    def copy(self, line: VerdictLine, columns: Mapping[str, Any], out: BinaryIO) -> None:
        """Write the line as it is, or with ``columns`` if they have changed since."""
        assert self._copied is not None
        self._copied.seek(line.start)
        content = self._copied.read(line.end - line.start)
        out.write(content if line.columns == columns else with_columns(content, columns))


def _whole_lines(file: BinaryIO, path: Path) -> Iterator[VerdictLine]:
    """
    Raises:
        UsageError: a line is not a verdict; see `set_damaged_aside`.
    """
    start = 0
    for number, line in enumerate(file, 1):
        if not line.endswith(b"\n"):
            return  # the run was stopped while it wrote this
        if (verdict := _parsed(line, start)) is None:
            raise _not_verdicts(path, number)
        yield verdict
        start = verdict.end


def _parsed(line: bytes, start: int = 0) -> VerdictLine | None:
    """The verdict in a line that begins at byte ``start``; None if it holds none."""
    try:
        row = json.loads(line)
        status, cases = Status(row["verdict"]), len(row.get("cases", ()))
        program, columns, end = str(row["program"]), copied_columns(row), start + len(line)
        return VerdictLine(str(row["id"]), status, str(row["stage"]), cases, program, columns, start, end)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _not_verdicts(path: Path, number: int) -> UsageError:
    return UsageError(
        f"{path}, line {number}: not a verdict of crosstune; name another file for the verdicts"
    )


def set_damaged_aside(target: Path) -> tuple[Path | None, list[int]]:
    """Move the lines of ``target`` that are not what was written to a file beside it.

    Returns that file's path, None if there is no such line, and their numbers.

    Raises:
        UsageError: it has no verdict at all, so it is a file of another kind; nothing was changed.
    """
    damaged: dict[int, bytes] = {}
    whole = 0
    if target.exists():
        with target.open("rb") as lines_:
            for number, line in enumerate(lines_, 1):
                if line.endswith(b"\n"):
                    is_verdict = _parsed(line) is not None
                    whole += is_verdict
                    if not (is_verdict and is_intact(json.loads(line))):
                        damaged[number] = line
    if not damaged:
        return None, []
    if not whole:
        raise _not_verdicts(target, min(damaged))
    return set_aside(target, damaged), list(damaged)


def check(target: Path, source: Path, reader: RowReader, shard: Shard = WHOLE) -> None:
    """Check that the verdicts in ``target`` belong to programs of ``source``'s ``shard``, in the same order.

    Raises:
        UsageError: they do not; nothing was changed.
    """
    if not target.exists():
        return
    with target.open("rb") as verdicts, source.open("rb") as programs:
        ids = (name for _, line in shard.of(lines(programs)) if (name := _id(line, reader)) is not None)
        for verdict in _whole_lines(verdicts, target):
            if not any(name == verdict.id for name in ids):
                raise UsageError(
                    f"{target}: has a verdict on {verdict.id!r} where {source} does not have that program; "
                    "name another file for the verdicts"
                )


def _id(line: bytes, reader: RowReader) -> str | None:
    try:
        return reader.id_of(row_of(line))
    except BadLine:
        return None


def new_file(target: Path) -> Path:
    """The path of the new file, until it has all earlier verdicts and replaces the old one."""
    return target.with_name(f".{target.name}.part")


def recover(target: Path) -> None:
    """If a run was stopped before its new file replaced the old one, join the two: the new lines, then the
    old lines that follow them."""
    part = new_file(target)
    if not part.exists():
        return
    if target.exists():
        joined = target.with_name(f".{target.name}.joined")
        with part.open("rb") as new, target.open("rb") as old, joined.open("wb") as out:
            count = _copy_whole(new, out)
            for number, line in enumerate(old):
                if number >= count:
                    out.write(line)
        shutil.copymode(target, joined)
        joined.replace(target)
    part.unlink()


def _copy_whole(file: BinaryIO, out: BinaryIO) -> int:
    count = 0
    for line in file:
        if line.endswith(b"\n"):
            out.write(line)
            count += 1
    return count
