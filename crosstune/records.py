"""The records that packages exchange and files contain. All are frozen.

A record is written as one JSON object (`to_json`) and read back (`from_json`). Steps exchange records only
through such files (JSON lines) or Parquet rows with the same field names.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

R = TypeVar("R")

_RENAMED: Mapping[str, Mapping[str, str]] = {
    "Completion": {"finish": "finish_reason"},
    "Verdict": {"label": "status"},
    "EvaluatedSample": {"label": "status"},
    "Score": {"labels": "statuses"},
}
"""Fields of version 0.1, by record: a file that still has one is refused with the new name."""

Progress = Callable[[int, int], None]
"""Progress callback ``(done, total)``; the total is 0 while it is unknown."""


class Status(enum.StrEnum):
    """The status of a verdict. `HARNESS_ERROR` is an error of the judge; all others come from the program."""

    PASSED = "passed"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    COMPILE_ERROR = "compile_error"
    TIMEOUT = "timeout"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    PROCESS_LIMIT = "process_limit"
    DISK_LIMIT = "disk_limit"
    POLICY = "policy"
    INCOMPLETE = "incomplete"
    """It exited by itself before the tests had reported."""
    HARNESS_ERROR = "harness_error"


@dataclass(frozen=True, slots=True)
class Commit:
    """A change of a single file in a repository's history.

    ``time`` is when it was committed, in seconds since 1970. ``old`` and ``new`` are the ``piece`` of the
    file that is kept (file, definition or hunk), which begins at lines ``old_line`` and ``new_line``,
    counted from 1. ``body`` is the part of the instruction that follows the subject.
    """

    repository: str
    commit: str
    subject: str
    message: str
    path: str
    old: str
    new: str
    old_blob: str
    new_blob: str
    language: str
    licence: str
    time: int = 0
    body: str = ""
    piece: str = "file"
    old_line: int = 1
    new_line: int = 1


@dataclass(frozen=True, slots=True)
class Example:
    """One training example.

    ``prompt`` has no template yet; it is empty for raw text, all of which is learned. ``language`` is the
    name of a programming language, or empty for prose.
    """

    id: str
    prompt: str
    completion: str
    language: str
    task: str
    source: str
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One benchmark problem in one language, and what is needed to judge an answer.

    ``instruction`` has no template yet. ``declaration`` is the beginning of the answer, which the model is
    given. ``canonical`` and ``buggy`` are complete candidates (declaration and body), empty if the
    benchmark has none. ``setup`` is put before the candidate. ``defect`` is a known error in the
    benchmark's own data, or empty.
    """

    id: str
    benchmark: str
    task: str
    language: str
    instruction: str
    declaration: str
    entry_point: str
    tests: str
    setup: str = ""
    canonical: str = ""
    buggy: str = ""
    defect: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer to one problem. ``text`` is raw: nothing has been extracted yet.

    ``finish_reason`` is ``stop``, ``length`` or ``error`` (the server failed: never judged).
    """

    problem: str
    benchmark: str
    language: str
    task: str
    sample: int
    prompt: str
    text: str
    finish_reason: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use, in seconds, bytes and counts. CPU time decides; wall time is a backstop."""

    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    processes: int
    file_bytes: int
    output_bytes: int
    disk_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, to be run in a sandbox.

    ``argv`` begins with an absolute path; empty means the sandbox's preloaded program. The command reads
    ``stdin`` (a sealed file; empty: the null device) and, from descriptor 3, ``payload``. It may write a
    report of up to 4,096 bytes to descriptor 4. With ``keep_stdout`` the outcome has its whole output, else
    only the tail. ``reserve_bytes`` of memory, which the runtime reserves without using it, are allowed on
    top of the memory limit.
    """

    limits: Limits
    argv: tuple[str, ...] = ()
    payload: str = ""
    stdin: bytes = b""
    keep_stdout: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    reserve_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One run of a whole program: what it reads, and the output that is expected.

    ``stdout`` None: any output will do, and the exit status alone decides.
    """

    stdin: str = ""
    stdout: str | None = None


@dataclass(frozen=True, slots=True)
class CallCase:
    """One call of a candidate's function, with JSON values: ``call(*arguments)`` is to give ``expected``.

    Only a record so far: programs with such cases are refused by the judge.
    """

    call: str
    arguments: list[Any] = field(default_factory=list)
    expected: Any = None


