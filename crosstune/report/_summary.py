"""Put the findings into words: every sentence states a number, and none claims more than its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crosstune.analysis import Findings, Gain
from crosstune.report._coverage import coverage, cut, faulty, isolation, judged, repeated
from crosstune.report._words import basis, count, language_title, listing, task_title
from crosstune.tables import bounds, percent, points

SHOWN = 4
"""The number of gains that are listed one by one; the table has the others."""


class Statement(NamedTuple):
    """``about`` is one word for the margin."""

    about: str
    text: str


def summary(findings: Findings) -> list[Statement]:
    """What the numbers support, in plain sentences; the same for equal findings."""
    if not findings.rates:
        return [Statement("Run", "Nothing has been judged yet.")]
    sentences = {
        "Run": _run(findings),
        "Baseline": _baseline(findings),
        "Rates": _rates(findings),
        "Differences": _differences(findings),
        "Tuned on": _trained(findings),
        "Transfer": _transfer(findings),
        "Control": _control(findings),
        "Direction": _direction(findings),
        "Mixed": _mixed(findings),
        "Losses": _losses(findings),
        "Caution": _caution(findings),
    }
    return [Statement(about, text) for about, parts in sentences.items() if (text := " ".join(parts))]


def _run(findings: Findings) -> Iterator[str]:
    names = dict.fromkeys(task_key.language for task_key in findings.task_keys)
    languages = listing([language_title(name) for name in names])
    tasks = listing(list(dict.fromkeys(task_key.task for task_key in findings.task_keys)))
    yield (
        f"{count(len(findings.models), 'model')} answered problems in {languages} ({tasks}): "
        f"{judged(findings)}, over {basis(findings)}."
    )
    if apart := isolation(findings):
        yield apart


def _baseline(findings: Findings) -> Iterator[str]:
    if not findings.run.evaluation:
        yield from _solves(findings, findings.run.baseline)


def _rates(findings: Findings) -> Iterator[str]:
    if findings.run.evaluation:
        for model in findings.models:
            yield from _solves(findings, model)


def _solves(findings: Findings, model: str) -> Iterator[str]:
    rates = [rate.value for (name, _), rate in findings.rates.items() if name == model]
    if rates:
        low, high = percent(min(rates)), percent(max(rates))
        span = f"{low} %" if low == high else f"{low} to {high} %, depending on the cell"
        yield f"The model {model} solves {span}."


def _differences(findings: Findings) -> Iterator[str]:
    """Between every two models of an evaluation."""
    pairs = findings.differences
    if not pairs:
        return
    shown = sorted((pair for pair in pairs if pair.beyond), key=lambda pair: -pair.value)
    verb = "differ" if len(shown) > 1 else "differs"
    clear = f"{len(shown) or 'none'} {verb} from 0 (interval without 0, p < 0.05)"
    yield f"Of {count(len(pairs), 'difference')} between two models, {clear}."
    if shown:
        listed = "; ".join(
            f"{pair.model} over {pair.against} on {task_title(pair.task_key, findings)} "
            f"{points(pair.value)}\u00a0{bounds(pair.low, pair.high)}"
            for pair in shown[:SHOWN]
        )
        opening = "The largest" if len(shown) > SHOWN else "They are" if len(shown) > 1 else "It is"
        yield f"{opening}: {listed}{_more(shown)}."


def of_tuned(findings: Findings, *, trained: bool) -> list[Gain]:
    """Gains of all models but the control on tasks they were, or were not, tuned on; largest first."""
    gains = [
        gain
        for (model, task_key), gain in findings.gains.items()
        if model != findings.run.control and findings.trained(model, task_key) == trained
    ]
    return sorted(gains, key=lambda gain: (-gain.value, gain.model, gain.task_key))


def risen(gains: Sequence[Gain]) -> list[Gain]:
    """The gains whose interval is above 0, in their order."""
    return [gain for gain in gains if gain.beyond and gain.value > 0]


def _trained(findings: Findings) -> Iterator[str]:
    gains = of_tuned(findings, trained=True)
    if not gains:
        return
    yield f"On cells that a model was tuned on, {_how_many(gains, findings)}"
    if up := risen(gains):
        least, most = points(up[-1].value), points(up[0].value)
        yield f"They gain {least if least == most else f'{least} to {most}'} points."


def _transfer(findings: Findings) -> Iterator[str]:
    gains = of_tuned(findings, trained=False)
    if not gains:
        return
    yield f"On cells that a model was not tuned on, {_how_many(gains, findings)}"
    if up := risen(gains):
        yield f"{'They are' if len(up) <= SHOWN else 'The largest'}: {_listed(up, findings)}."
    if unclear := [gain for gain in gains if not gain.beyond]:
        others = "the other " if len(unclear) < len(gains) else ""
        yield f"For {others}{len(unclear)} the data cannot distinguish a gain from none{_sight(unclear)}."


def _sight(unclear: Sequence[Gain]) -> str:
    """The gains that would have been seen: ``; four of five such studies would show one of 12 points``."""
    least, most = (f"{end(gain.detectable for gain in unclear):.0f}" for end in (min, max))
    span = least if least == most else f"{least} to {most}"
    return f"; four of five such studies would show one of {span} points"


def _how_many(gains: Sequence[Gain], findings: Findings) -> str:
    """``a gain is shown (interval above 0, p < 0.05) for 5 of 9, and for 3 of these also after …``."""
    up = risen(gains)
    if not up:
        return f"a gain is shown (interval above 0, p < 0.05) for none of {len(gains)}."
    significant = sum(gain.significant for gain in up)
    these = "all of these" if significant == len(up) else f"{significant or 'none'} of these"
    return (
        f"a gain is shown (interval above 0, p < 0.05) for {len(up)} of {len(gains)}, and for {these} "
        f"also after correction for all {count(len(findings.gains), 'comparison')}."
    )


def _listed(gains: Sequence[Gain], findings: Findings) -> str:
    shown = [
        f"{gain.model} on {task_title(gain.task_key, findings)} {points(gain.value)} "
        f"{bounds(gain.low, gain.high)}"
        for gain in gains[:SHOWN]
    ]
    return "; ".join(shown).replace(" [", "\u00a0[").replace(", ", ",\u00a0")


def _control(findings: Findings) -> Iterator[str]:
    control = findings.run.control
    if own := [gain for (model, _), gain in findings.gains.items() if model == control]:
        largest = max(own, key=lambda gain: gain.value)
        shown = "shown" if risen([largest]) else "not distinguishable from 0"
        yield f"The model {control} was tuned without instructions."
        yield f"Its largest gain, {shown}: {_listed([largest], findings)}."
    up = [(gain.model, gain.task_key) for gain in risen(of_tuned(findings, trained=False))]
    pairs = [findings.against_control[key] for key in up if key in findings.against_control]
    ahead = risen(pairs)
    if ahead:
        yield (
            f"Compared with it instead of {findings.run.baseline}, {len(ahead)} of these {len(pairs)} gains "
            f"on cells not tuned on are still shown, so what {control} shares with these models does not "
            f"explain them: {_listed(ahead, findings)}{_more(ahead)}."
        )
    if behind := [pair for pair in pairs if pair not in ahead]:
        yield f"Not distinguishable from {control}: {_listed(behind, findings)}{_more(behind)}."


def _more(gains: Sequence[Gain]) -> str:
    return f" and {len(gains) - SHOWN} more" if len(gains) > SHOWN else ""


def _direction(findings: Findings) -> Iterator[str]:
    """Whether a language gives more than it takes; nothing if no language does both."""
    known = [one for one in findings.exchanges if one.net]
    shown = [one for one in known if one.net and one.net.beyond]
    for one in shown:
        assert one.net
        way = "gives more than it takes" if one.net.value > 0 else "takes more than it gives"
        net = f"{points(one.net.value)} {bounds(one.net.low, one.net.high)}"
        yield f"{language_title(one.language)} {way}: {net} points in the mean over cells."
    if known and not shown:
        yield "No language is shown to give more to the others than it takes from them, or less."


def _mixed(findings: Findings) -> Iterator[str]:
    equal = [one.gain for one in findings.mixed if one.equal_size]
    ahead, behind = (
        [gain for gain in equal if gain.beyond and (gain.value > 0) == up] for up in (True, False)
    )
    if equal:
        yield (
            "Against models of one language with corpora of the same size, on that language, models of "
            f"several are shown to be ahead on {len(ahead)} and behind on {len(behind)} of {len(equal)}."
        )
    if ahead:
        yield f"Ahead: {_listed(ahead, findings)}{_more(ahead)}."
    if behind:
        yield f"Behind: {_listed(behind, findings)}{_more(behind)}."


def _losses(findings: Findings) -> Iterator[str]:
    losses = [gain for gain in findings.gains.values() if gain.beyond and gain.value < 0]
    losses.sort(key=lambda gain: gain.value)
    if losses:
        shown = "loss is" if len(losses) == 1 else "losses are"
        listed = f"{_listed(losses, findings)}{_more(losses)}"
        yield f"{len(losses)} {shown} shown (interval below 0, p < 0.05): {listed}."


def _caution(findings: Findings) -> Iterator[str]:
    if n := len(findings.gains) + len(findings.differences):
        yield (
            f"Each interval contains the true value with 95 %, so of {n} about {0.05 * n:.1f} are expected "
            "to miss it. Two stars mark what remains when that is corrected for."
        )
    if not findings.run.evaluation and max(rate.seeds for rate in findings.rates.values()) == 1:
        yield "With one seed, nothing is known about how another training run would have turned out."
    yield from filter(None, (coverage(findings), cut(findings), repeated(findings), faulty(findings)))
