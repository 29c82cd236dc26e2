"""Ask a model to solve a list of problems through any back end, and write its completions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune import files
from crosstune.benchmarks import Benchmark
from crosstune.generation._back_end import BackEnd, Decoding, GeneratedAnswer, Request
from crosstune.generation._journal import Journal
from crosstune.languages import LANGUAGES
from crosstune.prompts import PromptTemplate, asking_text
from crosstune.records import Completion, Problem, Progress, to_json
from crosstune.settings import Settings

SECOND_QUESTION = "\n\n----- second question -----\n\n"
"""Separates, in a completion's prompt, the first question and its answer from the second question."""


@dataclass(frozen=True)
class _Generator:
    """Everything that an answer depends on except the question."""

    model: str
    prompt: PromptTemplate
    back_end: BackEnd
    options: Settings
    decoding: Decoding

    def requests(self, questions: Sequence[tuple[Problem, int]], turn: int) -> list[Request]:
        return [self._request(problem, sample, turn) for problem, sample in questions]

    def _request(self, problem: Problem, sample: int, turn: int) -> Request:
        language = LANGUAGES.load(problem.language)
        # The language's stops are for code that continues a declaration, not for prose or chat.
        continued = problem.declaration.strip() or problem.extra.get(self.prompt.own)
        continues = bool(continued) and not self.prompt.chat
        return Request(
            problem=problem.id,
            benchmark=problem.benchmark,
            language=problem.language,
            task=problem.task,
            sample=sample,
            prompt=asking_text(self.prompt, problem, language),
            stops=(*self.prompt.stops, *((problem.stops or language.stops) if continues else ())),
            seed=_seed(self.decoding.seed, problem, sample, turn),
            chat=self.prompt.chat,
        )

    def answers(
        self, requests: Sequence[Request], journal: Path, progress: Callable[[int], None]
    ) -> list[GeneratedAnswer]:
        """One answer for each request, in their order."""
        determined_by = [self.back_end.name, self.back_end.version, self.options, self.decoding]
        with Journal(journal, requests, [_plain(part) for part in determined_by]) as kept:
            progress(len(kept.answers))
            if len(kept.answers) < len(requests):
                done = frozenset(kept.answers)
                with self.back_end.open(self.model, self.decoding, self.options) as session:
                    for position, answer in session.answers(requests, done):
                        kept.append(position, answer)
                        progress(len(kept.answers))
            missing = GeneratedAnswer(
                text="", finish_reason="error", error=f"{self.back_end.name} gave no answer"
            )
            return [kept.answers.get(position, missing) for position in range(len(requests))]


def generate(
    problems: Sequence[Problem],
    *,
    model: str,
    benchmark: Benchmark,
    prompt: PromptTemplate,
    back_end: BackEnd,
    options: Settings,
    decoding: Decoding,
    out: Path,
    work: Path,
    progress: Progress,
) -> Mapping[str, Any]:
    """Ask ``model`` to solve every problem and write `records.Completion` lines to ``out``.

    They are in the order of ``problems``, each with all its samples. Answers are stored in ``work`` as they
    arrive; a second call with the same arguments asks only for missing answers. If the benchmark has a second
    question, ``text`` is the answer to it, and the prompt consists of the first question, its answer,
    `SECOND_QUESTION` and the second question.

    Returns counts, under ``generation``: answers, errors, answers at the length limit, tokens, and prompts
    cut to fit into the model's context; if the back end knows prices, also the ``cost`` of the answers'
    tokens (without failed attempts).

    Raises:
        PrerequisiteError: the back end does not work here.
        UsageError: the model or the options are invalid.
    """
    generator = _Generator(model, prompt, back_end, options, decoding)
    questions = [(problem, sample) for problem in problems for sample in range(decoding.samples)]
    turns = 2 if benchmark.follow_up else 1
    total = turns * len(questions)
    requests = generator.requests(questions, 1)
    first = generator.answers(requests, work / "answers-1.jsonl", lambda done: progress(done, total))
    rows = [[pair] for pair in zip(requests, first, strict=True)]
    if benchmark.follow_up:
        positions, again = _second(benchmark.follow_up, questions, first)
        requests = generator.requests(again, 2)
        before = total - len(again)
        second = generator.answers(
            requests, work / "answers-2.jsonl", lambda done: progress(before + done, total)
        )
        for position, pair in zip(positions, zip(requests, second, strict=True), strict=True):
            rows[position].append(pair)
    _write(out, (_completion(row) for row in rows))
    counts = _counts([answer for row in rows for _, answer in row], len(rows))
    return {"generation": {**counts, **_cost(back_end, options, counts)}}


def _second(
    follow_up: Callable[[Problem, str], Problem | None],
    questions: Sequence[tuple[Problem, int]],
    answers: Sequence[GeneratedAnswer],
) -> tuple[list[int], list[tuple[Problem, int]]]:
    """The positions of the answers that get a second question, and the second questions."""
    positions, again = [], []
    for position, ((problem, sample), answer) in enumerate(zip(questions, answers, strict=True)):
        if answer.finish_reason != "error" and (question := follow_up(problem, answer.text)):
            positions.append(position)
            again.append((question, sample))
    return positions, again


def _completion(turns: Sequence[tuple[Request, GeneratedAnswer]]) -> Completion:
    request, answer = turns[-1]
    before = "".join(f"{turn.prompt}{reply.text}{SECOND_QUESTION}" for turn, reply in turns[:-1])
    return Completion(
        problem=turns[0][0].problem,
        benchmark=request.benchmark,
        language=request.language,
        task=request.task,
        sample=request.sample,
        prompt=before + request.prompt,
        text=answer.text,
        finish_reason=answer.finish_reason,
        prompt_tokens=sum(reply.prompt_tokens for _, reply in turns),
        completion_tokens=sum(reply.completion_tokens for _, reply in turns),
        error=answer.error,
    )


def _counts(answers: Sequence[GeneratedAnswer], completions: int) -> dict[str, int]:
    return {
        "completions": completions,
        "answers": len(answers),
        "errors": sum(answer.finish_reason == "error" for answer in answers),
        "at_length_limit": sum(answer.finish_reason == "length" for answer in answers),
        "prompt_tokens": sum(answer.prompt_tokens for answer in answers),
        "completion_tokens": sum(answer.completion_tokens for answer in answers),
        "cut_prompts": sum(answer.cut_tokens > 0 for answer in answers),
        "cut_tokens": sum(answer.cut_tokens for answer in answers),
    }


def _cost(back_end: BackEnd, options: Settings, counts: Mapping[str, int]) -> dict[str, float]:
    if back_end.cost is None:
        return {}
    cost = back_end.cost(options, counts["prompt_tokens"], counts["completion_tokens"])
    return {} if cost is None else {"cost": cost}


def _write(out: Path, completions: Iterator[Completion]) -> None:
    with files.atomic_write(out) as temporary, temporary.open("wb") as file:
        for completion in completions:
            # An answer may contain a lone surrogate; escaped, it is still valid JSON.
            file.write(to_json(completion).encode(errors="backslashreplace") + b"\n")


def _seed(start: int, problem: Problem, sample: int, turn: int) -> int:
    """A seed of 31 bits that differs between questions and does not depend on the list of questions."""
    question = "\0".join([problem.benchmark, problem.language, problem.task, problem.id])
    text = f"{start}\0{sample}\0{turn}\0{question}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1


def _plain(part: Any) -> Any:
    return part.model_dump(mode="json") if isinstance(part, Settings) else part
