"""Problems in, completions out, whatever answers them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.benchmarks import Benchmark
from crosstune.generation._back_end import Answer, BackEnd, Decoding, Request
from crosstune.generation._journal import Journal
from crosstune.languages import LANGUAGES
from crosstune.prompts import PromptTemplate, asking_text
from crosstune.records import Completion, Problem, Progress, to_json
from crosstune.settings import Settings

SECOND_QUESTION = "\n\n----- second question -----\n\n"
"""Stands in a completion's prompt between the first question with its answer and the second."""


@dataclass(frozen=True)
class _Asker:
    """All that an answer depends on besides the question."""

    model: str
    prompt: PromptTemplate
    back_end: BackEnd
    options: Settings
    decoding: Decoding

    def requests(self, questions: Sequence[tuple[Problem, int]], turn: int) -> list[Request]:
        return [self._request(problem, sample, turn) for problem, sample in questions]

    def _request(self, problem: Problem, sample: int, turn: int) -> Request:
        language = LANGUAGES.load(problem.language)
        # Only code that continues a declaration ends where the language says; prose and chat may go on.
        continues = bool(problem.declaration.strip()) and not self.prompt.chat
        return Request(
            problem=problem.id,
            benchmark=problem.benchmark,
            language=problem.language,
            task=problem.task,
            sample=sample,
            prompt=asking_text(self.prompt, problem, language),
            stops=(*self.prompt.stops, *(language.stops if continues else ())),
            seed=_seed(self.decoding.seed, problem, sample, turn),
            chat=self.prompt.chat,
        )

    def answers(
        self, requests: Sequence[Request], journal: Path, tell: Callable[[int], None]
    ) -> list[Answer]:
        """One answer for each request, in their order."""
        drawn = [self.back_end.name, self.back_end.version, self.options, self.decoding]
        with Journal(journal, requests, [_plain(part) for part in drawn]) as kept:
            tell(len(kept.answers))
            if len(kept.answers) < len(requests):
                done = frozenset(kept.answers)
                with self.back_end.open(self.model, self.decoding, self.options) as session:
                    for position, answer in session.answers(requests, done):
                        kept.keep(position, answer)
                        tell(len(kept.answers))
            lost = Answer(text="", finish_reason="error", error=f"{self.back_end.name} gave no answer")
            return [kept.answers.get(position, lost) for position in range(len(requests))]


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
    """Ask ``model`` every problem and write `records.Completion` lines to ``out``.

    They stand in the order of ``problems``, each with all its samples. Answers are kept in ``work`` as
    they come; called again with the same arguments, only those that are missing are asked. Where the
    benchmark has a second question, ``text`` is its answer, and the prompt holds the first question,
    its answer, `SECOND_QUESTION` and the second question.

    Returns counts, under ``generation``: answers, errors, cut off at the length limit, tokens, and
    prompts that were cut because the model's context could not hold them; and where the back end knows
    prices, what the answers' tokens ``cost`` (attempts that came to nothing are not in it).

    Raises:
        PrerequisiteError: the back end does not work here.
        UsageError: the model or the options are wrong.
    """
    asker = _Asker(model, prompt, back_end, options, decoding)
    questions = [(problem, sample) for problem in problems for sample in range(decoding.samples)]
    turns = 2 if benchmark.follow_up else 1
    total = turns * len(questions)
    requests = asker.requests(questions, 1)
    first = asker.answers(requests, work / "answers-1.jsonl", lambda done: progress(done, total))
    rows = [[pair] for pair in zip(requests, first, strict=True)]
    if benchmark.follow_up:
        places, again = _second(benchmark.follow_up, questions, first)
        requests = asker.requests(again, 2)
        passed = total - len(again)
        second = asker.answers(
            requests, work / "answers-2.jsonl", lambda done: progress(passed + done, total)
        )
        for place, pair in zip(places, zip(requests, second, strict=True), strict=True):
            rows[place].append(pair)
    _write(out, (_completion(row) for row in rows))
    counts = _counts([answer for row in rows for _, answer in row], len(rows))
    return {"generation": {**counts, **_cost(back_end, options, counts)}}


def _second(
    follow_up: Callable[[Problem, str], Problem | None],
    questions: Sequence[tuple[Problem, int]],
    answers: Sequence[Answer],
) -> tuple[list[int], list[tuple[Problem, int]]]:
    """Where a second question is to be asked, and which."""
    places, again = [], []
    for place, ((problem, sample), answer) in enumerate(zip(questions, answers, strict=True)):
        if answer.finish_reason != "error" and (question := follow_up(problem, answer.text)):
            places.append(place)
            again.append((question, sample))
    return places, again


def _completion(turns: Sequence[tuple[Request, Answer]]) -> Completion:
    request, answer = turns[-1]
    before = "".join(f"{asked.prompt}{said.text}{SECOND_QUESTION}" for asked, said in turns[:-1])
    return Completion(
        problem=turns[0][0].problem,
        benchmark=request.benchmark,
        language=request.language,
        task=request.task,
        sample=request.sample,
        prompt=before + request.prompt,
        text=answer.text,
        finish_reason=answer.finish_reason,
        prompt_tokens=sum(said.prompt_tokens for _, said in turns),
        completion_tokens=sum(said.completion_tokens for _, said in turns),
        error=answer.error,
    )


def _counts(answers: Sequence[Answer], completions: int) -> dict[str, int]:
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
    found = back_end.cost(options, counts["prompt_tokens"], counts["completion_tokens"])
    return {} if found is None else {"cost": found}


def _write(out: Path, completions: Iterator[Completion]) -> None:
    aside = out.with_name(out.name + ".part")
    with aside.open("wb") as file:
        for completion in completions:
            # A model may answer half of a surrogate pair; as an escape it is still JSON.
            file.write(to_json(completion).encode(errors="backslashreplace") + b"\n")
    aside.replace(out)


def _seed(start: int, problem: Problem, sample: int, turn: int) -> int:
    """31 bits that differ for every question, and do not change when others are asked or not."""
    question = "\0".join([problem.benchmark, problem.language, problem.task, problem.id])
    text = f"{start}\0{sample}\0{turn}\0{question}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1


def _plain(part: Any) -> Any:
    return part.model_dump(mode="json") if isinstance(part, Settings) else part
