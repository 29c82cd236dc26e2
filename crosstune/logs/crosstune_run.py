"""crosstune's own results: a run (``runs/NAME``), and what `crosstune eval` wrote (``judged.jsonl.gz``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from crosstune.errors import DataError
from crosstune.logs._log import Log, LogReader, LogSample, Outcome
from crosstune.logs._source import Source
from crosstune.records import EvaluatedSample, Status, from_json

_FILES = ("judged.jsonl.gz", "judged.jsonl")
_MANIFEST = "manifest.json"


def recognises(source: Source) -> bool:
    if source.is_folder:
        return (source.path / _MANIFEST).is_file() or _judged(source.path) is not None
    return {"problem", "candidate", "status", "seed"} <= source.first.keys()


def _judged(folder: Path) -> Path | None:
    return next((folder / name for name in _FILES if (folder / name).is_file()), None)


def read(source: Source) -> Sequence[Log]:
    logs: dict[tuple[str, ...], list[EvaluatedSample]] = defaultdict(list)
    for sample in _rows(source):
        logs[sample.model, sample.benchmark, sample.language, sample.task].append(sample)
    return [_log(source, key, samples) for key, samples in logs.items()]


def _rows(source: Source) -> Iterable[EvaluatedSample]:
    if source.is_folder and (source.path / _MANIFEST).is_file():
        from crosstune.study import recorded_verdicts

        return recorded_verdicts(source.path)
    path = _judged(source.path) if source.is_folder else source.path
    assert path is not None  # it was recognised
    return _samples(path)


def _samples(path: Path) -> Iterator[EvaluatedSample]:
    import json

    for row in Source(path).rows():
        try:
            yield from_json(EvaluatedSample, json.dumps(row.values))
        except ValueError as error:
            raise DataError(f"{row.where}: {error}") from None


def _log(source: Source, key: tuple[str, ...], samples: Sequence[EvaluatedSample]) -> Log:
    """Answers of several seeds are further samples of their problems."""
    model, benchmark, language, task = key
    order = sorted({(each.seed, each.sample) for each in samples})
    numbers = {each: number for number, each in enumerate(order)}
    return Log(
        format="crosstune-run",
        path=str(source.path),
        model=model,
        benchmark=benchmark,
        language=language,
        task=task,
        samples=tuple(_sample(each, numbers[each.seed, each.sample], source) for each in samples),
        metrics=("passed",),
    )


def _sample(row: EvaluatedSample, number: int, source: Source) -> LogSample:
    lost = row.status is Status.HARNESS_ERROR
    return LogSample(
        problem=row.problem,
        sample=number,
        values={"passed": None if lost else float(row.status is Status.PASSED)},
        outcome=_outcome(row.status),
        message=row.stderr,
        answer=row.text,
        code=row.candidate,
        prompt=row.prompt,
        finish_reason=row.finish_reason,
        where=f"{source.path}: {row.problem}, seed {row.seed}, sample {row.sample}",
    )


def _outcome(status: Status) -> Outcome:
    known = {
        Status.PASSED: Outcome.PASSED,
        Status.TIMEOUT: Outcome.TIMEOUT,
        Status.HARNESS_ERROR: Outcome.ERROR,
    }
    return known.get(status, Outcome.FAILED)


READER = LogReader(
    name="crosstune-run", title="runs and evaluations of crosstune", recognises=recognises, read=read
)
