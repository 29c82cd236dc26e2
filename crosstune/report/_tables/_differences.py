"""The table of differences between every two models of an evaluation."""

from __future__ import annotations

from crosstune.analysis import Findings, Gain
from crosstune.report._tables._columns import certainty_columns, difference_column, task_column
from crosstune.report._tables._transfer import difference_picture, end_of_scale
from crosstune.tables import Column, Table


def differences(findings: Findings) -> Table[Gain]:
    """Each model against each other one, the better one first; no rows but in an evaluation."""
    keys = "difference_points", "difference_low", "difference_high"
    return Table(
        "Differences between models, in points, with 95 % intervals",
        (
            task_column(findings, lambda gain: gain.task_key),
            Column("model", lambda gain: gain.model, key="model", heading="Model"),
            Column("against", lambda gain: gain.against, key="against", heading="Against"),
            difference_column("difference", _same, keys, "Difference, points"),
            difference_picture(end_of_scale(findings.differences)),
            *certainty_columns(_same),
        ),
        findings.differences,
        name="differences",
        json="differences",
        keys=3,
    )


def _same(gain: Gain) -> Gain:
    return gain
