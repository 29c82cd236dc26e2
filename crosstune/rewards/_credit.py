"""What a verdict is worth."""

from __future__ import annotations

from typing import Literal

from crosstune.records import Status, Verdict

Credit = Literal["all", "cases"]
"""``all``: 1 if everything passed, else 0. ``cases``: the share of the cases that passed."""


def credit_of(verdict: Verdict, credit: Credit = "all") -> float | None:
    """What a verdict is worth, from 0 to 1; None if the judge failed, which is never the model's error.

    A program with tests, or one that could not be built, has no cases: it is worth all or nothing.
    """
    results = [case.status for case in verdict.cases]
    if Status.HARNESS_ERROR in (verdict.status, *results):
        return None
    if credit == "all" or not results:
        return float(verdict.passed)
    return results.count(Status.PASSED) / len(results)
