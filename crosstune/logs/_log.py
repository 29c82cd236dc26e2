"""What a log says: a `Log` of samples, the same for every harness."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crosstune.errors import DataError, UnknownName
from crosstune.records import Problem, Program

if TYPE_CHECKING:
    from crosstune.logs._source import Source


class Outcome(enum.StrEnum):
    """How a harness says that a program ended, where it says more than a number."""

    UNKNOWN = ""
    PASSED = "passed"
    FAILED = "failed"
    TIMEOUT = "time-out"
    ERROR = "error"
    """The harness failed: there is no verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSample:
    """One answer in a log, with what the log keeps of it; None: the log does not have it.

    ``values`` are the metrics, each a fraction of 1, or None without a verdict; ``averaged``: they are means
    over the problem's samples. ``answer`` is what the model wrote, ``code`` what the harness made of it and
    ran (``codes``: for a metric of its own). ``problem_tests`` is the problem with the tests that the log
    brings along, ``program`` a whole program that passes by ending with status 0. ``settings`` are those of
    sampling. ``where`` is the file and the line or entry.
    """

    problem: str
    sample: int = 0
    values: Mapping[str, float | None]
    averaged: bool = False
    outcome: Outcome = Outcome.UNKNOWN
    message: str = ""
    answer: str | None = None
    code: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    prompt: str | None = None
    problem_tests: Problem | None = None
    program: Program | None = None
    finish_reason: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The samples of one model on one benchmark, language and task. ``metrics``: the first is the default.
    ``seconds``: the harness's time limit for a program, 0 if unknown."""

    format: str
    path: str
    model: str
    benchmark: str
    samples: tuple[LogSample, ...]
    metrics: tuple[str, ...]
    language: str = ""
    task: str = ""
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """``model/benchmark/language/task``, without the parts that are unknown."""
        return "/".join(filter(None, (self.model, self.benchmark, self.language, self.task)))

    def metric(self, name: str | None = None) -> str:
        """
        Raises:
            UnknownName: no sample has a metric of this name.
        """
        if name is None:
            return self.metrics[0]
        if name not in self.metrics:
            raise UnknownName(f"metric of {self.path}", name, self.metrics)
        return name

    def value(self, sample: LogSample, metric: str) -> float | None:
        """The value of a sample, from 0 to 1; None without a verdict.

        Raises:
            DataError: it is no such fraction.
        """
        value = sample.values.get(metric)
        if value is not None and not 0 <= value <= 1:
            raise DataError(
                f"{sample.where}: {metric} is {value:g}; only values from 0 to 1 can be compared: choose "
                f"another of {', '.join(self.metrics)} with --metric"
            )
        return value


@dataclass(frozen=True, kw_only=True)
class LogReader:
    """A format of logs, defined in its own module.

    ``recognises`` decides by a look at the file or folder; ``read`` returns a `Log` for each model,
    benchmark, language and task in it, or raises `DataError` with file, line and field.
    """

    name: str
    title: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source], Sequence[Log]]
