"""The file of answers that `crosstune generate` writes, and what it was made with."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosstune import files, made_with
from crosstune.errors import DataError, Incomplete, UsageError

if TYPE_CHECKING:
    from crosstune.records import Completion

MADE_WITH = "made-with.json"
EARLIER = "earlier"
"""The folder in the work folder with the answers of earlier settings, in a folder of each."""
_KEPT = ("answers-*.jsonl*", "computed-with.json")
_NAME = 12


class AnswersFile:
    """The answers in ``path``; beside it, ``work`` keeps each answer from the moment when it arrives.

    Answers of earlier settings are set aside in ``work``, and come back with these settings.
    """

    def __init__(self, path: Path, made_with: made_with.Record, *, replace: bool) -> None:
        """
        Raises:
            UsageError: the file has answers made with other settings, and ``replace`` is not set.
            OSError: the file cannot be written.
        """
        if path.exists() and not path.is_file():
            raise UsageError(f"{path}: expected the name of a file; answers are kept beside it")
        self.path, self._made_with = path, made_with
        self.work = path.with_name(f".{path.name}.work")
        files.check_target(path)
        if not replace:
            self._check()

    def _check(self) -> None:
        earlier = self._earlier()
        if earlier is None:
            if self.path.is_file() and self.path.stat().st_size:
                raise UsageError(
                    f"{self.path}: has content, and it is not known how it was made; name another file, or "
                    "give --replace"
                )
        elif changes := made_with.differences(earlier, self._made_with):
            raise UsageError(
                f"{self.path}: has answers made with other settings ({'; '.join(changes)}); name another "
                "file, or give --replace"
            )

    def _earlier(self) -> made_with.Record | None:
        """What the answers in the work folder were made with; None if that is not known."""
        try:
            earlier = json.loads((self.work / MADE_WITH).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return earlier if isinstance(earlier, dict) else None

    @contextlib.contextmanager
    def single_writer(self) -> Iterator[None]:
        """Hold the file's lock; the work folder then has only answers made with these settings.

        Raises:
            Incomplete: another process holds it.
        """
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(files.locked(self.work / "lock"))
            except BlockingIOError:
                message = f"{self.path}: another process is writing it; wait for it, then run it again"
                raise Incomplete(message) from None
            self._exchange()
            files.write_json(self.work / MADE_WITH, self._made_with)
            yield

    def _exchange(self) -> None:
        """Set answers of other settings aside, and bring back those of these settings: a stored answer's key
        has neither the model nor a file's contents."""
        earlier = self._earlier()
        if earlier is not None and not made_with.differences(earlier, self._made_with):
            return
        kept = list(self._kept(self.work))
        if kept:
            name = "unknown" if earlier is None else made_with.identity(earlier)[:_NAME]
            _move(kept, self.work / EARLIER / name)
        _move(self._kept(self.work / EARLIER / made_with.identity(self._made_with)[:_NAME]), self.work)

    @staticmethod
    def _kept(folder: Path) -> list[Path]:
        return sorted(path for pattern in _KEPT for path in folder.glob(pattern))

    def write(self, completions: Iterable[Completion]) -> None:
        with files.atomic_write(self.path) as temporary, temporary.open("w", encoding="utf-8") as file:
            for each in completions:
                file.write(json.dumps(answer_row(each), ensure_ascii=False) + "\n")


def _move(paths: Iterable[Path], folder: Path) -> None:
    for path in paths:
        folder.mkdir(parents=True, exist_ok=True)
        path.replace(folder / path.name)


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
