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
from crosstune.sources.teacher._stages import Candidate, Stages

REQUESTS_PER_CONNECTION = 16
"""Draws per connection that pass through the stages together: enough to keep all connections busy, and few
enough for frequent progress updates."""


class Generator:
    """Generates examples from draws, and counts the draws."""

    def __init__(self, settings: TeacherSettings, client: Client) -> None:
        self._settings = settings
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
            if counts.unanswered:
                raise self._incomplete()
            pool.next_turn()
        if not counts.accepted:
            settings, reasons = self._settings, listed(counts.failed)
            raise ServiceError(f"{settings.model} at {settings.server.url} gave no usable example: {reasons}")

    def _next_chunk(self, pool: Pool) -> Iterator[Example]:
        together = REQUESTS_PER_CONNECTION * self._settings.server.concurrency
        draws = pool.take(min(together, self._settings.count - self.counts.accepted))
        self.counts.draws += len(draws)
        candidates = {each.draw.seed.id: each for each in self._stages.run(draws)}
        for draw in draws:
            if candidate := candidates.get(draw.seed.id):
                self.counts.count_accepted(candidate.operation)
                yield self._example(draw, candidate)
                pool.reuse(draw, candidate.instruction)
            else:
                pool.retry(draw)

    def _example(self, draw: Draw, candidate: Candidate) -> Example:
        language = self._settings.language
        return Example(
            id=f"teacher:{language}:{draw.seed.id}:{draw.turn}",
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
            },
        )

    def _incomplete(self) -> Incomplete:
        unanswered = self.counts.unanswered
        return Incomplete(
            f"{unanswered.total()} requests failed: {listed(unanswered)}. Run again: only these and "
            "the requests that depend on them are sent"
        )
