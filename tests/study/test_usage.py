"""Tokens and cost that finished steps report."""

from __future__ import annotations

from typing import Any

import pytest

from crosstune.study import STEP_KINDS, Usage

COUNTS = {"answers": 2, "prompt_tokens": 30, "completion_tokens": 12}


@pytest.mark.parametrize(
    ("kind", "metrics", "expected"),
    [
        ("generate", {"generation": COUNTS}, Usage(42)),
        ("generate", {"generation": {**COUNTS, "cost": 0.25}}, Usage(42, 0.25)),
        ("tune", {"examples": 3, "tokens": 900, "final_loss": 0.5}, Usage(900)),
        ("judge", {"answers": 2, "unanswered": 0}, Usage()),
        ("corpus", {"corpus": {}, "source": None}, Usage()),
    ],
)
def test_usage_is_read_from_metrics(kind: str, metrics: dict[str, Any], expected: Usage) -> None:
    assert STEP_KINDS.load(kind).usage(metrics) == expected
