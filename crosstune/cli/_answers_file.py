"""The file of answers that `crosstune generate` writes, and what it was made with."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosstune import files
from crosstune.errors import DataError, Incomplete, UsageError

if TYPE_CHECKING:
    from crosstune.records import Completion

MADE_WITH = "made-with.json"


class AnswersFile:
    """The answers in ``path``; beside it, ``work`` keeps each answer from the moment when it arrives."""

    def __init__(self, path: Path, made_with: Mapping[str, Any], *, replace: bool) -> None:
        """
        Raises:
            UsageError: the file has answers made with other settings, and ``replace`` is not set.
            OSError: the file cannot be written.
        """
        if path.exists() and not path.is_file():
            raise UsageError(f"{path}: expected the name of a file; answers are kept beside it")
        self.path = path
        self.work = path.with_name(f".{path.name}.work")
        files.check_target(path)
        if not replace:
            self._check(made_with)
        self.work.mkdir(parents=True, exist_ok=True)
        files.write_json(self.work / MADE_WITH, made_with)

    def _check(self, made_with: Mapping[str, Any]) -> None:
        record = self.work / MADE_WITH
        if not record.exists():
            if self.path.is_file() and self.path.stat().st_size:
                raise UsageError(
                    f"{self.path}: has content, and it is not known how it was made; name another file, or "
                    "give --replace"
                )
            return
        try:
            earlier = json.loads(record.read_bytes())
        except ValueError:
            return
        if changes := list(_changes(earlier, made_with)):
            raise UsageError(
                f"{self.path}: has answers made with other settings ({'; '.join(changes)}); name another "
                "file, or give --replace"
            )

    @contextlib.contextmanager
    def single_writer(self) -> Iterator[None]:
        """Hold the file's lock.

        Raises:
            Incomplete: another process holds it.
        """
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(files.locked(self.work / "lock"))
            except BlockingIOError:
                message = f"{self.path}: another process is writing it; wait for it, then run it again"
                raise Incomplete(message) from None
            yield

    def write(self, completions: Iterable[Completion]) -> None:
        with files.atomic_write(self.path) as temporary, temporary.open("w", encoding="utf-8") as file:
            for each in completions:
                file.write(json.dumps(answer_row(each), ensure_ascii=False) + "\n")


def _changes(earlier: Any, now: Any, name: str = "") -> Iterator[str]:
    """``decoding.max_new_tokens: 512, now 1024`` for each setting that differs."""
    if isinstance(earlier, dict) and isinstance(now, Mapping):
        for key in dict.fromkeys([*earlier, *now]):
            yield from _changes(earlier.get(key), now.get(key), f"{name}.{key}" if name else key)
    elif json.dumps(earlier) != json.dumps(now):
        yield f"{name}: {earlier}, now {now}"


def answer_row(completion: Completion) -> dict[str, Any]:
    """A row for `crosstune judge --answers`; without an answer, ``answer`` is null and ``error`` says why."""
    failed = completion.finish_reason == "error"
    return {
        "problem": completion.problem,
        "language": completion.language,
        "task": completion.task,
        "sample": completion.sample,
        "answer": None if failed else completion.text,
        "finish_reason": completion.finish_reason,
        **({"reasoning": completion.reasoning} if completion.reasoning else {}),
        **({"error": completion.error} if failed else {}),
        "benchmark": completion.benchmark,
        "prompt": completion.prompt,
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
    }


def read_completions(path: Path) -> Iterator[Completion]:
    from crosstune.records import Completion, from_json

    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield from_json(Completion, line)
            except ValueError as error:
                raise DataError(f"{path}:{number}: {error}") from None
