"""bigcode-evaluation-harness: ``logs.json``, beside ``generations*.json`` and ``evaluation_results.json``.

``logs.json`` (which tasks of HumanEvalPack write) has for each problem, by its number, ``[number, {"passed",
"result", …}]`` of each sample. Generations are a list of lists of programs, the prompt's code included, after
the harness's own cutting; the answers before it are not kept. ``references*.json`` has the tests, and
``evaluation_results.json`` the settings, if they were saved. Written by ``bigcode_eval/evaluator.py``,
``main.py`` and ``tasks/humanevalpack.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.logs._log import Log, LogReader, LogSample, Outcome
from crosstune.logs._source import Fields, Source
from crosstune.records import Problem

_LANGUAGES = {"js": "javascript", "py": "python", "rs": "rust"}
_SETTINGS = (
    "temperature",
    "top_p",
    "top_k",
    "do_sample",
    "max_length_generation",
    "seed",
    "n_samples",
    "prompt",
)
_TASK = re.compile(r"^(?:humaneval)?(?P<task>synthesize|fixtests|fixdocs|fix|explain\w*)-(?P<language>\w+)$")


def recognises(source: Source) -> bool:
    if source.is_folder:
        paths = source.files("logs*.json")
        return bool(paths) and all(recognises(Source(path)) for path in paths)
    results = next(iter(source.whole.values()), None)
    try:
        return isinstance(results, list) and "passed" in results[0][1]
    except (IndexError, KeyError, TypeError):
        return False


def read(source: Source) -> Sequence[Log]:
    if source.is_folder:
        return [_log(Source(path)) for path in source.files("logs*.json")]
    return [_log(source)]


def _log(source: Source) -> Log:
    task, config = _task(source.path.parent)
    generations = _beside(source, f"generations_{task}.json", "generations*.json")
    references = _beside(source, f"references_{task}.json", "references*.json")
    match = _TASK.match(task)
    word = (
        match["language"] if match else task.rpartition("-")[2] if task.startswith("multiple-") else "python"
    )
    samples = _samples(source, generations, references, _LANGUAGES.get(word, word))
    return Log(
        format="bigcode",
        path=str(source.path),
        model=str(config.get("model", "")) or source.path.absolute().parent.name,
        benchmark="humanevalpack" if match else task or "bigcode",
        language=_LANGUAGES.get(word, word) if task else "",
        task=match["task"].replace("fixtests", "fix") if match else "",
        samples=tuple(samples),
        metrics=("passed",),
    )


def _task(folder: Path) -> tuple[str, Mapping[str, Any]]:
    """The task and the settings in ``evaluation_results.json``, else the task in the generations' name."""
    path = folder / "evaluation_results.json"
    if path.is_file():
        results = Fields(Source(path).document, str(path))
        config = results.get("config", dict, {})
        tasks = [name for name in results.values if name != "config"]
        if len(tasks) > 1:
            raise DataError(f"{path}: of {', '.join(tasks)}; logs.json has only the last, so name no other")
        return (tasks[0] if tasks else str(config.get("tasks", ""))), config
    names = [each.stem.removeprefix("generations_") for each in folder.glob("generations_*.json")]
    return (names[0] if len(names) == 1 else ""), {}


def _beside(source: Source, name: str, pattern: str) -> list[Any] | None:
    """The list in the file ``name``, else in the only one that matches; None: there is none."""
    folder = source.path.parent
    paths = [folder / name] if (folder / name).is_file() else sorted(folder.glob(pattern))
    paths = [each for each in paths if "intermediate" not in each.name]
    if not paths:
        return None
    if len(paths) > 1:
        raise DataError(f"{folder}: several of {pattern}; expected one for {source.path.name}")
    document = Source(paths[0]).document
    if not isinstance(document, list):
        raise DataError(f"{paths[0]}: expected a list with an entry for each problem")
    return document


def _samples(
    source: Source, generations: list[Any] | None, references: list[Any] | None, language: str
) -> Iterator[LogSample]:
    settings = _settings(source.path.parent)
    for key, results in Fields(source.document, str(source.path)).values.items():
        where = f"{source.path}: {key}"
        for entry in results if isinstance(results, list) else [None]:
            if not isinstance(entry, list) or len(entry) != 2:
                raise DataError(f"{where}: expected a list of [number, result], found {str(entry)[:60]}")
            number, values = entry
            row = Fields(values, f"{where}[{number}]")
            message = str(row.get("result", str, ""))
            test = _at(references, key)
            yield LogSample(
                problem=str(key),
                sample=int(number),
                values={"passed": float(row.need("passed", bool))},
                outcome=_outcome(row.need("passed", bool), message),
                message=message,
                answer=_at(_at(generations, key), number),
                problem_tests=_tests(language, test) if isinstance(test, str) else None,
                settings=settings,
                where=row.where,
            )


def _settings(folder: Path) -> Mapping[str, Any]:
    config = _task(folder)[1]
    return {name: config[name] for name in _SETTINGS if config.get(name) is not None}


def _at(items: Any, key: Any) -> Any:
    if not isinstance(items, list) or not str(key).isdecimal():
        return None
    return items[int(key)] if int(key) < len(items) else None


def _outcome(passed: bool, message: str) -> Outcome:
    if passed:
        return Outcome.PASSED
    return Outcome.TIMEOUT if "timed out" in message.lower() else Outcome.FAILED


def _tests(language: str, reference: str) -> Problem:
    return Problem(
        id="",
        benchmark="",
        task="",
        language=language,
        instruction="",
        declaration="",
        entry_point="",
        tests=f"{reference}\n",
    )


READER = LogReader(name="bigcode", title="bigcode-evaluation-harness logs", recognises=recognises, read=read)
