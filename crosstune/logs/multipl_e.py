"""MultiPL-E: ``PROBLEM.results.json`` or ``.results.json.gz``, one file per problem, or their folder.

A file has ``name``, ``language``, ``prompt``, ``tests``, and ``results``: of each sample ``program`` (prompt,
completion and tests), ``status`` (``OK``, ``Timeout``, ``SyntaxError``, ``Exception``), ``exit_code``,
``stdout`` and ``stderr``. Written by its ``evaluation/src/main.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.errors import DataError
from crosstune.logs._languages import language_of
from crosstune.logs._log import Log, LogReader, LogSample, Outcome
from crosstune.logs._source import Fields, Source
from crosstune.records import Case, Program

_SECONDS = 15.0
"""The time limit of its ``safe_subprocess``."""
_SETTINGS = ("temperature", "top_p", "max_tokens", "stop_tokens")


def recognises(source: Source) -> bool:
    if source.is_folder:
        return bool(_files(source))
    results = source.whole.get("results")
    return isinstance(results, list) and bool(results) and {"program", "status"} <= results[0].keys()


def _files(source: Source) -> list[Path]:
    return source.files("*.results.json", "*.results.json.gz")


def read(source: Source) -> Sequence[Log]:
    paths = _files(source) if source.is_folder else [source.path]
    samples: dict[tuple[str, str], list[LogSample]] = defaultdict(list)
    for path in paths:
        one = Fields(Source(path).document, str(path))
        folder = path.absolute().parent.name
        samples[str(one.need("language", str)), folder].extend(_samples(one))
    return [_log(source, *key, each) for key, each in samples.items()]


def _log(source: Source, language: str, folder: str, samples: Sequence[LogSample]) -> Log:
    if not samples:
        raise DataError(f"{source.path}: 'results' is empty: nothing was evaluated")
    kind = samples[0].problem.partition("_")[0].lower()
    return Log(
        format="multipl-e",
        path=str(source.path),
        model=folder,
        benchmark=f"multipl-e-{kind}",
        language=language_of(language) or language,
        samples=tuple(samples),
        metrics=("passed",),
        seconds=_SECONDS,
    )


def _samples(one: Fields) -> Iterator[LogSample]:
    name, prompt = one.need("name", str), one.need("prompt", str)
    tests = one.get("tests", str, "")
    language = language_of(one.need("language", str))
    for number, values in enumerate(one.need("results", list)):
        row = Fields(values, f"{one.where}: results[{number}]")
        program, status = row.need("program", str), row.need("status", str)
        yield LogSample(
            problem=name,
            sample=number,
            values={"passed": float(status == "OK")},
            outcome=_outcome(status),
            message=row.get("stderr", str, "") or status,
            answer=_completion(program, prompt, tests),
            prompt=prompt,
            program=None if language is None else _whole(language, program),
            settings={key: one.values[key] for key in _SETTINGS if one.values.get(key) is not None},
            where=row.where,
        )


def _outcome(status: str) -> Outcome:
    return {"OK": Outcome.PASSED, "Timeout": Outcome.TIMEOUT}.get(status, Outcome.FAILED)


def _completion(program: str, prompt: str, tests: str) -> str | None:
    """What the model wrote: the program without prompt and tests; None: it does not contain them."""
    end = f"\n{tests}"
    if not program.startswith(prompt) or not program.endswith(end):
        return None
    return program[len(prompt) : len(program) - len(end)]


def _whole(language: str, program: str) -> Program:
    """A program that passes by ending with status 0, whatever it prints."""
    return Program(id="", language=language, candidate=program, cases=(Case(),))


READER = LogReader(name="multipl-e", title="MultiPL-E results", recognises=recognises, read=read)
