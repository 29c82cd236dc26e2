"""Ask questions of one model: build the requests, and keep each answer when it arrives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.generation._back_end import (
    BackEnd,
    Decoding,
    GeneratedAnswer,
    ProtectsText,
    Request,
    Session,
)
from crosstune.generation._computed_with import ComputedWith
from crosstune.generation._journal import Journal
from crosstune.languages import LANGUAGES
from crosstune.prompts import PromptTemplate, asking_text
from crosstune.reasoning import split_reasoning
from crosstune.records import Problem
from crosstune.settings import Settings

OnAnswer = Callable[[int, GeneratedAnswer], None]
"""Receives the position of a request, and its answer."""
Question = tuple[Problem, int]
"""A problem, and the number of the sample."""


def _ignore(*_: Any) -> None:
    pass


@dataclass(frozen=True)
class Generator:
    """Everything that an answer depends on except the question."""

    model: str
    prompt: PromptTemplate
    back_end: BackEnd
    options: Settings
    decoding: Decoding

    def requests(
        self, questions: Sequence[Question], turn: int, protect: Callable[[str], str] | None = None
    ) -> list[Request]:
        """``protect`` is applied to all text that is not of the prompt template."""
        if protect is None:
            return [
                self._request(problem, sample, turn, self.decoding.system) for problem, sample in questions
            ]
        system = protect(self.decoding.system)
        return [
            self._request(_protected(problem, protect), sample, turn, system) for problem, sample in questions
        ]

    def _request(self, problem: Problem, sample: int, turn: int, system: str) -> Request:
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
            stops=(
                *self.decoding.stops,
                *self.prompt.stops,
                *((problem.stops or language.stops) if continues else ()),
            ),
            seed=_seed(self.decoding.seed, problem, sample, turn),
            chat=self.prompt.chat,
            system=system,
        )

    def answers(
        self,
        questions: Sequence[Question],
        turn: int,
        *,
        journal: Path,
        progress: Callable[[int], None],
        computed_with: ComputedWith,
        on_answer: OnAnswer = _ignore,
    ) -> list[GeneratedAnswer]:
        """One answer for each question, in their order; ``on_answer`` receives each as it arrives."""
        requests = self.requests(questions, turn)
        settings = _plain(self.options)
        determined_by = [self.back_end.name, self.back_end.version, settings, _deciding(self.decoding)]
        with Journal(journal, requests, determined_by) as kept:
            progress(len(kept.answers))
            for position, answer in kept.answers.items():
                on_answer(position, answer)
            if len(kept.answers) < len(requests):
                done = frozenset(kept.answers)
                with self.back_end.open(self.model, self.decoding, self.options) as session:
                    computed_with.add(self.back_end, session)
                    asked = self._as_asked(session, questions, turn) or requests
                    for found in session.answers(asked, done):
                        if found is not None:
                            position, raw = found
                            answer = _apart(raw) if requests[position].chat else raw
                            kept.append(position, answer)
                            on_answer(position, answer)
                        progress(len(kept.answers))
            missing = GeneratedAnswer(
                text="", finish_reason="error", error=f"{self.back_end.name} gave no answer"
            )
            return [kept.answers.get(position, missing) for position in range(len(requests))]

    def _as_asked(self, session: Session, questions: Sequence[Question], turn: int) -> list[Request]:
        """The requests in protected text, if the session can protect it."""
        if not isinstance(session, ProtectsText):
            return []
        return self.requests(questions, turn, session.protect)


def _protected(problem: Problem, protect: Callable[[str], str]) -> Problem:
    """
    Raises:
        DataError: the problem has a character that protects others.
    """
    try:
        return replace(
            problem,
            instruction=protect(problem.instruction),
            declaration=protect(problem.declaration),
            extra={name: protect(text) for name, text in problem.extra.items()},
        )
    except DataError as error:
        raise DataError(f"problem {problem.id!r} of {problem.benchmark}: {error}") from None


def _apart(answer: GeneratedAnswer) -> GeneratedAnswer:
    """The answer without the reasoning that its text has within tags."""
    reasoning, text = split_reasoning(answer.text)
    if not reasoning and text == answer.text:
        return answer
    parts = filter(None, (answer.reasoning, reasoning))
    return replace(answer, text=text.lstrip("\r\n"), reasoning="\n".join(parts))


def _seed(start: int, problem: Problem, sample: int, turn: int) -> int:
    """A seed of 31 bits that differs between questions and does not depend on the list of questions."""
    question = "\0".join([problem.benchmark, problem.language, problem.task, problem.id])
    text = f"{start}\0{sample}\0{turn}\0{question}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1


def _deciding(decoding: Decoding) -> dict[str, Any]:
    """What answers depend on. More samples are more requests, and the size of a batch is no reason to ask
    again; its default stays in the keys of stored answers."""
    size = Decoding.model_fields["batch_size"].default
    return decoding.model_copy(update={"batch_size": size}).model_dump(mode="json", exclude={"samples"})


def _plain(part: Any) -> Any:
    return part.model_dump(mode="json") if isinstance(part, Settings) else part
