"""Read answers from a file of completions, which were published or made by an earlier run."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from crosstune.errors import DataError
from crosstune.generation._back_end import BackEnd, Decoding, GeneratedAnswer, Request
from crosstune.records import Completion, Requirement, from_json
from crosstune.settings import InputPath, Settings

_Key = tuple[str, str, str, str, int]


class Options(Settings):
    """The file of answers."""

    file: InputPath
    """JSON lines, one `crosstune.records.Completion` each."""


class _Recorded:
    def __init__(self, path: Path, answers: Mapping[_Key, GeneratedAnswer]) -> None:
        self._path, self._answers = path, answers

    def answers(
        self, requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        for position, request in enumerate(requests):
            if position in done:
                continue
            key = (request.benchmark, request.language, request.task, request.problem, request.sample)
            if key not in self._answers:
                raise DataError(
                    f"{self._path}: has no answer to {'/'.join(key[:3])} {key[3]} sample {key[4]}"
                )
            yield position, self._answers[key]


@contextlib.contextmanager
def _open(_model: str, _decoding: Decoding, options: Options) -> Iterator[_Recorded]:
    yield _Recorded(options.file, dict(_read(options.file)))


def _read(path: Path) -> Iterator[tuple[_Key, GeneratedAnswer]]:
    seen: set[_Key] = set()
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                key, answer = _answer(line, f"{path}:{number}")
                if key in seen:
                    raise DataError(f"{path}:{number}: a second answer to {key[3]} sample {key[4]}")
                seen.add(key)
                yield key, answer
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error


def _answer(line: bytes, location: str) -> tuple[_Key, GeneratedAnswer]:
    try:
        row = from_json(Completion, line)
    except ValueError as error:
        raise DataError(f"{location}: expected a completion as JSON: {error}") from error
    finish_reason: Literal["stop", "length", "error"]
    match row.finish_reason:
        case "stop" | "length" | "error":
            finish_reason = row.finish_reason
        case other:
            raise DataError(f"{location}: finish_reason is {other!r}; expected stop, length or error")
    answer = GeneratedAnswer(
        row.text, finish_reason, row.prompt_tokens, row.completion_tokens, error=row.error
    )
    return (row.benchmark, row.language, row.task, row.problem, row.sample), answer


def _requirements(_model: str, options: Options) -> Sequence[Requirement]:
    how = "write the completions there, or give another file"
    return [Requirement(f"the completions in {options.file}", options.file.is_file(), how)]


BACK_END = BackEnd(name="replay", version=1, settings=Options, open=_open, requirements=_requirements)
