"""The few numbers that a reader should see first, each with its certainty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosstune.analysis import Findings, Gain
from crosstune.report._links import answers_link
from crosstune.report._summary import of_tuned, risen
from crosstune.report._words import task_title
from crosstune.tables import bounds, points


@dataclass(frozen=True)
class KeyFigure:
    """``value`` is shown large, ``what`` says what it counts, ``note`` how certain it is; ``link`` may be
    empty."""

    value: str
    what: str
    note: str
    link: str = ""


def key_figures(findings: Findings) -> list[KeyFigure]:
    """Gains on tasks that models were tuned on and on others, the largest of the latter, and how many remain
    against the control; empty if no model was tuned."""
    taught, others = (of_tuned(findings, trained=trained) for trained in (True, False))
    figures = [
        *_shown(taught, "cells tuned on show a gain"),
        *_shown(others, "cells not tuned on show a gain: transfer"),
    ]
    if up := risen(others):
        figures.append(_largest(up[0], findings))
        figures += _against_control(up, findings)
    return figures


def _shown(gains: Sequence[Gain], what: str) -> Iterator[KeyFigure]:
    if gains:
        up = risen(gains)
        significant = sum(gain.significant for gain in up)
        note = f"{significant} also after correction" if up else ""
        yield KeyFigure(f"{len(up)} of {len(gains)}", what, note)


def _largest(gain: Gain, findings: Findings) -> KeyFigure:
    return KeyFigure(
        points(gain.value) + gain.stars,
        f"points, the largest of these: {gain.model} on {task_title(gain.task_key, findings)}",
        f"95 % interval {bounds(gain.low, gain.high)}",
        answers_link(gain.model, gain.task_key),
    )


def _against_control(up: Sequence[Gain], findings: Findings) -> Iterator[KeyFigure]:
    keys = [(gain.model, gain.task_key) for gain in up]
    pairs = [findings.against_control[key] for key in keys if key in findings.against_control]
    if pairs:
        ahead = risen(pairs)
        significant = sum(gain.significant for gain in ahead)
        yield KeyFigure(
            f"{len(ahead)} of {len(pairs)}",
            f"of these remain against {findings.run.control}, tuned without instructions",
            f"{significant} also after correction" if ahead else "",
        )