class ComparisonKind(enum.StrEnum):
    """How the output of a case is compared with the expected one."""

    EXACT = "exact"
    """The same text, but for white space at the ends of lines and empty lines at the end."""
    TOKENS = "tokens"
    """The same words, separated by any white space."""
    FLOATS = "floats"
    """As ``tokens``, but two words that are numbers may differ by a tolerance."""
    CHECKER = "checker"
    """A program decides."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a program's output is compared.

    ``floats`` accepts numbers that differ by at most ``absolute``, or by at most ``relative`` times the
    expected number. ``checker`` runs the program ``source``, written in ``language``.
    """

    kind: ComparisonKind = ComparisonKind.EXACT
    absolute: float = 1e-6
    relative: float = 1e-6
    language: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """A candidate and what decides about it: ``tests`` in its language, which call it, or ``cases``, for
    which it is run as a whole program.

    ``limits`` hold for each run; None: the language's. ``comparison`` and ``stop_at_first_failure`` belong to
    the cases.

    Raises:
        ValueError: both tests and cases are given.
    """

    id: str
    language: str
    candidate: str
    tests: str = ""
    setup: str = ""
    limits: Limits | None = None
    cases: tuple[Case | CallCase, ...] = ()
    comparison: Comparison = field(default_factory=Comparison)
    stop_at_first_failure: bool = False

    def __post_init__(self) -> None:
        if self.tests and self.cases:
            raise ValueError("a program has either tests or cases, not both")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What happened in one case; see `Verdict`. ``status`` None: not run, because an earlier one failed."""

    status: Status | None
    exit_status: int = 0
    signal: int = 0
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_bytes: int = 0
    stdout: str = ""
    stderr: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The evidence for one program: what happened, where, and what it cost.

    ``stage`` is ``build`` or ``run``; ``signal`` is 0 where none ended the program; ``peak_bytes`` is the
    largest resident memory seen; ``stdout`` and ``stderr`` are tails of 4,096 bytes. For a program with
    ``cases`` these are of the first case that failed, or else of the last one; times are sums over build and
    cases, and ``peak_bytes`` is the maximum.
    """

    id: str
    status: Status
    stage: str
    exit_status: int
    signal: int
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    stdout: str
    stderr: str
    cases: tuple[CaseResult, ...] = ()

    @property
    def passed(self) -> bool:
        return self.status is Status.PASSED


@dataclass(frozen=True, slots=True)
class EvaluatedSample:
    """One completion and its verdict, with everything that a report shows of it."""

    model: str
    seed: int
    benchmark: str
    language: str
    task: str
    problem: str
    sample: int
    prompt: str
    text: str
    candidate: str
    status: Status
    stage: str
    stdout: str
    stderr: str
    cpu_seconds: float
    defect: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement of a step: ``what`` it is, whether it is ``met``, and ``how`` to meet it."""

    what: str
    met: bool
    how: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """pass@1 of one model on one benchmark, language and task with one seed.

    Of ``n`` problems ``passed`` were solved (the mean over samples, so it may be fractional).
    ``pass_at_1``, ``low`` and ``high`` (95 %) are fractions of 1. ``statuses`` counts verdicts. ``judged``
    of the ``asked`` programs have a verdict; the others, and the ``unjudged`` problems without any, are not
    in ``n``, since the judge failed on them. Problems with ``defects`` (known errors in the benchmark's own
    data) are in ``n``, as in published rates; ``pass_at_1_sound`` is the rate without them, None if there
    are none or no other problems.
    """

    model: str
    benchmark: str
    language: str
    task: str
    seed: int
    n: int
    samples: int
    passed: float
    pass_at_1: float
    low: float
    high: float
    statuses: Mapping[str, int] = field(default_factory=dict)
    unjudged: int = 0
    defects: int = 0
    judged: int = 0
    asked: int = 0
    pass_at_1_sound: float | None = None


def to_json(record: Any) -> str:
    """One line of JSON without a newline; keys in field order, so equal records give equal bytes."""
    return json.dumps(dataclasses.asdict(record), ensure_ascii=False)


def from_json(kind: type[R], text: str | bytes) -> R:
    """The record that `to_json` wrote.

    Raises:
        ValueError: the text is not JSON or not an object, a field is unknown or missing, or a value has
        another
            type.
    """
    row = json.loads(text)
    if not isinstance(row, dict):
        raise ValueError(f"expected a JSON object, found {type(row).__name__}")
    return from_row(kind, row)


def from_row(kind: type[R], row: Mapping[str, Any]) -> R:
    """The record with the fields of a mapping; see `from_json` for what it raises."""
    hints = _hints(typing.cast("Any", kind))
    if unknown := [key for key in row if key not in hints]:
        if new := _RENAMED.get(kind.__name__, {}).get(unknown[0]):
            raise ValueError(f"the field {unknown[0]!r} of {kind.__name__} is now called {new!r}")
        raise ValueError(f"unknown field {unknown[0]!r} for {kind.__name__}")
    try:
        return kind(**{key: _value(hints[key], value, key) for key, value in row.items()})
    except TypeError as error:
        raise ValueError(str(error).replace("__init__() ", "")) from None


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _value(hint: Any, value: Any, key: str) -> Any:
    if hint is Any:
        return value
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return _one_of(arguments, value, key)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_value(arguments[0], each, key) for each in value)
    return _plain_value(hint, value, key)


def _plain_value(hint: Any, value: Any, key: str) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and isinstance(value, dict):
        return from_row(hint, value)
    if isinstance(hint, type) and issubclass(hint, enum.StrEnum):
        return hint(value)
    expected = typing.get_origin(hint) or hint
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is int):
        raise ValueError(f"field {key!r}: expected {expected.__name__}, found {type(value).__name__}")
    return value


def _one_of(hints: tuple[Any, ...], value: Any, key: str) -> Any:
    """A value of one of ``hints``: None, or the first record that has the value's fields."""
    if value is None and types.NoneType in hints:
        return None
    hints = tuple(hint for hint in hints if hint is not types.NoneType)
    if isinstance(value, Mapping):
        hints = tuple(hint for hint in hints if _hints(hint).keys() >= value.keys()) or hints
    return _value(hints[0], value, key)
