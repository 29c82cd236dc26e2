"""Pack every answer and its verdict: a page can hold a hundred thousand of them.

The index has what lists and filters need: one small number for each row and column. The texts are in
blocks of a few problems each, so that reading one answer unpacks one block. Both are JSON, gzipped, in
base 64: letters, digits and ``+/=`` only, so they cannot contain markup.
"""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from crosstune.analysis import Findings, TaskKey
from crosstune.records import EvaluatedSample, Status
from crosstune.report._words import task_title

BLOCK = 200_000
"""Characters of text in a block: unpacked in a few milliseconds, and more than gzip's window."""
ANCHOR = 24
"""Characters of an answer that locate it in the program."""
FRAME = 60
"""Bytes of markup around a block."""
MARGIN = 0.98
"""The share of the estimated number of texts that is tried: fewer texts have less in common, so they compress
a little worse."""
LEVEL = 6
"""The level of gzip: 9 takes twice the time for 2 % less."""
SPREAD = (5**0.5 - 1) / 2
"""Multiples of the golden ratio, modulo 1, are spread evenly: no model or problem loses more than others."""


@dataclass(frozen=True)
class Packed:
    """``texts`` of the ``rows`` answers have their texts, the others only their verdict."""

    index: str
    blocks: tuple[str, ...]
    rows: int
    texts: int


def packed(findings: Findings, most_bytes: float = float("inf")) -> Packed:
    """Pack all answers into at most ``most_bytes``, without some of their texts if necessary.

    The later samples and seeds of a model on a problem are left out first, evenly over all problems.
    """
    problems = list(_by_problem(findings))
    rows = _rows(problems)
    columns = _pack(index(findings, problems))

    def attempt(kept: set[int]) -> tuple[Packed, int]:
        blocks = _blocks(problems, kept)
        size = len(columns) + sum(map(len, blocks)) + FRAME * len(blocks)
        return Packed(columns, tuple(blocks), len(rows), len(kept)), size

    made, size = attempt(set(range(len(rows))))
    if size <= most_bytes:
        return made
    bare, least = attempt(set())
    while made.texts and size > most_bytes:
        share = max(0.0, most_bytes - least) / (size - least)
        made, size = attempt(_kept(problems, int(MARGIN * share * made.texts)))
    return made if made.texts else bare


class AnsweredProblem(NamedTuple):
    """One problem, its own tests (empty: unknown) and every answer to it."""

    task_key: TaskKey
    name: str
    tests: str
    rows: Sequence[EvaluatedSample]


Problems = Sequence[AnsweredProblem]


def _rows(problems: Problems) -> list[EvaluatedSample]:
    return [row for problem in problems for row in problem.rows]


def _by_problem(findings: Findings) -> Iterator[AnsweredProblem]:
    """Rows of the findings' models, by cell and problem; within, by model, seed and sample."""
    models = {name: at for at, name in enumerate(findings.models)}
    task_keys = {task_key: at for at, task_key in enumerate(findings.task_keys)}
    rows = [row for row in findings.run.judged if row.model in models and _task_key(row) in task_keys]
    natural = {row.problem: _natural(row.problem) for row in rows}
    rows.sort(
        key=lambda row: (
            task_keys[_task_key(row)],
            natural[row.problem],
            row.problem,
            models[row.model],
            row.seed,
            row.sample,
        )
    )
    for (task_key, name), group in itertools.groupby(rows, key=lambda row: (_task_key(row), row.problem)):
        yield AnsweredProblem(task_key, name, findings.run.tests.get((*task_key, name), ""), list(group))


_ISOLATIONS = ("", "separate", "shared")


def _natural(name: str) -> list[tuple[int, str]]:
    """A sort key that puts ``Python/9`` before ``Python/10``."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", name)]


def _kept(problems: Problems, most: int) -> set[int]:
    """``most`` rows: each model's first answer to each problem, then its second …; the last is spread."""
    turns = [
        turn
        for problem in problems
        for _, own in itertools.groupby(problem.rows, key=lambda row: row.model)
        for turn, _row in enumerate(own)
    ]
    order = sorted(range(len(turns)), key=lambda at: (turns[at], at * SPREAD % 1))
    return set(order[:most])


