"""The stages of a draw: evolve the exercise, judge it, answer it. Each stage drops the draws that fail it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crosstune.languages import LANGUAGES
from crosstune.llm import Client, FailedRequest, Request, Response
from crosstune.reasoning import without_reasoning
from crosstune.sources.teacher import _evolution as evolution
from crosstune.sources.teacher._checks import (
    normalized,
    parse_judgement,
    reject_answer,
    reject_instruction,
    split_tests,
)
from crosstune.sources.teacher._counts import Counts
from crosstune.sources.teacher._draws import Draw
from crosstune.sources.teacher._settings import TeacherSettings, in_breadth

REJECTIONS = {True: "", False: "nothing added", None: "judge not understood"}
CUT = ("exercise cut off", "judgement cut off", "answer cut off")
"""Reasons that a higher limit of tokens removes."""


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
    tests: str = ""
    sample: int = 0


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
        if reason := _reject_end(response, "exercise cut off"):
            return reason
        if reason := reject_instruction(instruction, draw.text):
            return reason
        return "made before" if normalized(instruction) in self._seen else ""

    def _judge(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        requests = [
            (each, Request(evolution.judge_prompt(each.draw.text, each.instruction), self._judge_tokens))
            for each in candidates
        ]
        return [
            candidate
            for candidate, response in self._ask(requests)
            if self._passes(_reject_judgement(response))
        ]

    @property
    def _judge_tokens(self) -> int:
        return self._settings.max_judge_tokens + self._settings.reasoning_tokens

    def _answer(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        limit = self._settings.max_answer_tokens
        requests = [
            (replace(each, sample=sample), self._request(self._answer_prompt(each), limit, sample=sample))
            for each in candidates
            for sample in range(self._settings.answers)
        ]
        answered = []
        for candidate, response in self._ask(requests):
            answer, tests = split_tests(response.text) if self._settings.tests else (response.text, "")
            if self._passes(self._reject_answer(candidate, response, answer, tests)):
                answered.append(replace(candidate, answer=answer.strip(), tests=tests))
        return answered

    def _reject_answer(self, candidate: Candidate, response: Response, answer: str, tests: str) -> str:
        if reason := _reject_end(response, "answer cut off"):
            return reason
        if self._settings.tests and not tests.strip():
            return "answer without tests"
        return reject_answer(answer, response.finish_reason, candidate.instruction)

    def _answer_prompt(self, candidate: Candidate) -> str:
        return evolution.answer_prompt(candidate.instruction, self._language, tests=self._settings.tests)

    def _request(self, prompt: str, max_tokens: int, sample: int = 0) -> Request:
        temperature, top_p = self._settings.temperature, self._settings.top_p
        limit = max_tokens + self._settings.reasoning_tokens
        return Request(prompt, limit, temperature=temperature, top_p=top_p, sample=sample)

    def _ask(self, requests: Sequence[tuple[Candidate, Request]]) -> Iterator[tuple[Candidate, Response]]:
        """Yield the candidate and response of each answered request, in order, with the usage added; the
        response has no reasoning."""
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
            yield counted, replace(result, text=without_reasoning(result.text))

    def _passes(self, rejection: str) -> bool:
        if rejection:
            self._counts.failed[rejection] += 1
        return not rejection


def _reject_end(response: Response, cut: str) -> str:
    """The reason to reject a response that has no regular end, or no text; empty if it has both."""
    if response.finish_reason == "length":
        return cut
    if response.finish_reason != "stop":
        return f"finish_reason {response.finish_reason}"
    return "" if response.text.strip() else "empty content"


def _reject_judgement(response: Response) -> str:
    """A judgement that was cut off after its word is understood."""
    judgement = parse_judgement(response.text)
    if judgement is None and (reason := _reject_end(response, "judgement cut off")):
        return reason
    return REJECTIONS[judgement]
