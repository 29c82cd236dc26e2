"""Ask a model to solve a list of problems through any back end, and write its completions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune import files
from crosstune.benchmarks import Benchmark
from crosstune.errors import Incomplete, UsageError
from crosstune.generation._back_end import BackEnd, Decoding, GeneratedAnswer, Request
from crosstune.generation._computed_with import ComputedWith, OnSession
from crosstune.generation._generator import Generator, Question
from crosstune.prompts import PromptTemplate
from crosstune.records import Completion, Problem, Progress, to_json
from crosstune.settings import Settings

SECOND_QUESTION = "\n\n----- second question -----\n\n"
"""Separates, in a completion's prompt, the first question and its answer from the second question."""
OnCompletion = Callable[[Completion], None]


def _ignore(*_: Any) -> None:
    pass


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
    on_completion: OnCompletion = _ignore,
    on_session: OnSession = _ignore,
) -> Mapping[str, Any]:
    """Ask ``model`` to solve every problem and write `records.Completion` lines to ``out``.

    They are in the order of ``problems``, each with all its samples. Answers are stored in ``work`` as they
    arrive; a second call with the same arguments asks only for missing answers. ``on_completion`` receives
    each completion as soon as it is known, in any order. If the benchmark has a second question, ``text`` is
    the answer to it, and the prompt consists of the first question, its answer, `SECOND_QUESTION` and the
    second question.

    ``on_session`` receives the description of the back end's session when the model is loaded.

    Returns counts, under ``generation``: answers, errors (in all, by kind, and those that another run may
    not have), answers at the length limit (and those of them that are shorter, since the model's context
    ended), empty ones, tokens, and prompts cut to fit into the model's context; if the back end knows
    prices, also the ``cost`` of the answers' tokens (without failed attempts); if it describes its sessions,
    what all of them ``computed_with``.

    Raises:
        PrerequisiteError: the back end does not work here.
        UsageError: the model or the options are invalid.
    """
    generator = Generator(model, prompt, back_end, options, decoding)
    _check_chat(prompt, decoding)
    questions = [(problem, sample) for problem in problems for sample in range(decoding.samples)]
    two_turns = {at for at, (problem, _) in enumerate(questions) if benchmark.has_two_turns(problem)}
    total = len(questions) + len(two_turns)
    requests = generator.requests(questions, 1)
    computed_with = ComputedWith(work / "computed-with.json", on_session)

    def answered(position: int, answer: GeneratedAnswer) -> None:
        if position not in two_turns:
            on_completion(_completion([(requests[position], answer)]))

    first = generator.answers(
        questions,
        1,
        journal=work / "answers-1.jsonl",
        progress=lambda done: progress(done, total),
        computed_with=computed_with,
        on_answer=answered,
    )
    rows = [[pair] for pair in zip(requests, first, strict=True)]
    if benchmark.follow_up:
        positions, again = _second(benchmark.follow_up, questions, first)
        follow_ups = generator.requests(again, 2)
        before = total - len(again)
        for position in two_turns.difference(positions):
            on_completion(_completion(rows[position]))

        def answered_again(index: int, answer: GeneratedAnswer) -> None:
            on_completion(_completion([*rows[positions[index]][:1], (follow_ups[index], answer)]))

        second = generator.answers(
            again,
            2,
            journal=work / "answers-2.jsonl",
            progress=lambda done: progress(before + done, total),
            computed_with=computed_with,
            on_answer=answered_again,
        )
        for position, pair in zip(positions, zip(follow_ups, second, strict=True), strict=True):
            rows[position].append(pair)
    _write(out, (_completion(row) for row in rows))
    counts = _counts([answer for row in rows for _, answer in row], len(rows), decoding.max_new_tokens)
    described = {"computed_with": computed_with.descriptions} if computed_with.descriptions else {}
    return {"generation": {**counts, **_cost(back_end, options, counts), **described}}


def check_complete(metrics: Mapping[str, Any]) -> None:
    """
    Raises:
        Incomplete: the counts of `generate` have errors that another run may not have.
    """
    counts = metrics["generation"]
    if missing := counts["temporary_errors"]:
        kinds = ", ".join(f"{kind} ({n})" for kind, n in counts["error_kinds"].items())
        raise Incomplete(
            f"{missing} of {counts['answers']} answers are missing: {kinds}. Run again: only these are "
            "requested. If a request never ends in time, raise the server's timeout_seconds"
        )


def _check_chat(prompt: PromptTemplate, decoding: Decoding) -> None:
    """
    Raises:
        UsageError: the decoding has settings of a chat, but the prompt is no chat.
    """
    given = [name for name in ("system", "chat_template_kwargs") if getattr(decoding, name)]
    if given and not prompt.chat:
        raise UsageError(
            f"{given[0]} belongs to a chat, but the prompt template {prompt.name!r} gives plain text; "
            "use the prompt template chat"
        )


def _second(
    follow_up: Callable[[Problem, str], Problem | None],
    questions: Sequence[Question],
    answers: Sequence[GeneratedAnswer],
) -> tuple[list[int], list[Question]]:
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
        reasoning=answer.reasoning,
    )


def _counts(answers: Sequence[GeneratedAnswer], completions: int, most_tokens: int) -> dict[str, Any]:
    errors = [answer for answer in answers if answer.finish_reason == "error"]
    cut = [answer for answer in answers if answer.finish_reason == "length"]
    return {
        "completions": completions,
        "answers": len(answers),
        "errors": len(errors),
        "temporary_errors": sum(answer.temporary for answer in errors),
        "error_kinds": dict(Counter(answer.error.partition(":")[0] for answer in errors).most_common()),
        "empty": sum(not answer.text.strip() for answer in answers) - len(errors),
        "at_length_limit": len(cut),
        "at_context_end": sum(0 < answer.completion_tokens < most_tokens for answer in cut),
        "prompt_tokens": sum(answer.prompt_tokens for answer in answers),
        "completion_tokens": sum(answer.completion_tokens for answer in answers),
        "cut_prompts": sum(answer.cut_tokens > 0 for answer in answers),
        "cut_tokens": sum(answer.cut_tokens for answer in answers),
    }


def _cost(back_end: BackEnd, options: Settings, counts: Mapping[str, Any]) -> dict[str, float]:
    if back_end.cost is None:
        return {}
    cost = back_end.cost(options, counts["prompt_tokens"], counts["completion_tokens"])
    return {} if cost is None else {"cost": cost}


def _write(out: Path, completions: Iterator[Completion]) -> None:
    with files.atomic_write(out) as temporary, temporary.open("wb") as file:
        for completion in completions:
            # An answer may contain a lone surrogate; escaped, it is still valid JSON.
            file.write(to_json(completion).encode(errors="backslashreplace") + b"\n")
