"""OctoPack's tables: averages with intervals, and tests of the paper's claims."""

from __future__ import annotations

from collections.abc import Iterator

from crosstune.analysis._averages import Average
from crosstune.analysis._contrast import ALPHA
from crosstune.analysis._published import PROBLEMS, Claim, PublishedTable, published_tables
from crosstune.scoring import unpaired_p, wilson

OCTOCODER, WIZARD, STARCODER, GPT = "OctoCoder 16B", "WizardCoder 16B", "StarCoder 16B", "GPT-4"
OCTOGEEX = "OctoGeeX 6B"


def octopack_averages(table: PublishedTable) -> dict[str, Average]:
    """Each model's mean over the languages, with Wilson's interval on 164 problems.

    The six languages have the same problems, so each problem counts once; 20 samples of a problem are not
    more problems either. The interval is therefore more likely too wide than too narrow.
    """
    averages = {}
    for model, rates in table.rates.items():
        mean = sum(rates.values()) / len(rates) / 100
        low, high = wilson(mean * PROBLEMS, PROBLEMS)
        averages[model] = Average(model, "humanevalpack", table.name, mean, low, high, len(rates))
    return averages


def octopack_claims() -> tuple[Claim, ...]:
    """The paper's claims, tested with its own figures alone."""
    tables = {table.name: table for table in published_tables("octopack")}
    return tuple(_claims(tables))


def _claims(tables: dict[str, PublishedTable]) -> Iterator[Claim]:
    fix, explain, synthesize = (tables[name] for name in ("fix", "explain", "synthesize"))
    yield _average_claim(fix, "Instruction tuning on commits lifts StarCoder in fixing", OCTOCODER, STARCODER)
    yield _every_language(fix, OCTOCODER, STARCODER)
    yield _average_claim(fix, "OctoCoder fixes better than WizardCoder", OCTOCODER, WIZARD)
    yield _average_claim(fix, "OctoCoder fixes better than StarChat-beta", OCTOCODER, "StarChat-beta 16B")
    yield _average_claim(fix, "OctoCoder fixes better than OctoGeeX", OCTOCODER, OCTOGEEX)
    yield _average_claim(explain, "WizardCoder explains better than OctoCoder", WIZARD, OCTOCODER)
    yield _average_claim(synthesize, "Instruction tuning lifts StarCoder in writing", OCTOCODER, STARCODER)
    yield _average_claim(synthesize, "WizardCoder writes better than OctoCoder", WIZARD, OCTOCODER)
    for table in (fix, explain, synthesize):
        best = max((m for m in table.rates if m != GPT), key=lambda model: _mean(table, model))
        yield _average_claim(
            table, f"GPT-4 is ahead of the best open model in {table.name} ({best})", GPT, best
        )


def _mean(table: PublishedTable, model: str) -> float:
    return sum(table.rates[model].values()) / len(table.columns)


def _average_claim(table: PublishedTable, claim: str, model: str, other: str) -> Claim:
    first, second = _mean(table, model), _mean(table, other)
    p = _unpaired(first, second)
    verdict, because = _judged(first - second, p)
    test = f"mean over {len(table.columns)} languages, two rates of {PROBLEMS} problems, not paired"
    return Claim(claim, first - second, "points", test, p, verdict, because)


def _every_language(table: PublishedTable, model: str, other: str) -> Claim:
    ps = {
        column: _unpaired(table.rates[model][column], table.rates[other][column]) for column in table.columns
    }
    weakest = max(ps, key=lambda column: ps[column])
    gain = table.gain(model, weakest, other)
    verdict, because = _judged(gain, ps[weakest])
    shown = sum(p < ALPHA for p in ps.values())
    return Claim(
        "… in every language",
        gain,
        f"points in {weakest}, the weakest",
        "the largest p of the languages, two rates of 164 problems, not paired",
        ps[weakest],
        verdict,
        f"shown in {shown} of {len(ps)}; {because}",
    )


def _unpaired(first: float, second: float) -> float:
    return unpaired_p(first / 100 * PROBLEMS, second / 100 * PROBLEMS, PROBLEMS, PROBLEMS)


def _judged(difference: float, p: float) -> tuple[str, str]:
    """The test does not know which problems were solved, so a difference it does not show may still exist."""
    if difference <= 0:
        return "not supported", "the figures point the other way"
    if p < ALPHA:
        return "supported", "also when the problems are not paired"
    return "open", "not shown when the problems are not paired; the answers would decide"
