"""The table of the study's rates and gains next to those of published models."""

from __future__ import annotations

from crosstune.analysis import Findings, PublishedComparison, published_comparisons
from crosstune.report._tables._columns import task_column
from crosstune.tables import DIFFERENCE, PERCENT, POINTS, RATE, Column, Table

PAPERS = {"codem": "CodeM", "octopack": "OctoPack"}


def published(findings: Findings) -> Table[PublishedComparison]:
    """One row for each rate whose model has the role of a published one."""
    return Table(
        "This study and published figures",
        (
            Column("model", lambda one: one.model, key="model", heading="Model"),
            Column("paper", lambda one: one.paper, key="paper", heading=""),
            Column("", lambda one: PAPERS.get(one.paper, one.paper), heading="Paper"),
            Column(
                "published as",
                lambda one: one.published_model,
                key="published_model",
                heading="Published as",
            ),
            task_column(findings, lambda one: one.task_key),
            Column(("pass@1",), lambda one: one.rate, RATE, key="pass_at_1", heading="pass@1 here, %"),
            Column(
                "published",
                lambda one: one.published,
                PERCENT,
                key="published_pass_at_1",
                heading="published, %",
            ),
            Column(
                ("gain",),
                lambda one: one.gain,
                DIFFERENCE,
                key="gain_points",
                heading="Gain here, points",
            ),
            Column(
                "published gain",
                lambda one: one.published_gain,
                POINTS,
                key="published_gain_points",
                heading="published, points",
            ),
        ),
        published_comparisons(findings),
        name="published",
        json="published",
    )
