"""Judge here what two logs ran: each harness's code as it is, and each answer as crosstune extracts it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from crosstune.benchmarks import Benchmark, with_tests
from crosstune.logs._log import LogSample
from crosstune.records import Problem, Program, Status, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """What one side of a difference runs here; None: it does not have it."""

    code: Program | None = None
    answer: Program | None = None


Find = Callable[[LogSample], tuple[Problem, Benchmark | None] | None]
"""The problem of a sample, and its benchmark; None: its tests are not known."""


def programs(sample: LogSample, code: str | None, known: tuple[Problem, Benchmark | None] | None) -> Judged:
    """The programs of a sample. Without tests only a log's own whole program can be run."""
    if known is None:
        return Judged(code=sample.program)
    problem, benchmark = known
    whole = sample.program if benchmark is None else None
    ran = whole or (None if code is None else _program(problem, benchmark, code))
    text = sample.answer
    if text is None:
        return Judged(code=ran)
    candidate = text if not text.strip() else _extracted(problem, benchmark, text)
    return Judged(ran, _program(problem, benchmark, candidate))


def _program(problem: Problem, benchmark: Benchmark | None, candidate: str) -> Program:
    return benchmark.program(problem, candidate) if benchmark else with_tests(problem, candidate)


def _extracted(problem: Problem, benchmark: Benchmark | None, text: str) -> str:
    from crosstune.extraction import extract
    from crosstune.languages import LANGUAGES
    from crosstune.scoring import extracted

    if benchmark:
        return extracted(benchmark, problem, text).candidate
    return extract(LANGUAGES.load(problem.language), problem, text).candidate


class Verdicts:
    """The verdicts of programs, each judged once however often it occurs."""

    def __init__(self, run: Callable[[Iterable[Program]], Iterable[Verdict]]) -> None:
        """``run`` judges programs (`Judge.run`)."""
        self._run = run
        self._known: dict[str, Verdict] = {}

    def judge(self, judged: Iterable[Judged], done: Callable[[int, int], None]) -> None:
        """Judge what is not yet known; ``done`` is called with the numbers of judged programs and of all."""
        each = (program for one in judged for program in (one.code, one.answer) if program)
        new = {key: program for program in each if (key := _key(program)) not in self._known}
        verdicts = self._run(new.values())
        for number, (key, verdict) in enumerate(zip(new, verdicts, strict=True), 1):
            self._known[key] = verdict
            done(number, len(new))

    def of(self, program: Program | None) -> Verdict | None:
        return None if program is None else self._known.get(_key(program))

    @property
    def errors(self) -> Mapping[str, int]:
        """How many programs could not be judged here, for each message."""
        counts: dict[str, int] = {}
        for verdict in self._known.values():
            if verdict.status is Status.HARNESS_ERROR:
                line = (verdict.stderr.strip().splitlines() or ["no message"])[-1]
                counts[line] = counts.get(line, 0) + 1
        return counts


def _key(program: Program) -> str:
    """The same for equal programs, whatever their ids (values of cases cannot be keys of a dictionary)."""
    return repr(replace(program, id=""))
