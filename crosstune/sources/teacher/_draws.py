"""Seeds drawn, evolved, judged and answered, in an order that no worker count and no kill changes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crosstune.errors import Incomplete
from crosstune.languages import Language
from crosstune.llm import Client, FailedRequest, Request, Response
from crosstune.records import Example, Progress
from crosstune.sources._seeds import Seed
from crosstune.sources.teacher import _checks as gates
from crosstune.sources.teacher import _evolution as evolution

JUDGE_TOKENS = 16
"""Room for one word, and for the few that some models put before it."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be made; the fields are those of the source's settings. ``chunk`` draws go together:
    enough to keep all connections at work, few enough to tell of progress."""

    language: Language
    origin: str
    breadth: bool
    model: str
    count: int
    steps: int
    turns: int
    judge: bool
    temperature: float
    top_p: float
    max_instruction_tokens: int
    max_answer_tokens: int
    seed: int
    chunk: int


@dataclass(frozen=True, slots=True)
class Draw:
    """One try at one seed: ``text`` is what is evolved, after ``step`` evolutions before this one."""

    seed: Seed
    text: str
    turn: int = 0
    step: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """A draw on its way: what it became, which requests made it, and what they used."""

    draw: Draw
    operation: str
    keys: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    instruction: str = ""
    answer: str = ""


class Maker:
    """Makes examples, and counts why draws failed (``failed``) or got no answer (``unanswered``)."""

    def __init__(self, plan: Plan, client: Client) -> None:
        self.plan, self.client = plan, client
        self.drawn = self.accepted = 0
        self.failed: Counter[str] = Counter()
        self.unanswered: Counter[str] = Counter()
        self.operations: Counter[str] = Counter()
        self._seen: set[str] = set()

    def examples(self, seeds: Sequence[Seed], progress: Progress) -> Iterator[Example]:
        """
        Raises:
            Incomplete, ServiceError: as `Client.ask` does, and when questions stayed unanswered.
        """
        pool = [Draw(seed, seed.text) for seed in seeds]
        random.Random(f"{self.plan.seed}:{self.plan.language.name}").shuffle(pool)
        progress(0, self.plan.count)
        while pool and self.accepted < self.plan.count:
            back: list[Draw] = []
            used: list[Draw] = []
            while pool and (missing := self.plan.count - self.accepted):
                together = min(self.plan.chunk, missing)
                draws, pool = pool[:together], pool[together:]
                made = self._chunk(draws)
                for draw in draws:
                    if found := made.get(draw.seed.id):
                        yield self._example(found)
                        used.append(self._after(draw, found))
                    else:
                        back.append(replace(draw, turn=draw.turn + 1))
                progress(self.accepted, self.plan.count)
            if self.unanswered:
                raise self._incomplete()
            pool = [draw for draw in [*pool, *back, *used] if draw.turn < self.plan.turns]

    def _chunk(self, draws: Sequence[Draw]) -> dict[str, Made]:
        """What came of these draws, by seed; those that failed are missing."""
        self.drawn += len(draws)
        made = self._evolved(draws)
        if self.plan.judge:
            made = self._judged(made)
        return {each.draw.seed.id: each for each in self._answered(made)}

    def _evolved(self, draws: Sequence[Draw]) -> list[Made]:
        plan = self.plan
        asked = []
        for draw in draws:
            kinds = evolution.operations(plan.breadth, plan.seed, plan.language.name, draw.seed.id)
            kind = kinds[draw.turn % len(kinds)]
            origin = plan.language.title if draw.step else plan.origin
            text = evolution.evolve(kind, plan.breadth, plan.language, origin, draw.text)
            request = self._request(text, plan.max_instruction_tokens, sample=draw.turn)
            asked.append((Made(draw, kind.name), request))
        kept = []
        for made, answer in self._ask(asked):
            instruction = answer.text.strip()
            fault = gates.instruction_fault(instruction, made.draw.text)
            if answer.finish_reason == "length":
                fault = "exercise cut off"
            elif not fault and gates.plain(instruction) in self._seen:
                fault = "made before"
            if self._passes(fault):
                self._seen.add(gates.plain(instruction))
                kept.append(replace(made, instruction=instruction))
        return kept

    def _judged(self, made: Sequence[Made]) -> list[Made]:
        asked = [
            (each, Request(evolution.compare(each.draw.text, each.instruction), max_tokens=JUDGE_TOKENS))
            for each in made
        ]
        reasons = {True: "", False: "nothing added", None: "judge not understood"}
        return [
            each for each, answer in self._ask(asked) if self._passes(reasons[gates.verdict(answer.text)])
        ]

    def _answered(self, made: Sequence[Made]) -> list[Made]:
        plan = self.plan
        asked = [
            (each, self._request(evolution.solve(each.instruction, plan.language), plan.max_answer_tokens))
            for each in made
        ]
        return [
            replace(each, answer=answer.text.strip())
            for each, answer in self._ask(asked)
            if self._passes(gates.answer_fault(answer.text, answer.finish_reason, each.instruction))
        ]

    def _request(self, text: str, tokens: int, sample: int = 0) -> Request:
        return Request(text, tokens, temperature=self.plan.temperature, top_p=self.plan.top_p, sample=sample)

    def _ask(self, asked: Sequence[tuple[Made, Request]]) -> Iterator[tuple[Made, Response]]:
        """Those that were answered, in order, with what it took noted; the others are counted."""
        outcomes = self.client.ask([request for _, request in asked], lambda _done, _total: None)
        for (made, _), outcome in zip(asked, outcomes, strict=True):
            if isinstance(outcome, FailedRequest):
                (self.failed if outcome.final else self.unanswered)[outcome.kind] += 1
                continue
            noted = replace(
                made,
                keys=(*made.keys, outcome.key),
                prompt_tokens=made.prompt_tokens + outcome.usage.prompt_tokens,
                completion_tokens=made.completion_tokens + outcome.usage.completion_tokens,
            )
            yield noted, outcome

    def _passes(self, fault: str) -> bool:
        if fault:
            self.failed[fault] += 1
        return not fault

    def _after(self, draw: Draw, made: Made) -> Draw:
        """The next try at a seed that gave an example: on from the result, or from the seed anew."""
        if draw.step + 1 < self.plan.steps:
            return Draw(draw.seed, made.instruction, draw.turn + 1, draw.step + 1)
        return Draw(draw.seed, draw.seed.text, draw.turn + 1)

    def _example(self, made: Made) -> Example:
        self.accepted += 1
        self.operations[made.operation] += 1
        draw, language = made.draw, self.plan.language.name
        return Example(
            id=f"teacher:{language}:{draw.seed.id}:{draw.turn}",
            prompt=made.instruction,
            completion=made.answer,
            language=language,
            task="synthesize",
            source="teacher",
            provenance={
                "seed": draw.seed.id,
                "operation": made.operation,
                "turn": str(draw.turn),
                "step": str(draw.step + 1),
                "model": self.plan.model,
                "requests": " ".join(made.keys),
                "prompt_tokens": str(made.prompt_tokens),
                "completion_tokens": str(made.completion_tokens),
            },
        )

    def _incomplete(self) -> Incomplete:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in self.unanswered.most_common())
        return Incomplete(
            f"{self.unanswered.total()} questions stayed unanswered: {kinds}. Run again: only these, and "
            "what follows from them, are asked"
        )