def index(findings: Findings, problems: Problems) -> dict[str, Any]:
    """Rows by column, in the order of `_by_problem`; ``problems`` are (cell, id, rows, block)."""
    models = {name: at for at, name in enumerate(findings.models)}
    task_keys = {task_key: at for at, task_key in enumerate(findings.task_keys)}
    rows = _rows(problems)
    statuses = [status for status in Status if any(row.status is status for row in rows)]
    numbers = {status: at for at, status in enumerate(statuses)}
    finishes = sorted({row.finish_reason for row in rows})
    blocks = [at for at, group in enumerate(_grouped(problems)) for _ in group]
    return {
        "models": list(models),
        "cells": [list(task_key) for task_key in task_keys],
        "titles": [task_title(task_key, findings) for task_key in task_keys],
        "statuses": [str(status) for status in statuses],
        "problems": [
            [task_keys[problem.task_key], problem.name, len(problem.rows), block]
            for problem, block in zip(problems, blocks, strict=True)
        ],
        "model": [models[row.model] for row in rows],
        "seed": [row.seed for row in rows],
        "sample": [row.sample for row in rows],
        "status": [numbers[row.status] for row in rows],
        "isolations": list(_ISOLATIONS),
        "isolation": [_ISOLATIONS.index(row.isolation) for row in rows],
        "finish_reasons": finishes,
        "finish": [finishes.index(row.finish_reason) for row in rows],
        "repeats": [int(row.repeats) for row in rows],
    }


def _grouped(problems: Problems) -> Iterator[Problems]:
    """The problems of each block."""
    group: list[AnsweredProblem] = []
    size = 0
    for problem in problems:
        group.append(problem)
        size += len(problem.tests) + sum(
            len(row.text) + len(row.prompt) // len(problem.rows) + len(row.stderr) for row in problem.rows
        )
        if size >= BLOCK:
            yield group
            group, size = [], 0
    if group:
        yield group


def _blocks(problems: Problems, kept: set[int]) -> list[str]:
    blocks, at = [], 0
    for group in _grouped(problems):
        size = len(_rows(group))
        blocks.append(_pack(block(group, [at + n in kept for n in range(size)])))
        at += size
    return blocks


def block(group: Problems, kept: Iterable[bool]) -> dict[str, Any]:
    """``strings`` has each text once; ``tests`` are those of each problem. A row is (prompt, stage, defect,
    seconds) and, if its texts are ``kept``, (answer, before, from, to, after, stdout, stderr): indices of
    ``strings``, and the program is ``before + answer[from:to] + after``."""
    strings: dict[str, int] = {}

    def position(text: str) -> int:
        return strings.setdefault(text, len(strings))

    lines: list[list[float]] = []
    for row, whole in zip(_rows(group), kept, strict=True):
        line = [position(row.prompt), position(row.stage), position(row.defect), round(row.cpu_seconds, 3)]
        if whole:
            before, start, end, after = cut(row.candidate, row.text)
            line += [position(row.text), position(before), start, end, position(after)]
            line += [position(row.stdout), position(row.stderr)]
        lines.append(line)
    tests = [position(problem.tests) for problem in group]
    return {"strings": list(strings), "tests": tests, "rows": lines}


def cut(candidate: str, text: str) -> tuple[str, int, int, str]:
    """(before, start, end, after) such that ``candidate`` is ``before + text[start:end] + after``."""
    # Beyond the first Unicode plane, JavaScript counts two where Python counts one.
    if not text or not (text.isascii() or max(text) <= "\uffff"):
        return candidate, 0, 0, ""
    if candidate and (start := text.find(candidate)) >= 0:
        return "", start, start + len(candidate), ""
    # Answers often begin with a blank line that the program does not have.
    for start in (0, len(text) - len(text.lstrip())):
        if (at := candidate.find(text[start : start + ANCHOR])) >= 0:
            break
    else:
        return candidate, 0, 0, ""
    same = _alike(candidate[at:], text[start:])
    return candidate[:at], start, start + same, candidate[at + same :]


def _alike(first: str, second: str) -> int:
    """The length of the common prefix."""
    least, most = 0, min(len(first), len(second))
    while least < most:
        middle = (least + most + 1) // 2
        if first.startswith(second[least:middle], least):
            least = middle
        else:
            most = middle - 1
    return least


def _pack(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode("ascii"), LEVEL, mtime=0)).decode("ascii")


def _task_key(row: EvaluatedSample) -> TaskKey:
    return TaskKey(row.benchmark, row.language, row.task)
