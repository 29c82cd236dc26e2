"""Answers in files: crosstune's own, and those of other harnesses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.generation._back_end import GeneratedAnswer
from crosstune.records import Completion, from_row

EXPECTED = (
    "answers of crosstune (problem, language, answer), a generations file of bigcode-evaluation-harness "
    "(lists of texts), samples of EvalPlus (task_id, solution or completion) or of lm-eval (doc, resps)"
)


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """An answer and what its file says about its question: an empty text or None if it does not say it.

    ``name`` is the problem's id in the other harness, ``index`` its position in the benchmark.
    """

    location: str
    answer: GeneratedAnswer
    name: str = ""
    index: int | None = None
    benchmark: str = ""
    language: str = ""
    task: str = ""
    sample: int | None = None


def recorded_answers(path: Path) -> list[RecordedAnswer]:
    """All answers of a file, in its order.

    Raises:
        DataError: the file cannot be read, or a row has no known format.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from None
    if text.lstrip().startswith("["):
        return list(_of_bigcode(path, text))
    answers: list[RecordedAnswer] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            answers += _of_row(_object(line, f"{path}:{number}"), f"{path}:{number}")
    return answers


def _object(line: str, location: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{location}: not JSON: {error}") from None
    if not isinstance(row, dict):
        raise DataError(f"{location}: expected an object, found {type(row).__name__}")
    return row


def _of_row(row: Mapping[str, Any], location: str) -> Iterator[RecordedAnswer]:
    if "resps" in row and isinstance(row.get("doc"), Mapping):
        yield from _of_lm_eval(row, location)
    elif "task_id" in row and ("solution" in row or "completion" in row):
        text = row.get("solution") or row.get("completion")
        yield RecordedAnswer(location, _answer(text, location), name=str(row["task_id"]))
    elif "problem" in row and "answer" in row:
        yield _of_answer_row(row, location)
    else:
        yield _of_completion(row, location)


def _of_bigcode(path: Path, text: str) -> Iterator[RecordedAnswer]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: not JSON: {error}") from None
    for index, texts in enumerate(rows):
        location = f"{path}: problem {index}"
        if not isinstance(texts, list):
            raise DataError(f"{location}: expected a list of texts; known formats: {EXPECTED}")
        for sample, each in enumerate(texts):
            yield RecordedAnswer(location, _answer(each, location), index=index, sample=sample)


def _of_lm_eval(row: Mapping[str, Any], location: str) -> Iterator[RecordedAnswer]:
    """The filtered responses if they are whole programs, else the model's own."""
    doc, prompt = row["doc"], row["doc"].get("prompt")
    filtered = list(_texts(row.get("filtered_resps")))
    whole = isinstance(prompt, str) and bool(filtered) and all(prompt in text for text in filtered)
    name = next((str(doc[key]) for key in ("task_id", "id", "name") if key in doc), "")
    index = row.get("doc_id")
    for sample, text in enumerate(filtered if whole else _texts(row["resps"])):
        yield RecordedAnswer(
            location,
            _answer(text, location),
            name=name,
            index=index if isinstance(index, int) else None,
            sample=sample,
        )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _of_answer_row(row: Mapping[str, Any], location: str) -> RecordedAnswer:
    """A row as `crosstune generate` writes it and `crosstune judge --answers` reads it."""
    error = row.get("error") or ""
    answer = _answer("" if error else row["answer"], location)
    found = GeneratedAnswer(
        answer.text,
        "error" if error else str(row.get("finish_reason") or "stop"),
        int(row.get("prompt_tokens") or 0),
        int(row.get("completion_tokens") or 0),
        error=str(error),
        reasoning=str(row.get("reasoning") or ""),
    )
    sample = row.get("sample", 0)
    return RecordedAnswer(
        location,
        found,
        name=str(row["problem"]),
        benchmark=str(row.get("benchmark", "")),
        language=str(row.get("language", "")),
        task=str(row.get("task", "")),
        sample=sample if isinstance(sample, int) else None,
    )


def _of_completion(row: Mapping[str, Any], location: str) -> RecordedAnswer:
    try:
        completion = from_row(Completion, row)
    except ValueError as error:
        raise DataError(f"{location}: {error}; known formats: {EXPECTED}") from None
    if not completion.finish_reason:
        raise DataError(f"{location}: finish_reason is empty; expected stop, length or error")
    return RecordedAnswer(
        location,
        GeneratedAnswer(
            completion.text,
            completion.finish_reason,
            completion.prompt_tokens,
            completion.completion_tokens,
            error=completion.error,
            reasoning=completion.reasoning,
        ),
        name=completion.problem,
        benchmark=completion.benchmark,
        language=completion.language,
        task=completion.task,
        sample=completion.sample,
    )


def _answer(text: Any, location: str) -> GeneratedAnswer:
    if not isinstance(text, str):
        raise DataError(f"{location}: the answer is {type(text).__name__}; expected text")
    return GeneratedAnswer(text, "stop")
