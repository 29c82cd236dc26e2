"""Findings as plain values for a JSON file: sorted, without times, equal for equal verdicts."""

from __future__ import annotations

import dataclasses
from typing import Any

from crosstune.analysis._contrast import Gain
from crosstune.analysis._findings import Findings


def results(findings: Findings) -> dict[str, Any]:
    """``scores``: the fields of each `Score`. ``transfer``: each model against the baseline;
    ``control``: each against the control, if there is one.

    ``pass_at_1``, ``low``, ``high`` are fractions of 1; ``gain_*`` and ``difference_*`` are points.
    """
    return {
        "scores": [dataclasses.asdict(score) for score in findings.scores],
        "transfer": [_transfer(findings, findings.gains[key]) for key in sorted(findings.gains)],
        "control": [_control(findings.against_control[key]) for key in sorted(findings.against_control)],
    }


def _transfer(findings: Findings, gain: Gain) -> dict[str, Any]:
    rate = findings.rates[gain.model, gain.cell]
    return {
        "model": gain.model,
        "baseline": gain.against,
        **gain.cell._asdict(),
        "problems": gain.problems,
        "seeds": gain.seeds,
        "pass_at_1": rate.value,
        "low": rate.low,
        "high": rate.high,
        "baseline_pass_at_1": findings.rates[gain.against, gain.cell].value,
        "gain_points": gain.value,
        "gain_low": gain.low,
        "gain_high": gain.high,
        "p": gain.p,
        "p_holm": gain.p_holm,
        "beyond_interval": gain.beyond,
        "significant": gain.significant,
        "trained": findings.trained(gain.model, gain.cell),
    }


def _control(gain: Gain) -> dict[str, Any]:
    return {
        "model": gain.model,
        "control": gain.against,
        **gain.cell._asdict(),
        "difference_points": gain.value,
        "difference_low": gain.low,
        "difference_high": gain.high,
        "p": gain.p,
        "p_holm": gain.p_holm,
        "beyond_interval": gain.beyond,
        "significant": gain.significant,
    }
