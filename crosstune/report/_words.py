"""Write names, counts and lists as words."""

from __future__ import annotations

from collections.abc import Sequence

from crosstune.analysis import Findings, TaskKey
from crosstune.languages import LANGUAGES


def count(n: int, one: str, many: str = "") -> str:
    """``1 seed``, ``4,320 programs``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listing(items: Sequence[str]) -> str:
    """``a, b and c``; empty for no items."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def language_title(name: str) -> str:
    """The language's title; an unknown name (of an imported run) unchanged."""
    return LANGUAGES.load(name).title if name in LANGUAGES.names() else name or "prose"


def task_title(task_key: TaskKey, findings: Findings) -> str:
    """``Python fix``; without the task if there is only one, with the benchmark if there are several."""
    benchmarks, _, tasks = (set(names) for names in zip(*findings.task_keys, strict=True))
    title = language_title(task_key.language) + (f" {task_key.task}" if len(tasks) > 1 else "")
    return f"{task_key.benchmark}: {title}" if len(benchmarks) > 1 else title


def basis(findings: Findings) -> str:
    """What the intervals are over: ``60 problems and 3 seeds``."""
    problems = sorted({rate.problems for rate in findings.rates.values()})
    seeds = max((rate.seeds for rate in findings.rates.values()), default=0)
    span = f"{problems[0]:,} to {problems[-1]:,} problems" if len(problems) > 1 else ""
    over = span or count(problems[0] if problems else 0, "problem")
    return f"{over} and {count(seeds, 'seed')}" if seeds > 1 else f"{over}, with one seed"
