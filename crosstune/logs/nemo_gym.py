"""NeMo Gym: the rollouts that ``gym eval run`` collects (``ng_collect_rollouts``), one JSON object per line.

A line is the verifier's response: ``responses_create_params`` (the request), ``response`` (an OpenAI
response), ``reward`` and what the verifier adds, such as ``extracted_model_code`` and ``result`` of code_gen.
A problem is its ``task_id``, ``problem_id`` or ``instance_id``, else ``_ng_task_index``, and a sample its
``_ng_rollout_index``; earlier versions wrote neither, and equal requests are samples of one problem. Rollouts
that failed are in ``ROLLOUTS_failures.jsonl``: they have no verdict. The tests are in the task's row of
``ROLLOUTS_materialized_inputs.jsonl``, and in few rollouts themselves. Written by
``nemo_gym/rollout_collection.py`` and ``resources_servers/code_gen/app.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crosstune.logs._log import Log, LogReader, LogSample, Outcome
from crosstune.logs._messages import text_of
from crosstune.logs._source import Fields, Source
from crosstune.logs._tests import cases_problem

_NAMES = ("task_id", "problem_id", "instance_id")
_SETTINGS = ("temperature", "top_p", "max_output_tokens", "reasoning")
_METRICS = ("reward", "score", "accuracy")
"""How the fields of verifiers that are metrics end."""
_TIME_LIMIT = -3
"""LiveCodeBench's error code of a time-out."""


def recognises(source: Source) -> bool:
    return not source.is_folder and {"responses_create_params", "reward"} <= source.first.keys()


def read(source: Source) -> Sequence[Log]:
    counts: Counter[str] = Counter()
    tests = _tests_of_tasks(source)
    samples = [_sample(row, counts, tests) for row in source.rows()]
    samples += _failures(source, {(each.problem, each.sample) for each in samples}, counts)
    first = Fields(source.first, f"{source.path}:1")
    metrics = dict.fromkeys(name for each in samples for name in each.values if name != "reward")
    return [
        Log(
            format="nemo-gym",
            path=str(source.path),
            model=_model(first),
            benchmark=str(first.inner("agent_ref").get("name", str) or source.name.removesuffix(".jsonl")),
            samples=tuple(samples),
            metrics=("reward", *metrics),
        )
    ]


def _model(row: Fields) -> str:
    return str(
        row.inner("response").get("model", str)
        or row.inner("responses_create_params").get("model", str)
        or ""
    )


def _tests_of_tasks(source: Source) -> dict[int, Mapping[str, Any]]:
    """The tests of each task, from the file of inputs beside the rollouts, if there is one."""
    path = source.path.with_name(f"{source.path.stem}_materialized_inputs.jsonl")
    rows = Source(path).rows() if path.is_file() else ()
    return {
        row.need("_ng_task_index", int): row.inner("verifier_metadata").inner("unit_tests").values
        for row in rows
    }


def _sample(row: Fields, counts: Counter[str], tests_of_tasks: Mapping[int, Mapping[str, Any]]) -> LogSample:
    problem, number = _names(row, counts)
    asked = Fields(row.need("responses_create_params", dict), f"{row.where}: responses_create_params")
    response = row.inner("response")
    tests = row.inner("verifier_metadata").inner("unit_tests").values
    tests = tests or tests_of_tasks.get(row.get("_ng_task_index", int, -1), {})
    return LogSample(
        problem=problem,
        sample=number,
        values=_values(row),
        outcome=_outcome(row),
        message=str(row.inner("metadata").get("error_message", str, "")),
        answer=_texts(response.get("output", list, []), "output_text") or None,
        code=row.get("extracted_model_code", str),
        prompt=_prompt(asked.values.get("input")),
        problem_tests=cases_problem(tests) if tests else None,
        finish_reason=str(response.inner("incomplete_details").get("reason", str, "")),
        settings={name: asked.values[name] for name in _SETTINGS if asked.values.get(name) is not None},
        where=row.where,
    )


def _names(row: Fields, counts: Counter[str]) -> tuple[str, int]:
    """The problem and the number of the sample."""
    metadata = row.inner("verifier_metadata").values
    own = [each.get(name) for each in (row.values, metadata) for name in _NAMES]
    index = row.get("_ng_task_index", int)
    problem = next((str(each) for each in own if isinstance(each, str | int)), None)
    if problem is None and index is not None:
        problem = str(index)
    if problem is None:
        asked = json.dumps(row.inner("responses_create_params").values.get("input"), sort_keys=True)
        problem = f"request-{hashlib.sha256(asked.encode()).hexdigest()[:12]}"
    counts[problem] += 1
    return problem, int(row.get("_ng_rollout_index", int, counts[problem] - 1))


def _values(row: Fields) -> dict[str, float | None]:
    reward = float(row.need("reward", int, float))
    others = {
        name: float(value)
        for name, value in row.values.items()
        if isinstance(value, int | float) and name.endswith(_METRICS) and name != "reward"
    }
    return {"reward": reward, **others}


def _outcome(row: Fields) -> Outcome:
    if row.values["reward"] >= 1:
        return Outcome.PASSED
    code = row.inner("metadata").values.get("error_code")
    results = row.get("result", list, [])
    ended = code == _TIME_LIMIT or _TIME_LIMIT in results
    return Outcome.TIMEOUT if ended else Outcome.FAILED


def _failures(source: Source, known: set[tuple[str, int]], counts: Counter[str]) -> Iterator[LogSample]:
    """The rollouts in the file of failures that did not succeed later."""
    path = source.path.with_name(f"{source.path.stem}_failures{source.path.suffix}")
    for row in Source(path).rows() if path.is_file() else ():
        problem, number = _names(row, counts)
        if (problem, number) not in known:
            known.add((problem, number))
            yield LogSample(
                problem=problem,
                sample=number,
                values={"reward": None},
                outcome=Outcome.ERROR,
                message=str(row.values.get("_ng_failure_class", "")),
                prompt=_prompt(row.inner("responses_create_params").values.get("input")),
                where=row.where,
            )


def _prompt(given: Any) -> str | None:
    if isinstance(given, str):
        return given
    if not isinstance(given, list):
        return None
    return text_of(given, _content)


def _content(content: Any) -> str:
    return content if isinstance(content, str) else _texts([{"content": content}], "input_text")


def _texts(items: Sequence[Any], kind: str) -> str:
    """The texts of the messages among the items of a response."""
    parts = [
        part
        for item in items
        if isinstance(item, dict) and isinstance(item.get("content"), list)
        for part in item["content"]
    ]
    return "".join(str(part.get("text", "")) for part in parts if part.get("type") == kind)


READER = LogReader(name="nemo-gym", title="NeMo Gym rollouts", recognises=recognises, read=read)
