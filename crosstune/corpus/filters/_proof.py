"""Keep examples whose code was run in the sandbox: it passes its own tests, or builds and runs."""

from __future__ import annotations

import collections
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from typing import Literal, Protocol

from crosstune.corpus.filters._filter import Dropped
from crosstune.errors import DataError, UsageError
from crosstune.extraction import extract
from crosstune.languages import LANGUAGES
from crosstune.records import CallCase, Case, Example, Problem, Program, Status, Verdict, to_json

TESTS, CASES, ENTRY_POINT, DECLARATION = "tests", "cases", "entry_point", "declaration"
"""Keys in an example's provenance: source text of tests, or calls as JSON (`CallCase`); what they call; and
how it is declared, which calls need in languages with types."""
AHEAD = 4
"""Times the number of workers as many examples are read ahead, so that all workers have one to run."""

Required = Literal["tests", "run"]
"""``tests``: examples without tests are dropped; ``run``: they have to build, run and end with status 0."""


class RunsPrograms(Protocol):
    """A `crosstune.execution.Judge`."""

    workers: int

    def submit(self, program: Program) -> Future[Verdict]: ...


class Proof:
    """A filter. Examples pass through `ahead` first, which starts to run them.

    With ``one_answer`` only the first proven of several answers to one prompt is kept. Nothing is proven
    about tests that accept everything; a program whose tests check nothing is dropped.
    """

    def __init__(
        self, judge: RunsPrograms, required: Required = "tests", *, one_answer: bool = False
    ) -> None:
        self._judge, self._required, self._one_answer = judge, required, one_answer
        self._running: dict[int, Future[Verdict] | Dropped] = {}
        self._answered: set[str] = set()

    def ahead(self, examples: Iterable[Example]) -> Iterator[Example]:
        """The examples, in order, while later ones are run."""
        window: collections.deque[Example] = collections.deque()
        for example in examples:
            self._running[id(example)] = self._started(example)
            window.append(example)
            if len(window) > AHEAD * self._judge.workers:
                yield window.popleft()
        yield from window

    def __call__(self, example: Example) -> Example | Dropped:
        started = self._running.pop(id(example), None) or self._started(example)
        if isinstance(started, Dropped):
            return started
        verdict = started.result()
        if not verdict.passed:
            return _failed(example, verdict)
        question = to_json((example.language, example.prompt, example.system, list(example.history)))
        if self._one_answer and question in self._answered:
            return Dropped(example.id, "another answer is proven")
        self._answered.add(question)
        return example

    def _started(self, example: Example) -> Future[Verdict] | Dropped:
        if not example.language:
            return Dropped(example.id, "no programming language")
        if example.language not in LANGUAGES.names() or LANGUAGES.load(example.language).judging is None:
            return Dropped(example.id, "a language that is never run", example.language)
        if self._required == "tests" and not {TESTS, CASES} & set(example.provenance):
            return Dropped(example.id, "no tests")
        try:
            return self._judge.submit(_program(example))
        except (DataError, UsageError) as error:
            return Dropped(example.id, "tests that cannot be used", str(error))


def _program(example: Example) -> Program:
    language, given = LANGUAGES.load(example.language), example.provenance
    entry_point, declaration = given.get(ENTRY_POINT, ""), given.get(DECLARATION, "")
    problem = Problem(
        id=example.id,
        benchmark="",
        task=example.task,
        language=example.language,
        instruction=example.prompt,
        declaration=declaration,
        entry_point=entry_point,
        tests=given.get(TESTS, ""),
    )
    tested = bool(problem.tests) or CASES in given
    return Program(
        id=example.id,
        language=example.language,
        candidate=extract(language, problem, example.completion).candidate,
        tests=problem.tests,
        cases=() if problem.tests else _calls(given[CASES]) if tested else (Case(),),
        declaration=declaration,
        entry_points=(entry_point,) if entry_point else (),
    )


def _calls(text: str) -> tuple[CallCase, ...]:
    """
    Raises:
        DataError: the text is no list of calls.
    """
    try:
        rows = json.loads(text)
        return tuple(CallCase(**CallCase.decoded(row)) for row in rows)
    except (ValueError, TypeError, AttributeError) as error:
        raise DataError(f"{CASES}: expected a list of calls as JSON: {error}") from None


def _failed(example: Example, verdict: Verdict) -> Dropped:
    lines = verdict.stderr.strip().splitlines()
    detail = f"{verdict.status}: {lines[-1]}" if lines else str(verdict.status)
    if verdict.status is Status.HARNESS_ERROR:
        return Dropped(example.id, "tests that cannot judge", detail)
    tested = {TESTS, CASES} & set(example.provenance)
    return Dropped(example.id, f"{'fails its tests' if tested else 'does not run'}: {verdict.status}", detail)
