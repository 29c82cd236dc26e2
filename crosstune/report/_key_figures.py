"""What a reader should see first: a few numbers, each as sure as the table says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crosstune.analysis import Findings, Gain
from crosstune.report._summary import of_tuned, risen
from crosstune.report._view import link
from crosstune.report._words import bounds, points, task_title


@dataclass(frozen=True)
class KeyFigure:
    """``value`` is large, ``what`` says of what it is, ``note`` how sure; ``link`` may be empty."""

    value: str
    what: str
    note: str
    link: str = ""


def key_figures(found: Findings) -> list[KeyFigure]:
    """Gains where models were tuned and where not, the largest of the latter, what the control leaves of
    them; nothing where no model was tuned."""
    taught, others = (of_tuned(found, trained=trained) for trained in (True, False))
    figures = [
        *_shown(taught, "cells tuned on show a gain"),
        *_shown(others, "cells not tuned on show a gain: transfer"),
    ]
    if moved := risen(others):
        figures.append(_largest(moved[0], found))
        figures += _against_control(moved, found)
    return figures


def _shown(gains: Sequence[Gain], what: str) -> Iterator[KeyFigure]:
    if gains:
        up = risen(gains)
        kept = sum(gain.significant for gain in up)
        yield KeyFigure(f"{len(up)} of {len(gains)}", what, f"{kept} also after correction" if up else "")


def _largest(gain: Gain, found: Findings) -> KeyFigure:
    return KeyFigure(
        points(gain.value) + gain.stars,
        f"points, the largest of these: {gain.model} on {task_title(gain.task_key, found)}",
        f"95 % interval {bounds(gain.low, gain.high)}",
        link(gain.model, gain.task_key),
    )


def _against_control(moved: Sequence[Gain], found: Findings) -> Iterator[KeyFigure]:
    keys = [(gain.model, gain.task_key) for gain in moved]
    pairs = [found.against_control[key] for key in keys if key in found.against_control]
    if pairs:
        ahead = risen(pairs)
        kept = sum(gain.significant for gain in ahead)
        yield KeyFigure(
            f"{len(ahead)} of {len(pairs)}",
            f"of these still stand against {found.run.control}, tuned without instructions",
            f"{kept} also after correction" if ahead else "",
        )
