"""What finished steps say they used."""

from __future__ import annotations

from typing import Any

import pytest

from crosstune.study._spent import Spent, spent

COUNTS = {"answers": 2, "prompt_tokens": 30, "completion_tokens": 12}


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ({"generation": COUNTS}, Spent(42)),
        ({"generation": {**COUNTS, "cost": 0.25}}, Spent(42, 0.25)),
        ({"examples": 3, "tokens": 900, "final_loss": 0.5}, Spent(900)),
        ({"answers": 2, "unanswered": 0}, Spent()),
        ({"corpus": {}, "source": None}, Spent()),
    ],
)
def test_tokens_and_cost_are_read_from_metrics(metrics: dict[str, Any], expected: Spent) -> None:
    assert spent(metrics) == expected
