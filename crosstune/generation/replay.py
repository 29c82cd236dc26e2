"""Read answers from a file, which were published or made by an earlier run, here or in another harness."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from crosstune.errors import DataError
from crosstune.generation._back_end import BackEnd, Decoding, GeneratedAnswer, Request
from crosstune.generation._recorded import RecordedAnswer, recorded_answers
from crosstune.records import Requirement
from crosstune.settings import InputPath, Settings

_Group = tuple[str, str, str]
"""Benchmark, language and task."""
_Key = tuple[_Group, str, int]
"""Group, problem and sample."""


class Options(Settings):
    """The file of answers."""

    file: InputPath
    """JSON lines, one `crosstune.records.Completion` each, or as `crosstune generate` writes them; a
    generations file of bigcode-evaluation-harness; samples of EvalPlus or lm-eval."""


class _Recorded:
    def __init__(self, path: Path) -> None:
        self._path, self._answers = path, recorded_answers(path)

    def answers(
        self, requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        known = _by_key(self._answers, _problems(requests), self._path)
        for position, request in enumerate(requests):
            if position in done:
                continue
            key = (_group(request), request.problem, request.sample)
            if key not in known:
                raise DataError(f"{self._path}: has no answer to {'/'.join(key[0])} {key[1]} sample {key[2]}")
            yield position, known[key]


def _group(request: Request) -> _Group:
    return request.benchmark, request.language, request.task


def _problems(requests: Iterable[Request]) -> dict[_Group, list[str]]:
    """The ids of the problems, in their order."""
    ids: dict[_Group, dict[str, None]] = {}
    for request in requests:
        ids.setdefault(_group(request), {})[request.problem] = None
    return {group: list(problems) for group, problems in ids.items()}


def _by_key(
    answers: Iterable[RecordedAnswer], problems: Mapping[_Group, list[str]], path: Path
) -> dict[_Key, GeneratedAnswer]:
    numbers = {group: _by_number(names) for group, names in problems.items()}
    found: dict[_Key, GeneratedAnswer] = {}
    seen: Counter[tuple[_Group, str]] = Counter()
    for each in answers:
        groups = [group for group in problems if _fits(each, group)]
        if len(groups) > 1:
            raise DataError(
                f"{path}: its rows name no language or task, so it has answers for one of both; choose it "
                f"(found {', '.join('/'.join(group) for group in groups)})"
            )
        for group in groups:
            if (name := _problem(each, problems[group], numbers[group])) is None:
                continue
            sample = seen[group, name] if each.sample is None else each.sample
            seen[group, name] += 1
            if (key := (group, name, sample)) in found:
                raise DataError(f"{each.location}: a second answer to {name} sample {sample}")
            found[key] = each.answer
    return found


def _fits(answer: RecordedAnswer, group: _Group) -> bool:
    said = (answer.benchmark, answer.language, answer.task)
    return all(not name or name == own for name, own in zip(said, group, strict=True))


def _by_number(names: Sequence[str]) -> dict[str, str]:
    """The problems by the number at the end of their ids; without numbers that several have."""
    numbers = Counter(_number(name) for name in names)
    return {_number(name): name for name in names if _number(name) and numbers[_number(name)] == 1}


def _number(name: str) -> str:
    last = name.replace("_", "/").rpartition("/")[2]
    return last.lstrip("0") or "0" if last.isdecimal() else ""


def _problem(answer: RecordedAnswer, names: Sequence[str], by_number: Mapping[str, str]) -> str | None:
    """The problem of an answer, by its id, the number in it, or its position; None if it is not asked."""
    if answer.name:
        return answer.name if answer.name in names else by_number.get(_number(answer.name))
    if answer.index is not None and answer.index < len(names):
        return names[answer.index]
    return None


def most_samples(path: Path) -> int:
    """How many answers the file has for the problem with the most.

    Raises:
        DataError: see `recorded_answers`.
    """
    questions = Counter(
        (each.benchmark, each.language, each.task, each.name, each.index) for each in recorded_answers(path)
    )
    return max(questions.values(), default=1)


@contextlib.contextmanager
def _open(_model: str, _decoding: Decoding, options: Options) -> Iterator[_Recorded]:
    yield _Recorded(options.file)


def _requirements(_model: str, options: Options) -> Sequence[Requirement]:
    how = "write the completions there, or give another file"
    return [Requirement(f"the completions in {options.file}", options.file.is_file(), how)]


BACK_END = BackEnd(name="replay", version=2, settings=Options, open=_open, requirements=_requirements)
