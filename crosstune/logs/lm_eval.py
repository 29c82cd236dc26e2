"""lm-evaluation-harness: ``samples_TASK_DATE.jsonl`` (``--log_samples``), or the folder ``--output_path``.

A line is a document with one filter: ``doc_id``, ``doc``, ``arguments`` (what the model was asked), ``resps``
(its answers), ``filtered_resps`` (what the filter made of them), and the metrics by name. Metrics are named
as in its own results, ``exact_match,strict-match``, where a task has several filters. Written by
``lm_eval/loggers/evaluation_tracker.py`` (0.4.13); 0.4.0 wrote a list of such objects, without ``filter`` and
``metrics``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.logs._log import Log, LogReader, LogSample
from crosstune.logs._messages import text_of
from crosstune.logs._source import Fields, Source
from crosstune.logs._tests import row_problem

_FILE = re.compile(r"samples_(?P<task>.+)_(?P<date>\d{4}-\d\d-\d\dT[\d.-]+)\.jsonl$")
_CODE_EVAL_SECONDS = 3.0
"""The time limit of the metric ``code_eval`` that its code tasks use."""
_NOT_METRICS = frozenset({"doc_id", "doc_hash", "prompt_hash", "target_hash", "target", "filter"})
_SETTINGS = ("temperature", "top_p", "top_k", "do_sample", "max_gen_toks", "max_new_tokens", "until", "seed")


def recognises(source: Source) -> bool:
    if source.is_folder:
        return bool(source.files("samples_*.jsonl", "samples_*.jsonl.gz"))
    return {"doc_id", "doc", "resps"} <= source.first.keys()


def read(source: Source) -> Sequence[Log]:
    if not source.is_folder:
        return [_log(source)]
    return [_log(Source(path)) for path in _newest(source)]


def _newest(source: Source) -> list[Path]:
    """The newest file of each task in each folder (the date is in the name)."""
    newest: dict[tuple[Path, str], Path] = {}
    for path in source.files("samples_*.jsonl", "samples_*.jsonl.gz"):
        match = _FILE.match(path.name.removesuffix(".gz"))
        newest[path.parent, match["task"] if match else path.name] = path
    return list(newest.values())


def _log(source: Source) -> Log:
    match = _FILE.match(source.name)
    samples, metrics = _samples(source)
    if not samples:
        raise DataError(f"{source.path}: no samples; lm_eval writes them with --log_samples")
    return Log(
        format="lm-eval",
        path=str(source.path),
        model=_model(source, match["date"] if match else ""),
        benchmark=match["task"] if match else source.name.removesuffix(".jsonl").removeprefix("samples_"),
        samples=tuple(samples),
        metrics=tuple(metrics),
        seconds=_CODE_EVAL_SECONDS if any(each.problem_tests for each in samples) else 0.0,
    )


def _model(source: Source, date: str) -> str:
    """The model's name in the results beside the samples, else the folder's."""
    results = source.path.with_name(f"results_{date}.json")
    if date and results.is_file():
        fields = Fields(Source(results).document, str(results))
        if name := fields.get("model_name", str) or fields.inner("config").get("model", str):
            return str(name)
    return source.path.absolute().parent.name


def _samples(source: Source) -> tuple[list[LogSample], list[str]]:
    """One sample for each answer; a problem's lines of several filters are joined."""
    joined: dict[int | str, list[LogSample]] = {}
    for row in source.rows():
        number, several = row.need("doc_id", int, str), list(_answers(row))
        known = joined.setdefault(number, several)
        if known is not several:
            joined[number] = [_with_filter(*pair) for pair in zip(known, several, strict=False)]
    samples = [each for several in _named(joined) for each in several]
    metrics = list(dict.fromkeys(name for each in samples for name in each.values))
    if len({name.partition(",")[2] for name in metrics}) > 1:
        return samples, metrics
    return [_without_filter(each) for each in samples], [name.partition(",")[0] for name in metrics]


