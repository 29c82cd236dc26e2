"""EvalPlus: ``eval_results.json`` or ``SAMPLES_eval_results.json`` (``evalplus.evaluate``), or its folder.

``eval`` has for each problem a list of samples: ``solution`` (what ran), ``base_status`` and ``plus_status``
(``pass``, ``fail``, ``timeout``; null without extra tests). Metrics are ``plus`` (both passed) and ``base``.
What the model wrote, before it was sanitized, is in ``SAMPLES.raw.jsonl`` beside it, if it is still there.
Written by ``evalplus/evaluate.py`` (0.3.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from crosstune.errors import DataError
from crosstune.logs._log import Log, LogReader, LogSample, Outcome
from crosstune.logs._source import Fields, Source

_ENDS = ("_eval_results.json", ".eval_results.json")
_SECONDS = 1.0
"""Its least time limit, of one input. A program that exceeds it there fails; only one that goes on is a
``timeout``."""
_OUTCOMES = {"pass": Outcome.PASSED, "fail": Outcome.FAILED, "timeout": Outcome.TIMEOUT}


def recognises(source: Source) -> bool:
    if source.is_folder:
        return bool(_results(source))
    problems = source.whole.get("eval")
    if not isinstance(problems, dict) or not problems:
        return False
    first = next(iter(problems.values()))
    return isinstance(first, list) and bool(first) and "base_status" in first[0]


def _results(source: Source) -> list[Path]:
    return source.files("*eval_results.json", "*eval_results.json.gz")


def read(source: Source) -> Sequence[Log]:
    if source.is_folder:
        return [_log(Source(path)) for path in _results(source)]
    return [_log(source)]


def _log(source: Source) -> Log:
    results = Fields(source.document, str(source.path))
    raw = _raw_answers(source)
    samples = tuple(_samples(results, raw))
    if not samples:
        raise DataError(f"{source.path}: 'eval' has no samples")
    extra = any("plus" in each.values for each in samples)
    first = samples[0].problem.partition("/")[0].lower()
    return Log(
        format="evalplus",
        path=str(source.path),
        model=_model(source),
        benchmark={"humaneval": "humaneval-plus", "mbpp": "mbpp-plus"}.get(first, first) if extra else first,
        language="python",
        samples=samples,
        metrics=("plus", "base") if extra else ("base",),
        seconds=_SECONDS,
    )


def _model(source: Source) -> str:
    """EvalPlus names the file of samples, or the folder, after the model."""
    name = source.name
    for end in _ENDS:
        name = name.removesuffix(end)
    return source.path.absolute().parent.name if name == "eval_results.json" else name


def _samples(results: Fields, raw: Mapping[str, Sequence[str]]) -> Iterator[LogSample]:
    # Problems are in the order in which they ended: sort them by number.
    for problem, rows in sorted(results.need("eval", dict).items(), key=lambda each: (len(each[0]), each[0])):
        where = f"{results.where}: eval.{problem}"
        if not isinstance(rows, list):
            raise DataError(f"{where}: expected a list of samples, as EvalPlus 0.2 and newer write it")
        for number, values in enumerate(rows):
            row = Fields(values, f"{where}[{number}]")
            statuses = _statuses(row)
            answers = raw.get(problem, ())
            yield LogSample(
                problem=problem,
                sample=number,
                values={name: float(all(each == "pass" for each in of)) for name, of in statuses.items()},
                outcome=_outcome(next(iter(statuses.values()))),
                answer=answers[number] if len(answers) == len(rows) else None,
                code=row.get("solution", str),
                where=row.where,
            )


def _statuses(row: Fields) -> dict[str, tuple[str, ...]]:
    """The statuses that have to be ``pass`` for each metric, the default metric first."""
    base = row.need("base_status", str)
    plus = row.get("plus_status", str)
    return {"base": (base,)} if plus is None else {"plus": (base, plus), "base": (base,)}


def _outcome(statuses: Sequence[str]) -> Outcome:
    worst = next((each for each in statuses if each != "pass"), "pass")
    return _OUTCOMES.get(worst, Outcome.FAILED)


def _raw_answers(source: Source) -> Mapping[str, Sequence[str]]:
    """The answers of each problem in the file beside it, in their order; empty if there is none."""
    for end in _ENDS:
        path = source.path.with_name(source.name.removesuffix(end) + ".raw.jsonl")
        if source.name.endswith(end) and path.is_file():
            answers = defaultdict(list)
            for row in Source(path).rows():
                answers[str(row.need("task_id", str))].append(str(row.need("solution", str)))
            return answers
    return {}


READER = LogReader(name="evalplus", title="EvalPlus results", recognises=recognises, read=read)
