"""Translate rows: prepare them, ask the teacher, judge its answers, and judge mutants of what passes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from crosstune.errors import DataError, Incomplete, ServiceError
from crosstune.languages import LANGUAGES
from crosstune.llm import Client
from crosstune.records import Example, Progress, Verdict, to_json
from crosstune.sources.translate import _counts as stages
from crosstune.sources.translate._attempts import CUT, Attempt, Attempts
from crosstune.sources.translate._counts import Counts, listed
from crosstune.sources.translate._preparation import Preparation
from crosstune.sources.translate._prompts import completion, exercise
from crosstune.sources.translate._proof import Kills, RunsPrograms, kills, mutated
from crosstune.sources.translate._rows import PythonRow
from crosstune.sources.translate._settings import TranslateSettings

ROWS_PER_CONNECTION = 8
"""Rows per connection that pass through the stages together: enough to keep all connections busy, and few
enough for frequent progress updates."""

MORE = 4
"""Where no mutant runs, because none compiles, so many times as many are tried."""


class Translator:
    """Makes examples of rows, and counts what becomes of them."""

    def __init__(self, settings: TranslateSettings, client: Client, judge: RunsPrograms) -> None:
        self._settings, self._judge, self._client = settings, judge, client
        self._language = LANGUAGES.load(settings.language)
        self.counts = Counts()
        self._preparation = Preparation(settings, judge, self.counts)
        self._attempts = Attempts(settings, client, judge, self.counts)

    def examples(self, rows: Sequence[PythonRow], progress: Progress) -> Iterator[Example]:
        """The rows that are translated and proven, in their order.

        Raises:
            DataError: no row has tests that can be used.
            Incomplete: requests failed; a later run sends only these.
            ServiceError: the server is down or refuses every request, or gave no answer with code.
        """
        together = ROWS_PER_CONNECTION * self._settings.server.concurrency
        progress(0, len(rows))
        for begin in range(0, len(rows), together):
            chunk = rows[begin : begin + together]
            attempts = self._attempts.best(self._preparation.tasks(chunk))
            for each in attempts:
                self._count(each)
            yield from self._proven([each for each in attempts if each.passed])
            progress(begin + len(chunk), len(rows))
        self._check()

    def _count(self, attempt: Attempt) -> None:
        for stage in stages.STAGES[stages.STAGES.index(stages.ANSWERED) : attempt.depth + 1]:
            self.counts.reached(stage)
        if not attempt.passed:
            self.counts.drop(attempt.task.row.id, attempt.reason, attempt.detail)

    def _proven(self, passed: Sequence[Attempt]) -> Iterator[Example]:
        """The examples of those attempts whose tests kill mutants of them."""
        count = self._settings.mutants
        verdicts = self._of_mutants(passed, 0, count)
        unsure = [each for each, found in zip(passed, verdicts, strict=True) if not kills(found).ran]
        more = dict(zip(map(id, unsure), self._of_mutants(unsure, count, (1 + MORE) * count), strict=True))
        for attempt, found in zip(passed, verdicts, strict=True):
            killed = kills([*found, *more.get(id(attempt), [])])
            self.counts.mutants.update(ran=killed.ran, killed=killed.killed)
            if count and (why := killed.why_not(self._settings.killed)):
                self.counts.drop(attempt.task.row.id, why, str(killed))
                continue
            self.counts.reached(stages.PROVEN)
            yield self._example(attempt, killed)

    def _of_mutants(self, passed: Sequence[Attempt], begin: int, end: int) -> list[list[Verdict]]:
        """The verdicts of each attempt's mutants from number ``begin`` up to ``end``."""
        seed = self._settings.seed
        programs = [mutated(each.task, each.candidate, seed)[begin:end] for each in passed]
        running = [[self._judge.submit(one) for one in each] for each in programs]
        return [[future.result() for future in each] for each in running]

    def _example(self, attempt: Attempt, killed: Kills) -> Example:
        task = attempt.task
        return Example(
            id=f"translate:{task.language}:{task.row.id}",
            prompt=exercise(task, self._language),
            completion=completion(task, attempt.candidate, self._language),
            language=task.language,
            task="synthesize",
            source="translate",
            provenance={
                "from": task.row.id,
                **({"licence": task.row.licence} if task.row.licence else {}),
                "model": self._settings.model,
                "answer": str(attempt.sample + 1),
                "requests": " ".join(attempt.keys),
                "prompt_tokens": str(attempt.prompt_tokens),
                "completion_tokens": str(attempt.completion_tokens),
                "entry_point": task.name,
                "declaration": task.declaration,
                "cases": to_json([each.encoded() for each in task.cases]),
                "mutants": str(killed),
            },
        )

    def _check(self) -> None:
        """Raises: as `examples`."""
        counts, settings = self.counts, self._settings
        if not counts.stages[stages.SOUND]:
            reasons = listed(Counter(reason for _, reason, _ in counts.dropped))
            raise DataError(f"{settings.rows}: no row has tests that can be used: {reasons}")
        last = f"; the last: {self._client.last_failure}" if self._client.last_failure else ""
        if counts.unanswered:
            raise Incomplete(
                f"{counts.unanswered.total()} requests failed: {listed(counts.unanswered)}{last}. Run again: "
                "only these and the requests that depend on them are sent"
            )
        if not counts.stages[stages.EXTRACTED]:
            advice = ". If it reasons before it answers, give it reasoning_tokens; otherwise raise "
            advice = f"{advice}max_answer_tokens" if counts.answers[CUT] else ""
            raise ServiceError(
                f"{settings.model} at {settings.server.url} gave no answer with code: "
                f"{listed(counts.answers)}{last}{advice}"
            )