def _with_filter(one: LogSample, other: LogSample) -> LogSample:
    return replace(one, values={**one.values, **other.values}, codes={**one.codes, **other.codes})


def _without_filter(sample: LogSample) -> LogSample:
    values = {name.partition(",")[0]: each for name, each in sample.values.items()}
    codes = {name.partition(",")[0]: each for name, each in sample.codes.items()}
    return replace(sample, values=values, codes=codes)


def _named(joined: Mapping[int | str, list[LogSample]]) -> list[list[LogSample]]:
    """Problems with their documents' own ids, if these are unique, else with their numbers in the task."""
    own = [several[0].problem for several in joined.values() if several]
    if len(set(own)) == len(joined):
        return list(joined.values())
    return [[replace(each, problem=str(number)) for each in several] for number, several in joined.items()]


def _own_name(row: Fields) -> str:
    doc = row.inner("doc")
    own = next((doc.values[name] for name in ("task_id", "id", "name") if doc.values.get(name)), None)
    return str(own) if isinstance(own, str | int) else str(row.values["doc_id"])


def _answers(row: Fields) -> Iterator[LogSample]:
    """The answers of a line. The metrics of several (pass@k) are means over them."""
    values = _values(row)
    answers = _texts(row.need("resps", list))
    codes = _texts(row.get("filtered_resps", list, []))
    prompt, settings = _asked(row)
    given = row_problem(row.inner("doc").values)
    for number, answer in enumerate(answers):
        code = codes[number] if len(codes) == len(answers) else None
        yield LogSample(
            problem=_own_name(row),
            sample=number,
            values=values,
            averaged=len(answers) > 1,
            answer=answer,
            code=code,
            codes={} if code is None else dict.fromkeys(values, code),
            prompt=prompt,
            problem_tests=given,
            settings=settings,
            where=row.where,
        )


def _values(row: Fields) -> dict[str, float | None]:
    """The numeric metrics, as ``metric,filter``."""
    named = row.get("metrics", list) or [
        name
        for name, value in row.values.items()
        if name not in _NOT_METRICS and isinstance(value, int | float)
    ]
    suffix = f",{row.values.get('filter', 'none')}"
    values = {
        name + suffix: float(row.values[name])
        for name in named
        if isinstance(row.values.get(name), int | float)
    }
    if not values:
        raise DataError(
            f"{row.where}: no metric with a number; expected one of {', '.join(named) or 'any name'}"
        )
    return dict(values)


def _texts(value: Any) -> list[str]:
    """``[["a", "b"]]``, ``[["a"]]`` and ``["a"]`` as a flat list of texts; other values are left out."""
    if isinstance(value, str):
        return [value]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []


def _asked(row: Fields) -> tuple[str | None, Mapping[str, Any]]:
    """The prompt and the settings: ``{"gen_args_0": {"arg_0": prompt, "arg_1": settings}}``, or a list."""
    arguments = row.values.get("arguments")
    first = next(iter(arguments.values()), None) if isinstance(arguments, dict) else None
    parts = list(first.values()) if isinstance(first, dict) else None
    if parts is None and isinstance(arguments, list) and arguments:
        parts = arguments[0] if isinstance(arguments[0], list) else arguments
    if not parts:
        return None, {}
    prompt = _prompt(parts[0])
    given = parts[1] if len(parts) > 1 and isinstance(parts[1], dict) else {}
    return prompt, {name: given[name] for name in _SETTINGS if name in given}


def _prompt(given: Any) -> str:
    """The text, or that of the messages of a chat, which are JSON in a text in a list."""
    text = given[0] if isinstance(given, list) and given else given
    try:
        messages = json.loads(text)
    except (TypeError, ValueError):
        return str(text)
    is_chat = isinstance(messages, list) and all(isinstance(each, dict) for each in messages)
    return text_of(messages) if is_chat and messages else str(text)


READER = LogReader(name="lm-eval", title="lm-evaluation-harness samples", recognises=recognises, read=read)
