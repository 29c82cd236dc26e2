"""The findings in words: every sentence is bound to a number, and none goes past its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crosstune.analysis import Findings, Gain
from crosstune.report._coverage import coverage, faulty, judged
from crosstune.report._words import (
    basis,
    bounds,
    count,
    language_title,
    listing,
    percent,
    points,
    task_title,
)

SHOWN = 4
"""Gains told one by one; the table has the rest."""


class Statement(NamedTuple):
    """``about`` is one word for the margin."""

    about: str
    text: str


def summary(findings: Findings) -> list[Statement]:
    """What the numbers support, as plain sentences; the same for equal findings."""
    if not findings.rates:
        return [Statement("Run", "Nothing has been judged yet.")]
    told = {
        "Run": _what_was_done(findings),
        "Baseline": _baseline(findings),
        "Tuned on": _trained(findings),
        "Transfer": _transfer(findings),
        "Control": _control(findings),
        "Direction": _direction(findings),
        "Mixed": _mixed(findings),
        "Losses": _losses(findings),
        "Caution": _caution(findings),
    }
    return [Statement(about, text) for about, parts in told.items() if (text := " ".join(parts))]


def _what_was_done(found: Findings) -> Iterator[str]:
    languages = listing([language_title(name) for name in dict.fromkeys(c.language for c in found.task_keys)])
    tasks = listing(list(dict.fromkeys(task_key.task for task_key in found.task_keys)))
    yield (
        f"{count(len(found.models), 'model')} answered problems in {languages} ({tasks}): "
        f"{judged(found)}, over {basis(found)}."
    )


def _baseline(found: Findings) -> Iterator[str]:
    rates = [rate.value for (model, _), rate in found.rates.items() if model == found.run.baseline]
    if rates:
        low, high = percent(min(rates)), percent(max(rates))
        span = f"{low} %" if low == high else f"{low} to {high} %, depending on the cell"
        yield f"The model {found.run.baseline} solves {span}."


def of_tuned(found: Findings, *, trained: bool) -> list[Gain]:
    """Gains of all but the control on cells that were, or were not, tuned on; largest first."""
    gains = [
        gain
        for (model, task_key), gain in found.gains.items()
        if model != found.run.control and found.trained(model, task_key) == trained
    ]
    return sorted(gains, key=lambda gain: (-gain.value, gain.model, gain.task_key))


def risen(gains: Sequence[Gain]) -> list[Gain]:
    """Those that are shown to be above 0, in their order."""
    return [gain for gain in gains if gain.beyond and gain.value > 0]


def _trained(found: Findings) -> Iterator[str]:
    gains = of_tuned(found, trained=True)
    if not gains:
        return
    yield f"On cells that a model was tuned on, {_told_apart(gains, found)}"
    if up := risen(gains):
        least, most = points(up[-1].value), points(up[0].value)
        yield f"They gain {least if least == most else f'{least} to {most}'} points."


def _transfer(found: Findings) -> Iterator[str]:
    gains = of_tuned(found, trained=False)
    if not gains:
        return
    yield f"On cells that a model was not tuned on, {_told_apart(gains, found)}"
    if up := risen(gains):
        yield f"{'They are' if len(up) <= SHOWN else 'The largest'}: {_told(up, found)}."
    if rest := sum(not gain.beyond for gain in gains):
        yield f"For {'the other ' if rest < len(gains) else ''}{rest} the data cannot tell a gain from none."


def _told_apart(gains: Sequence[Gain], found: Findings) -> str:
    """``a gain is shown (interval above 0, p < 0.05) for 5 of 9, and for 3 of these also after …``."""
    up = risen(gains)
    if not up:
        return f"a gain is shown (interval above 0, p < 0.05) for none of {len(gains)}."
    kept = sum(gain.significant for gain in up)
    these = "all of these" if kept == len(up) else f"{kept or 'none'} of these"
    return (
        f"a gain is shown (interval above 0, p < 0.05) for {len(up)} of {len(gains)}, and for {these} "
        f"also after correction for all {count(len(found.gains), 'comparison')}."
    )


def _told(gains: Sequence[Gain], found: Findings) -> str:
    told = [
        f"{gain.model} on {task_title(gain.task_key, found)} {points(gain.value)} {bounds(gain.low, gain.high)}"
        for gain in gains[:SHOWN]
    ]
    return "; ".join(told).replace(" [", "\u00a0[").replace(", ", ",\u00a0")


def _control(found: Findings) -> Iterator[str]:
    control = found.run.control
    if own := [gain for (model, _), gain in found.gains.items() if model == control]:
        most = max(own, key=lambda gain: gain.value)
        reach = "shown" if risen([most]) else "not told apart from 0"
        yield f"The model {control} was tuned without instructions."
        yield f"Its largest gain, {reach}: {_told([most], found)}."
    moved = [(gain.model, gain.task_key) for gain in risen(of_tuned(found, trained=False))]
    pairs = [found.against_control[key] for key in moved if key in found.against_control]
    ahead = risen(pairs)
    if ahead:
        yield (
            f"Set against it instead of {found.run.baseline}, {len(ahead)} of these {len(pairs)} gains on "
            f"cells not tuned on are still shown, so what {control} shares with these models does not "
            f"explain them: {_told(ahead, found)}{_more(ahead)}."
        )
    if behind := [pair for pair in pairs if pair not in ahead]:
        yield f"Not told apart from {control}: {_told(behind, found)}{_more(behind)}."


def _more(gains: Sequence[Gain]) -> str:
    return f" and {len(gains) - SHOWN} more" if len(gains) > SHOWN else ""


def _direction(found: Findings) -> Iterator[str]:
    """Whether a language gives more than it takes; nothing where no language does both."""
    known = [one for one in found.exchanges if one.net]
    shown = [one for one in known if one.net and one.net.beyond]
    for one in shown:
        assert one.net
        way = "gives more than it takes" if one.net.value > 0 else "takes more than it gives"
        net = f"{points(one.net.value)} {bounds(one.net.low, one.net.high)}"
        yield f"{language_title(one.language)} {way}: {net} points in the mean over cells."
    if known and not shown:
        yield "No language is shown to give more to the others than it takes from them, or less."


def _mixed(found: Findings) -> Iterator[str]:
    equal = [one.gain for one in found.mixed if one.equal_size]
    ahead, behind = (
        [gain for gain in equal if gain.beyond and (gain.value > 0) == up] for up in (True, False)
    )
    if equal:
        yield (
            "Against models of one language with corpora of the same size, on that language, models of "
            f"several are shown to be ahead on {len(ahead)} and behind on {len(behind)} of {len(equal)}."
        )
    if ahead:
        yield f"Ahead: {_told(ahead, found)}{_more(ahead)}."
    if behind:
        yield f"Behind: {_told(behind, found)}{_more(behind)}."


def _losses(found: Findings) -> Iterator[str]:
    lost = sorted((g for g in found.gains.values() if g.beyond and g.value < 0), key=lambda gain: gain.value)
    if lost:
        shown = "loss is" if len(lost) == 1 else "losses are"
        yield f"{len(lost)} {shown} shown (interval below 0, p < 0.05): {_told(lost, found)}{_more(lost)}."


def _caution(found: Findings) -> Iterator[str]:
    if n := len(found.gains):
        yield (
            f"Each interval holds with 95 %, so of {n} about {0.05 * n:.1f} are expected to miss. "
            "Two stars mark what stands when that is allowed for."
        )
    if max(rate.seeds for rate in found.rates.values()) == 1:
        yield "With one seed, nothing is known of how another training run would have come out."
    if partly := coverage(found):
        yield partly
    if apart := faulty(found):
        yield apart
