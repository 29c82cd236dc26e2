"""The key figures: each is a count of the table below, or one of its fields."""

from __future__ import annotations

from dataclasses import replace

from crosstune.analysis import analyse
from crosstune.report._key_figures import KeyFigure, key_figures
from crosstune.tables import points
from tests.analysis import synthetic

RUN = synthetic.run()
FINDINGS = analyse(RUN)


def test_key_figures_count_what_the_table_marks() -> None:
    taught, others, largest, control = key_figures(FINDINGS)
    tuned = [gain for (model, _), gain in FINDINGS.gains.items() if model != "control"]
    own = [gain for gain in tuned if FINDINGS.trained(gain.model, gain.task_key)]
    rest = [gain for gain in tuned if gain not in own]
    up = [gain for gain in rest if gain.beyond and gain.value > 0]
    assert taught.value == f"{len(own)} of {len(own)}"
    assert others.value == f"{len(up)} of {len(rest)}"
    assert others.note == f"{sum(gain.significant for gain in up)} also after correction"
    most = max(up, key=lambda gain: gain.value)
    assert largest.value == points(most.value) + most.stars
    assert f"{most.model} on" in largest.what
    assert largest.link.startswith("#completions?")
    pairs = [FINDINGS.against_control[gain.model, gain.task_key] for gain in up]
    assert control.value == f"{sum(pair.beyond and pair.value > 0 for pair in pairs)} of {len(pairs)}"


def test_without_a_gain_nothing_is_called_the_largest() -> None:
    rows = [row for row in RUN.judged if row.model == "base"]
    same = [*rows, *(replace(row, model="python") for row in rows)]
    result = key_figures(analyse(replace(RUN, judged=same, control="")))
    assert result == [
        KeyFigure("0 of 1", "cells tuned on show a gain", ""),
        KeyFigure("0 of 3", "cells not tuned on show a gain: transfer", ""),
    ]


def test_a_baseline_alone_has_no_key_figures() -> None:
    rows = [row for row in RUN.judged if row.model == "base"]
    assert key_figures(analyse(replace(RUN, judged=rows, control=""))) == []
