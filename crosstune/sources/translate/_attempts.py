"""Ask the teacher for translations of tasks, and judge them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

from crosstune.extraction import Extraction, How, extract, without_reasoning
from crosstune.languages import LANGUAGES
from crosstune.llm import Client, FailedRequest, Request, Response, Result
from crosstune.records import Status, Verdict
from crosstune.sources.teacher._checks import reject_answer
from crosstune.sources.translate import _counts as stages
from crosstune.sources.translate._counts import Counts
from crosstune.sources.translate._prompts import translation_prompt
from crosstune.sources.translate._proof import RunsPrograms, last_line
from crosstune.sources.translate._settings import TranslateSettings
from crosstune.sources.translate._tasks import Task

CUT = "answer cut off"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to a task: the last stage that it reached, why no further, and what it cost."""

    task: Task
    sample: int
    stage: str = ""
    reason: str = ""
    detail: str = ""
    candidate: str = ""
    keys: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def passed(self) -> bool:
        return self.stage == stages.PASSED

    @property
    def depth(self) -> int:
        return stages.STAGES.index(self.stage) if self.stage else -1

    def after(self, earlier: Attempt | None) -> Attempt:
        """The better of two attempts, the earlier one of two that are equal, with the cost of both."""
        if earlier is None:
            return self
        return replace(
            max(earlier, self, key=lambda each: each.depth),
            keys=(*earlier.keys, *self.keys),
            prompt_tokens=earlier.prompt_tokens + self.prompt_tokens,
            completion_tokens=earlier.completion_tokens + self.completion_tokens,
        )


class Attempts:
    """Makes attempts, and counts the answers that are not used."""

    def __init__(
        self, settings: TranslateSettings, client: Client, judge: RunsPrograms, counts: Counts
    ) -> None:
        self._settings, self._client, self._judge, self._counts = settings, client, judge, counts
        self._language = LANGUAGES.load(settings.language)

    def best(self, tasks: Sequence[Task]) -> list[Attempt]:
        """For each task that was answered the first attempt that passes, or else the one that came furthest.

        Another answer is asked for only where none has passed. Raises as `Client.stream`.
        """
        best: dict[str, Attempt] = {}
        pending: Sequence[Task] = tasks
        for sample in range(self._settings.answers):
            attempts = self._attempts(pending, sample)
            for each in attempts:
                best[each.task.row.id] = each.after(best.get(each.task.row.id))
            pending = [each.task for each in attempts if not each.passed]
        return [best[task.row.id] for task in tasks if task.row.id in best]

    def _attempts(self, tasks: Sequence[Task], sample: int) -> list[Attempt]:
        """One attempt at each task whose request has a result; programs run while others are asked for."""
        requests = [self._request(task, sample) for task in tasks]
        found: dict[int, tuple[Attempt, Future[Verdict] | None]] = {}
        for index, result in self._client.stream(requests):
            if isinstance(result, FailedRequest) and not result.final:
                self._counts.unanswered[result.kind] += 1
                continue
            attempt = self._read(tasks[index], sample, result)
            program = attempt.task.program(attempt.candidate) if attempt.candidate else None
            found[index] = attempt, self._judge.submit(program) if program else None
        return [self._judged(*found[index]) for index in sorted(found)]

    def _request(self, task: Task, sample: int) -> Request:
        settings = self._settings
        limit = settings.max_answer_tokens + settings.reasoning_tokens
        temperature, top_p = settings.temperature, settings.top_p
        return Request(translation_prompt(task), limit, temperature=temperature, top_p=top_p, sample=sample)

    def _read(self, task: Task, sample: int, result: Result) -> Attempt:
        """The attempt with its candidate, or with the reason why it has none."""
        attempt = Attempt(task, sample, keys=(result.key,))
        if isinstance(result, FailedRequest):
            return replace(attempt, reason=f"no answer: {result.kind}", detail=result.detail)
        used, text = result.usage, without_reasoning(result.text)
        attempt = replace(attempt, prompt_tokens=used.prompt_tokens, completion_tokens=used.completion_tokens)
        if reason := _why_unusable(result, text, task):
            return replace(attempt, reason=reason)
        found = extract(self._language, task.problem(), text)
        if not _has_code(found, text, task.name):
            return replace(
                attempt, stage=stages.ANSWERED, reason="answer without the code that was asked for"
            )
        return replace(attempt, stage=stages.EXTRACTED, candidate=found.candidate)

    def _judged(self, attempt: Attempt, running: Future[Verdict] | None) -> Attempt:
        if running is not None:
            attempt = _with_verdict(attempt, running.result())
        if not attempt.passed:
            self._counts.answers[attempt.reason] += 1
        return attempt


def _why_unusable(response: Response, text: str, task: Task) -> str:
    if response.finish_reason == "length":
        return CUT
    if response.finish_reason != "stop":
        return f"no answer: finish_reason {response.finish_reason}"
    if not text.strip():
        return "no answer: empty content"
    return reject_answer(text, response.finish_reason, task.instruction)


def _has_code(found: Extraction, text: str, name: str) -> bool:
    return name in found.candidate and (found.how is How.DEFINITION or "```" in text)


def _with_verdict(attempt: Attempt, verdict: Verdict) -> Attempt:
    if verdict.passed:
        return replace(attempt, stage=stages.PASSED)
    detail = last_line(verdict)
    if verdict.status is Status.HARNESS_ERROR:
        return replace(attempt, reason="its translation could not be judged", detail=detail)
    if verdict.status is Status.COMPILE_ERROR:
        return replace(attempt, reason="its translation does not compile", detail=detail)
    reason = f"its translation fails the tests: {verdict.status}"
    return replace(attempt, stage=stages.COMPILED, reason=reason, detail=detail)
