"""What is run, within which limits, and the verdict."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crosstune.records._values import value_from_json, value_to_json


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


Isolation = Literal["auto", "separate", "shared"]
"""Whether tests and candidate run in separate processes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use, in seconds, bytes and counts. CPU time decides; wall time is a backstop.

    ``stack_bytes`` is the stack of its main thread; 0: for a program what its language provides, mostly as
    much as ``memory_bytes``; for another command what is usual here.
    """

    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    processes: int
    file_bytes: int
    output_bytes: int
    disk_bytes: int
    stack_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, to be run in a sandbox.

    ``argv`` begins with an absolute path; empty means the sandbox's preloaded program. The command reads
    ``stdin`` (a sealed file; empty: the null device) and, from descriptor 3, ``payload``. It may write a
    report of up to 4,096 bytes to descriptor 4. One that is joined to another (`SandboxRunner.start`) reads
    from it at descriptor 5, and writes to it at 6. With ``keep_stdout`` the outcome has its whole output,
    else only the tail.

    ``template`` starts a process that is kept and forks into this program and later ones, where that is
    faster than ``argv`` and has the same effect (`sandbox._inside.template`); empty: there is none. ``argv``
    is used where it cannot be.
    """

    limits: Limits
    argv: tuple[str, ...] = ()
    payload: str = ""
    stdin: bytes = b""
    keep_stdout: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    template: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One run of a whole program: what it reads, and the output that is expected.

    ``stdout`` None: any output will do, and the exit status alone decides.
    """

    stdin: str = ""
    stdout: str | None = None


@dataclass(frozen=True, slots=True)
class CallCase:
    """One call of a candidate's function: ``call(*arguments)`` is to return ``expected``.

    ``call`` is the name of a function, or of a method that is called on a new object
    (``Solution().method``). Arguments and expected values are of None, bool, int, float, str, bytes, list,
    tuple, set and dict, nested at most 200 deep; in JSON they have the forms of docs/values.md.

    ``error``: the call is to raise an error of this kind (empty: any) instead. ``changed``: the arguments
    that are expected after the call; None: whatever they are. ``tuple_is_list``: a tuple is as right as a
    list, as where JSON has the expected value. ``absolute`` and ``relative`` are the tolerance of
    floating-point numbers in this case (None: that of the program's `Comparison`).
    """

    call: str
    arguments: list[Any] = field(default_factory=list)
    expected: Any = None
    error: str | None = None
    changed: list[Any] | None = None
    tuple_is_list: bool = False
    absolute: float | None = None
    relative: float | None = None

    @staticmethod
    def decoded(row: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a JSON object, with values instead of their forms in JSON.

        Raises:
            ValueError: one has no such form.
        """
        forms = _VALUES & row.keys()
        return {**row, **{name: value_from_json(row[name]) for name in forms}}

    def encoded(self) -> dict[str, Any]:
        """The fields as JSON, without those that have their default.

        Raises:
            ValueError: a value has no form in JSON.
        """
        row = {each: getattr(self, each) for each in self.__slots__}
        return {
            name: value_to_json(value) if name in _VALUES else value
            for name, value in row.items()
            if name in ("arguments", "expected") or (value is not None and value is not False)
        }


_VALUES = frozenset({"arguments", "expected", "changed"})
"""Fields of a `CallCase` that are values."""


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
    expected number. ``checker`` runs the program ``source``, written in ``language``. With ``ignore_case``,
    words are equal in upper and lower case, in letters of ASCII (``tokens``, ``floats``).
    """

    kind: ComparisonKind = ComparisonKind.EXACT
    absolute: float = 1e-6
    relative: float = 1e-6
    language: str = ""
    source: str = ""
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A candidate and what decides about it: ``tests`` in its language, which call it, or ``cases``: runs of
    it as a whole program, or calls of its functions.

    ``declaration`` is how the benchmark declares what is asked for, with everything that it gives (imports,
    types, helpers), and ``entry_points`` are the names that the tests call: with them the tests can run in a
    process of their own. ``instruction`` is what is asked for in words. ``standard`` is that of the language,
    such as ``c++17``; empty: the language's usual one. ``limits`` hold for each run; None: the language's.
    ``comparison`` and ``stop_at_first_failure`` belong to the cases.

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
    standard: str = ""
    declaration: str = ""
    entry_points: tuple[str, ...] = ()
    instruction: str = ""

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
    largest resident memory of one process at any time, or of all together when they were checked;
    ``stdout`` and ``stderr`` are tails of 4,096 bytes. For a program with
    ``cases`` these are of the first case that failed, or else of the last one; times are sums over build and
    cases, and ``peak_bytes`` is the maximum. ``toolchain`` are the tools that it depends on, with their
    versions and the standard of the language. ``unstable``: another run of the same program ended otherwise;
    this verdict is that of a run without any other program at the same time. ``isolation``: whether tests and
    candidate were ``separate``, each in a process and a sandbox of its own, or ``shared`` one; a program with
    cases is always separate from what is expected of it. Empty where nothing ran.
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
    toolchain: str = ""
    unstable: bool = False
    isolation: str = ""

    @property
    def passed(self) -> bool:
        return self.status is Status.PASSED
