"""Links from one part of the page to another."""

from __future__ import annotations

from urllib.parse import urlencode

from crosstune.analysis import TaskKey


def answers_link(model: str, task_key: TaskKey) -> str:
    """A link to the answers of one model to one task, further down the page."""
    return "#completions?" + urlencode({"model": model, **task_key._asdict()})


def problems_link(task_key: TaskKey, kind: str) -> str:
    """A link to a task's problems; ``kind``: those that no model (``nobody``) or every model (``everybody``)
    solved."""
    return "#problems?" + urlencode({"cell": "/".join(task_key), "kind": kind})
