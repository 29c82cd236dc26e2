"""Draw seeds until there are enough examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crosstune.errors import Incomplete, ServiceError
from crosstune.llm import Client
from crosstune.records import Example, Progress
from crosstune.sources.teacher._counts import Counts, listed
from crosstune.sources.teacher._draws import Draw, Pool
from crosstune.sources.teacher._seeds import Seed
from crosstune.sources.teacher._settings import TeacherSettings
from crosstune.sources.teacher._stages import CUT, Candidate, Stages

MIN_CUT = 32
"""This many draws cut off, and no example: the teacher cannot answer within the limits of tokens."""
REQUESTS_PER_CONNECTION = 16
"""Draws per connection that pass through the stages together: enough to keep all connections busy, and few
enough for frequent progress updates."""


class Generator:
    """Generates examples from draws, and counts the draws."""

    def __init__(self, settings: TeacherSettings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.counts = Counts()
        self._stages = Stages(settings, client, self.counts)

    def examples(self, seeds: Sequence[Seed], progress: Progress) -> Iterator[Example]:
        """Yield examples until there are `count` of them or no draw is left.

        Raises:
            Incomplete, ServiceError: as `Client.ask`; also when requests failed, or no draw gave an example.
        """
        count, counts = self._settings.count, self.counts
        pool = Pool(seeds, self._settings)
        progress(0, count)
        while pool and counts.accepted < count:
            while pool and counts.accepted < count:
                yield from self._next_chunk(pool)
                progress(counts.accepted, count)
                self._stop_if_all_are_cut()
            if counts.unanswered:
                raise self._incomplete()
            pool.next_turn()
        if not counts.accepted:
            settings, reasons = self._settings, listed(counts.failed)
            raise ServiceError(
                f"{settings.model} at {settings.server.url} gave no usable example: {reasons}{self._last()}"
                f"{self._advice()}"
            )

    def _stop_if_all_are_cut(self) -> None:
        """
        Raises:
            ServiceError: nearly all draws were cut off, as those of a reasoning teacher with usual limits.
        """
        cut = sum(self.counts.failed[reason] for reason in CUT)
        if not self.counts.accepted and cut >= MIN_CUT and cut >= 0.9 * self.counts.draws:
            reasons = listed(self.counts.failed)
            raise ServiceError(
                f"{self._settings.model}: no example after {self.counts.draws} draws: {reasons}"
                f"{self._advice()}"
            )

    def _advice(self) -> str:
        if not any(self.counts.failed[reason] for reason in CUT):
            return ""
        return (
            ". If the teacher reasons before it answers, give it reasoning_tokens; otherwise raise "
            "max_instruction_tokens, max_judge_tokens or max_answer_tokens"
        )

    def _last(self) -> str:
        failure = self._client.last_failure
        return f"; the last: {failure}" if failure else ""

    def _next_chunk(self, pool: Pool) -> Iterator[Example]:
        together = REQUESTS_PER_CONNECTION * self._settings.server.concurrency
        draws = pool.take(min(together, self._settings.count - self.counts.accepted))
        self.counts.draws += len(draws)
        candidates: dict[str, list[Candidate]] = {}
        for each in self._stages.run(draws):
            candidates.setdefault(each.draw.seed.id, []).append(each)
        for draw in draws:
            if answered := candidates.get(draw.seed.id):
                self.counts.count_accepted(answered[0].operation)
                yield from (self._example(draw, candidate) for candidate in answered)
                pool.reuse(draw, answered[0].instruction)
            else:
                pool.retry(draw)

    def _example(self, draw: Draw, candidate: Candidate) -> Example:
        language, sample = self._settings.language, candidate.sample
        return Example(
            id=f"teacher:{language}:{draw.seed.id}:{draw.turn}" + (f":{sample}" if sample else ""),
            prompt=candidate.instruction,
            completion=candidate.answer,
            language=language,
            task="synthesize",
            source="teacher",
            provenance={
                "seed": draw.seed.id,
                "operation": candidate.operation,
                "turn": str(draw.turn),
                "step": str(draw.step + 1),
                "model": self._settings.model,
                "requests": " ".join(candidate.keys),
                "prompt_tokens": str(candidate.prompt_tokens),
                "completion_tokens": str(candidate.completion_tokens),
                **({"tests": candidate.tests} if candidate.tests else {}),
            },
        )

    def _incomplete(self) -> Incomplete:
        unanswered = self.counts.unanswered
        return Incomplete(
            f"{unanswered.total()} requests failed: {listed(unanswered)}{self._last()}. Run again: only "
            "these and the requests that depend on them are sent"
        )
