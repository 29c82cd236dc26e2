"""The stages of a draw: evolve the exercise, judge it, answer it. Each stage drops the draws that fail it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crosstune.languages import LANGUAGES
from crosstune.llm import Client, FailedRequest, Request, Response
from crosstune.sources.teacher import _evolution as evolution
from crosstune.sources.teacher._checks import normalized, parse_judgement, reject_answer, reject_instruction
from crosstune.sources.teacher._counts import Counts
from crosstune.sources.teacher._draws import Draw
from crosstune.sources.teacher._settings import TeacherSettings, in_breadth

JUDGE_TOKENS = 16
"""Enough for one word and for the few that some models write before it."""
REJECTIONS = {True: "", False: "nothing added", None: "judge not understood"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draw's result so far, the keys of its requests, and the tokens they used."""

    draw: Draw
    operation: str
    keys: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    instruction: str = ""
    answer: str = ""


class Stages:
    """Runs draws through all stages, and counts failures by reason."""

    def __init__(self, settings: TeacherSettings, client: Client, counts: Counts) -> None:
        self._settings, self._client, self._counts = settings, client, counts
        self._language = LANGUAGES.load(settings.language)
        self._python = LANGUAGES.load("python").title
        self._breadth = in_breadth(settings.evolution, self._language)
        self._seen: set[str] = set()

    def run(self, draws: Sequence[Draw]) -> list[Candidate]:
        """The candidates of the draws that passed, in order."""
        candidates = self._evolve(draws)
        if self._settings.judge:
            candidates = self._judge(candidates)
        return self._answer(candidates)

    def _evolve(self, draws: Sequence[Draw]) -> list[Candidate]:
        passed = []
        for candidate, response in self._ask([self._evolution_request(draw) for draw in draws]):
            instruction = response.text.strip()
            if self._passes(self._reject_instruction(instruction, response, candidate.draw)):
                self._seen.add(normalized(instruction))
                passed.append(replace(candidate, instruction=instruction))
        return passed

    def _evolution_request(self, draw: Draw) -> tuple[Candidate, Request]:
        settings, language = self._settings, self._language
        operations = evolution.operations(self._breadth, settings.seed, language.name, draw.seed.id)
        operation = operations[draw.turn % len(operations)]
        origin = language.title if draw.step else self._python
        prompt = evolution.evolution_prompt(operation, self._breadth, language, origin, draw.text)
        request = self._request(prompt, settings.max_instruction_tokens, sample=draw.turn)
        return Candidate(draw, operation.name), request

    def _reject_instruction(self, instruction: str, response: Response, draw: Draw) -> str:
        if response.finish_reason == "length":
            return "exercise cut off"
        if reason := reject_instruction(instruction, draw.text):
            return reason
        return "made before" if normalized(instruction) in self._seen else ""

    def _judge(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        requests = [
            (each, Request(evolution.judge_prompt(each.draw.text, each.instruction), JUDGE_TOKENS))
            for each in candidates
        ]
        return [
            candidate
            for candidate, response in self._ask(requests)
            if self._passes(REJECTIONS[parse_judgement(response.text)])
        ]

    def _answer(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        requests = [
            (each, self._request(self._answer_prompt(each), self._settings.max_answer_tokens))
            for each in candidates
        ]
        return [
            replace(candidate, answer=response.text.strip())
            for candidate, response in self._ask(requests)
            if self._passes(reject_answer(response.text, response.finish_reason, candidate.instruction))
        ]

    def _answer_prompt(self, candidate: Candidate) -> str:
        return evolution.answer_prompt(candidate.instruction, self._language)

    def _request(self, prompt: str, max_tokens: int, sample: int = 0) -> Request:
        temperature, top_p = self._settings.temperature, self._settings.top_p
        return Request(prompt, max_tokens, temperature=temperature, top_p=top_p, sample=sample)

    def _ask(self, requests: Sequence[tuple[Candidate, Request]]) -> Iterator[tuple[Candidate, Response]]:
        """Yield the candidate and response of each answered request, in order, with the usage added."""
        results = self._client.ask([request for _, request in requests], lambda _done, _total: None)
        for (candidate, _), result in zip(requests, results, strict=True):
            if isinstance(result, FailedRequest):
                self._counts.count_failed(result)
                continue
            counted = replace(
                candidate,
                keys=(*candidate.keys, result.key),
                prompt_tokens=candidate.prompt_tokens + result.usage.prompt_tokens,
                completion_tokens=candidate.completion_tokens + result.usage.completion_tokens,
            )
            yield counted, result

    def _passes(self, rejection: str) -> bool:
        if rejection:
            self._counts.failed[rejection] += 1
        return not rejection
