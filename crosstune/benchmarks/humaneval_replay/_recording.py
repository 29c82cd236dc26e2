"""Record HumanEval's tests: every call with its result, once for each version of the user's file."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from crosstune import sandbox
from crosstune.benchmarks import _files, _rows
from crosstune.errors import DataError
from crosstune.files import write_text
from crosstune.languages import LANGUAGES, JudgeTask, ValueType, declared_type, prepared_folder
from crosstune.records import Program

Rule = Literal["true", "false", "equal", "items", "near", "other"]
"""How the test compares a result: it is true or false, equals a value (``items``: as a tuple of its items),
is near a number, or in another way."""

_FIELDS = ("task_id", "prompt", "entry_point", "canonical_solution", "test")
_RECORDER = Path(__file__).with_name("_recorder.py")
_CPU_SECONDS = 120.0
_OUTPUT_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the function by the tests, with Python values.

    ``expected`` is what the test compares with, or the solution's result. ``changes``: the solution changes
    an argument. ``mixed``: the outcome depends on whether a number without a fraction is an integer.
    """

    arguments: tuple[Any, ...]
    expected: Any
    rule: Rule
    tolerance: float = 0.0
    changes: bool = False
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """One problem: its function with all types, and the different calls in their order.

    ``helpers`` are the docstrings of other functions that the prompt defines, by name.
    """

    id: str
    name: str
    docstring: str
    parameters: tuple[tuple[str, ValueType], ...]
    result: ValueType
    calls: tuple[Call, ...]
    helpers: Mapping[str, str]
    prompt: str
    solution: str


def recorded(file: Path, *, allow_partial: bool = False) -> tuple[Recorded, ...]:
    """All problems of ``file``, HumanEval.jsonl or HumanEval.jsonl.gz; with ``allow_partial`` without rows
    that make none.

    Raises:
        DataError: it cannot be read, or rows make no problem: their fields are wrong, their tests do not pass
            their own solution, or no other language can be given their calls.
        SandboxUnavailable: programs cannot be isolated here.
    """
    found, bad = _recorded(file, _files.stamp_of(file))
    if bad and not allow_partial:
        raise DataError(f"{_files.summary(bad)}\n{_files.LEAVING_OUT}")
    return found


def unusable(file: Path) -> tuple[str, ...]:
    """The rows that make no problem: file, line or id, and reason.

    Raises:
        DataError: it cannot be read, or has no rows.
        SandboxUnavailable: programs cannot be isolated here.
    """
    return _recorded(file, _files.stamp_of(file))[1]


@functools.lru_cache(maxsize=4)
def _recorded(file: Path, stamp: tuple[int, int]) -> tuple[tuple[Recorded, ...], tuple[str, ...]]:  # noqa: ARG001 (the stamp is part of the cache's key)
    """The problems, and what is wrong with the other rows."""
    rows, bad = _rows.usable(file, _FIELDS, allow_partial=True), _rows.unusable(file, _FIELDS)
    text = json.dumps([{field: row[field] for field in _FIELDS} for row in rows])
    key = hashlib.sha256(f"{_RECORDER.read_text('utf-8')}\0{text}".encode()).hexdigest()[:32]
    folder = prepared_folder("humaneval-replay", key, lambda new: _record(text, new, file))
    lines = map(json.loads, (folder / "calls.jsonl").read_text("utf-8").splitlines())
    pairs = list(zip(rows, lines, strict=True))
    failed = tuple(f"{file}: {line['id']}: {line['error']}" for _, line in pairs if "error" in line)
    return tuple(_problem(row, line) for row, line in pairs if "error" not in line), (*bad, *failed)


def _record(rows: str, folder: Path, file: Path) -> None:
    """Run the recorder in the sandbox, and write its lines into ``folder``.

    Raises:
        DataError: it failed.
    """
    python = LANGUAGES.load("python")
    assert python.judging is not None
    assert python.whole_programs is not None
    limits = replace(python.judging.limits, cpu_seconds=_CPU_SECONDS, output_bytes=_OUTPUT_BYTES)
    program = Program("recorder", "python", _RECORDER.read_text("utf-8"))
    with sandbox.SandboxRunner(mounts=python.judging.mounts()) as runner:
        task = JudgeTask(program=program, limits=limits, nonce="", sandbox_path=runner.sandbox_path)
        plan = python.whole_programs.plan(task)
        environment = {**plan.run.environment, "PYTHONHASHSEED": "0"}
        command = replace(plan.run, stdin=rows.encode(), keep_stdout=True, environment=environment)
        (outcome,) = runner.run([command], plan.files)
    if outcome.exit_status or outcome.limit is not sandbox.Limit.NONE or outcome.error:
        why = outcome.error or outcome.limit or outcome.stderr[-500:]
        raise DataError(f"{file}: its tests could not be recorded: {why}")
    write_text(folder / "calls.jsonl", outcome.whole_stdout.decode("utf-8"))


def decoded(value: Any) -> Any:
    """The Python value of what the recorder wrote."""
    if isinstance(value, list):
        return [decoded(each) for each in value]
    if not isinstance(value, dict):
        return value
    ((tag, content),) = value.items()
    if tag == "d":
        return float.fromhex(content)
    if tag == "t":
        return tuple(decoded(each) for each in content)
    return {decoded(key): decoded(each) for key, each in content}


def _problem(row: _rows.Row, line: dict[str, Any]) -> Recorded:
    calls = _distinct(line["calls"])
    signature = line["signature"]
    columns = zip(*(call.arguments for call in calls), strict=True)
    parameters = tuple(
        (name, _type(annotation, column))
        for (name, annotation), column in zip(signature["parameters"], columns, strict=True)
    )
    return Recorded(
        id=row["task_id"],
        name=row["entry_point"],
        docstring=signature["docstring"],
        parameters=parameters,
        result=_type(signature["result"], tuple(call.expected for call in calls)),
        calls=calls,
        helpers=signature["helpers"],
        prompt=row["prompt"],
        solution=row["canonical_solution"],
    )


def _type(annotation: str, values: tuple[Any, ...]) -> ValueType:
    found = declared_type(annotation, values)
    assert found is not None
    return found


def _distinct(calls: list[dict[str, Any]]) -> tuple[Call, ...]:
    different = {json.dumps(call): call for call in calls}
    return tuple(
        Call(
            arguments=tuple(decoded(call["arguments"])),
            expected=decoded(call["expected"] if "expected" in call else call["result"]),
            rule=call["rule"],
            tolerance=call.get("tolerance", 0.0),
            changes="after" in call,
            mixed=not call["numbers"],
        )
        for call in different.values()
    )
