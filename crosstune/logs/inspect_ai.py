"""inspect_ai: an ``.eval`` archive, a ``.json`` log, or a folder of them.

An archive has ``header.json`` (a log without its samples; ``_journal/start.json`` while the run has not
ended), and ``samples/ID_epoch_N.json``. Of a sample are read ``id``, ``epoch``, ``messages`` or ``input``,
``output``, ``scores``, ``error`` and ``limit``. Long texts may be in its ``attachments``. Values of scores
are numbers, ``C`` (1), ``P`` (0.5), ``I`` and ``N`` (0), as inspect_ai converts them, or objects of those.
Written by ``inspect_ai/log/_recorders`` (0.3.285).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.logs._log import Log, LogReader, LogSample, Outcome
from crosstune.logs._messages import text_of
from crosstune.logs._source import Fields, Source
from crosstune.logs._tests import row_problem
from crosstune.logs._zip import Archive

_LETTERS = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
_OTHERS = frozenset({"logs.json", "eval-set.json", "listing.json"})
_ATTACHMENT = "attachment://"
_SETTINGS = ("temperature", "top_p", "top_k", "max_tokens", "seed", "stop_seqs", "reasoning_effort")
_TIMED_OUT = ("timed out", "timeout", "time limit")


def recognises(source: Source) -> bool:
    if source.is_folder:
        paths = _files(source)
        return bool(paths) and all(recognises(Source(path)) for path in paths)
    if source.name.endswith(".eval"):
        return True
    spec = source.whole.get("eval")
    return isinstance(spec, dict) and {"task", "model"} <= spec.keys()


def _files(source: Source) -> list[Path]:
    """The logs in a folder, without what inspect_ai writes beside them."""
    paths = source.files("*.eval", "*.json")
    return [path for path in paths if path.name not in _OTHERS and not path.name.startswith(".")]


def read(source: Source) -> Sequence[Log]:
    if not source.is_folder:
        return [_log(source)]
    logs = [_log(Source(path)) for path in _files(source)]
    for number, log in enumerate(logs):
        if twin := next((each for each in logs[:number] if each.name == log.name), None):
            raise DataError(
                f"{source.path}: {twin.path} and {log.path} are both of {log.name}; name one of them"
            )
    return logs


def _log(source: Source) -> Log:
    header, rows = _archive(source) if source.name.endswith(".eval") else _json(source)
    spec = Fields(header.need("eval", dict), f"{header.where}: eval")
    settings = _settings(header, spec)
    samples = [sample for row in rows for sample in _samples(row, settings)]
    metrics = list(dict.fromkeys(name for each in samples for name in each.values))
    if not metrics:
        status = header.values.get("status")
        raise DataError(f"{source.path}: no sample with a score (the log's status is {status!r})")
    return Log(
        format="inspect-ai",
        path=str(source.path),
        model=spec.need("model", str),
        benchmark=spec.need("task", str).rpartition("/")[2],
        samples=tuple(samples),
        metrics=tuple(metrics),
    )


def _json(source: Source) -> tuple[Fields, Iterator[Fields]]:
    header = Fields(source.document, str(source.path))
    samples = header.need("samples", list)
    rows = (Fields(row, f"{source.path}: samples[{number}]") for number, row in enumerate(samples))
    return header, rows


def _archive(source: Source) -> tuple[Fields, Iterator[Fields]]:
    with Archive(source.path) as archive:
        names = archive.names
        first = "header.json" if "header.json" in names else "_journal/start.json"
        header = _member(archive, first)
    return header, _members(source.path, names)


def _members(path: Path, names: Sequence[str]) -> Iterator[Fields]:
    with Archive(path) as archive:
        for name in names:
            if name.startswith("samples/") and name.endswith(".json"):
                yield _member(archive, name)


def _member(archive: Archive, name: str) -> Fields:
    where = f"{archive.path}: {name}"
    try:
        return Fields(json.loads(archive.read(name)), where)
    except ValueError as error:
        raise DataError(f"{where}: not JSON: {error}") from None


def _settings(header: Fields, spec: Fields) -> Mapping[str, Any]:
    """Those of the model, overridden by those of the task."""
    given = {
        **spec.inner("model_generate_config").values,
        **header.inner("plan").inner("config").values,
    }
    return {name: given[name] for name in _SETTINGS if given.get(name) is not None}


def _samples(row: Fields, settings: Mapping[str, Any]) -> Iterator[LogSample]:
    scores = row.get("scores", dict) or {}
    output = row.inner("output")
    error = row.get("error", dict)
    limit = row.inner("limit")
    choice = next(iter(output.get("choices", list, [])), None) or {}
    texts = _Texts(row.get("attachments", dict, {}))
    first = Fields(next(iter(scores.values()), None) or {}, f"{row.where}: scores")
    explanation = texts.of(first.values.get("explanation"))
    yield LogSample(
        problem=str(row.need("id", str, int)),
        sample=int(row.get("epoch", int, 1)) - 1,
        values=_values(scores, row.where),
        outcome=_outcome(error, limit, explanation),
        message=str(error.get("message", "")) if error else explanation,
        answer=texts.of(_message(choice).get("content", output.values.get("completion"))) or None,
        code=texts.of(first.values.get("answer")) or None,
        prompt=texts.prompt(row),
        problem_tests=row_problem(row.inner("metadata").values),
        finish_reason=str(choice.get("stop_reason", "")),
        settings=settings,
        where=row.where,
    )


def _message(choice: Mapping[str, Any]) -> Mapping[str, Any]:
    message = choice.get("message")
    return message if isinstance(message, dict) else {}


def _outcome(error: Any, limit: Fields, explanation: str) -> Outcome:
    if error:
        return Outcome.ERROR
    if limit.values.get("type") in ("time", "working"):
        return Outcome.TIMEOUT
    end = explanation[-400:].lower()
    return Outcome.TIMEOUT if any(words in end for words in _TIMED_OUT) else Outcome.UNKNOWN


def _values(scores: Mapping[str, Any], where: str) -> dict[str, float | None]:
    """``{scorer: value}``, for a score with several values ``{scorer/name: value}``."""
    values: dict[str, float | None] = {}
    for name, score in scores.items():
        value = Fields(score, f"{where}: scores.{name}").need("value", bool, int, float, str, dict, list)
        if isinstance(value, dict):
            values |= {f"{name}/{key}": _number(each) for key, each in value.items()}
        else:
            values[name] = _number(value)
    return values


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        words = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0, **_LETTERS}
        found = words.get(value, words.get(value.lower()))
        try:
            return float(value) if found is None else found
        except ValueError:
            return None
    return float(value) if isinstance(value, int | float) and not math.isnan(value) else None


class _Texts:
    """Resolves texts of a sample: attachments, and messages whose content has several parts."""

    def __init__(self, attachments: Mapping[str, Any]) -> None:
        self._attachments = attachments

    def of(self, content: Any) -> str:
        if isinstance(content, str):
            if content.startswith(_ATTACHMENT):
                return str(self._attachments.get(content.removeprefix(_ATTACHMENT), content))
            return content
        parts = content if isinstance(content, list) else []
        return "".join(self.of(each.get("text")) for each in parts if isinstance(each, dict))

    def prompt(self, row: Fields) -> str | None:
        """The messages before the model's last, else the input."""
        messages = row.get("messages", list) or []
        last = max((n for n, each in enumerate(messages) if each.get("role") == "assistant"), default=None)
        given = row.values.get("input") if last is None else messages[:last]
        if isinstance(given, str):
            return self.of(given)
        if not isinstance(given, list):
            return None
        return text_of(given, self.of)


READER = LogReader(
    name="inspect-ai", title="inspect_ai logs (.eval, .json)", recognises=recognises, read=read
)
