"""Recompute CodeM's Figure 4, and test the paper's claims by its own tables."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosstune.analysis._contrast import ALPHA
from crosstune.analysis._correlations import Correlations, Matrix, correlate
from crosstune.analysis._published import (
    BASE,
    MIXED,
    Claim,
    PublishedTable,
    legible_figure4,
    published_tables,
)
from crosstune.analysis._run import TaskKey
from crosstune.scoring import least_p, t_test_of_r, unpaired_p

if TYPE_CHECKING:
    import numpy as np

Square = Mapping[str, Mapping[str, float]]
PREFIX = "CodeM-"
KIN = (("JavaScript", "TypeScript"), ("C", "C++"))
"""The pairs that the paper emphasises."""
SURPRISES = (("HTML", "Java"), ("C++", "C"), ("JavaScript", "TypeScript"))
"""(other, own): according to the paper, the other language's corpus is better for ``own`` than its own."""
SHUFFLES = 2000


@dataclass(frozen=True, slots=True)
class Figure4:
    """Pearson's r over Table 1 without its base and its Mixed row: ``a`` between the languages asked
    (over models), ``b`` between the languages taught (over languages asked). ``centred``: with the means of
    rows and columns subtracted. ``legible``: (part, first, second, r as printed, r here)."""

    a: Square
    b: Square
    a_centred: Square
    b_centred: Square
    legible: tuple[tuple[str, str, str, float, float], ...]

    @property
    def agrees(self) -> bool:
        """Whether every legible cell is reproduced to two decimals."""
        return all(abs(round(here, 2) - printed) < 1e-9 for *_, printed, here in self.legible)


def figure4() -> Figure4:
    correlations = _correlations(published_tables("codem")[0])
    asked = [task_key.language for task_key in correlations.task_keys]
    a, b = _square(asked, correlations.columns["raw"]), _square(correlations.models, correlations.rows["raw"])
    parts = {"a": a, "b": b}
    return Figure4(
        a=a,
        b=b,
        a_centred=_square(asked, correlations.columns["centred"]),
        b_centred=_square(correlations.models, correlations.rows["centred"]),
        legible=tuple((part, one, two, r, parts[part][one][two]) for part, one, two, r in legible_figure4()),
    )


def codem_claims() -> tuple[Claim, ...]:
    """The paper's claims, tested with its own figures alone."""
    table = published_tables("codem")[0]
    return (
        _every_corpus_lifts(table),
        *itertools.chain.from_iterable(_lifts_most(table, *pair) for pair in KIN),
        _pair(table, "HTML lifts Java by 15.24 points", f"{PREFIX}HTML", BASE, "Java"),
        *(
            _pair(table, f"Mixed beats {own} on {own}", MIXED, f"{PREFIX}{own}", own)
            for own in ("Python", "Java")
        ),
        *(
            _pair(
                table,
                f"{other} instructions beat {own}'s own on {own}",
                f"{PREFIX}{other}",
                f"{PREFIX}{own}",
                own,
            )
            for other, own in SURPRISES
        ),
        *_correlation_claims(table),
    )


def _pair(table: PublishedTable, claim: str, model: str, other: str, column: str) -> Claim:
    """The claim that one model's rate is higher than another's on the same problems."""
    n = table.problems(column)
    first, second = table.solved(model, column), table.solved(other, column)
    net = round(first - second)
    least, unpaired = least_p(first, second), unpaired_p(first, second, n, n)
    test = f"the smallest that McNemar's exact test can give on {n} problems"
    if least >= ALPHA:
        because = "whatever the answers were, the exact test cannot reach 0.05 (it takes a net of 6)"
        return Claim(claim, net, "net problems", test, least, "not supported", because)
    if unpaired < ALPHA:
        because = f"also when the problems are not paired (p = {unpaired:.2g})"
        return Claim(claim, net, "net problems", test, least, "supported", because)
    because = f"not shown when the problems are not paired (p = {unpaired:.2g}); the answers would decide"
    return Claim(claim, net, "net problems", test, least, "open", because)


def _every_corpus_lifts(table: PublishedTable) -> Claim:
    rates = [(model, column) for model in table.rates if model != BASE for column in table.columns]
    nets = {rate: round(table.solved(*rate) - table.solved(BASE, rate[1])) for rate in rates}
    risen = sum(net > 0 for net in nets.values())
    least = {rate: least_p(max(net, 0), 0) for rate, net in nets.items()}
    possible = sum(p < ALPHA for p in least.values())
    because = (
        f"{risen} of {len(rates)} rates are higher, but a claim on every one is as strong as its weakest: "
        f"{len(rates) - possible} of them are a net of 5 problems or less, which no exact test can show"
    )
    verdict = "open" if possible == len(rates) else "not supported"
    test = "the largest of the smallest p of McNemar's exact tests, one per cell"
    claim = "Every corpus lifts every language"
    return Claim(claim, risen, "cells that rise", test, max(least.values()), verdict, because)


def _lifts_most(table: PublishedTable, first: str, second: str) -> Iterator[Claim]:
    """Claims that two languages lift each other most, compared with the best of the other languages."""
    for giver, taker in ((first, second), (second, first)):
        others = [f"{PREFIX}{name}" for name in _taught(table) if name not in (giver, taker)]
        runner_up = max(others, key=lambda model: table.rates[model][taker])
        claim = f"Of the other languages, {giver} lifts {taker} most"
        yield _pair(table, f"{claim} (next: {runner_up})", f"{PREFIX}{giver}", runner_up, taker)


def _taught(table: PublishedTable) -> list[str]:
    return [model.removeprefix(PREFIX) for model in table.rates if model not in (BASE, MIXED)]


def _correlation_claims(table: PublishedTable) -> Iterator[Claim]:
    values = _values(table)
    names = _taught(table)
    figure = figure4()
    r = figure.b["Python"]["TypeScript"]
    yield _one_correlation(figure, "Python", "TypeScript", r, len(table.columns))
    mean, p = _alike(values)
    yield Claim(
        "Corpora of different languages act alike (Figure 4b)",
        mean,
        "mean r",
        f"{SHUFFLES} shuffles of each column among the models",
        p,
        "supported" if p < ALPHA else "not supported",
        "rates that are shuffled within their columns correlate nearly as much: what the figure shows "
        "is that some languages are harder for every model",
    )
    kin, p = _kinship(values, names)
    yield Claim(
        "JavaScript and TypeScript, C and C++ act alike more than other pairs do (Figure 4b, double-centred)",
        kin,
        "mean r of the two pairs",
        "exact permutation of the models' names",
        p,
        "supported" if p < ALPHA else "not supported",
        "raw correlations hide this similarity, which shows once the difficulty of the languages is "
        "subtracted; the pairs were named after seeing these figures",
    )


def _one_correlation(figure: Figure4, first: str, second: str, r: float, points: int) -> Claim:
    centred = figure.b_centred[first][second]
    p = t_test_of_r(r, points)
    return Claim(
        f"{first} and {second} instructions go together (Figure 4b)",
        r,
        "r",
        f"t test of r over {points} points",
        p,
        "supported" if p < ALPHA else "not supported",
        f"double-centred, r is {centred:.2f}: the languages' difficulty made it positive",
    )


def _alike(values: np.ndarray) -> tuple[float, float]:
    """Mean r between rows, and the share of shuffles of every column with one as large."""
    import numpy as np

    pairs = np.triu_indices(len(values), 1)
    observed = float(np.corrcoef(values)[pairs].mean())
    rng = np.random.default_rng(0)
    shuffled = (np.corrcoef(rng.permuted(values, axis=0))[pairs].mean() for _ in range(SHUFFLES))
    as_large = sum(float(mean) >= observed for mean in shuffled)
    return observed, (1 + as_large) / (1 + SHUFFLES)


def _kinship(values: np.ndarray, names: Sequence[str]) -> tuple[float, float]:
    """Mean double-centred r of the pairs in `KIN`, and the share of all choices of two pairs with one as
    large."""
    import numpy as np

    centred = values - values.mean(0) - values.mean(1)[:, None] + values.mean()
    r = np.corrcoef(centred)

    def of(indices: Sequence[int]) -> float:
        one, two, three, four = indices
        return float(r[one, two] + r[three, four]) / 2

    observed = of([names.index(name) for pair in KIN for name in pair])
    every = [of(indices) for indices in itertools.permutations(range(len(names)), 4)]
    return observed, sum(mean >= observed - 1e-12 for mean in every) / len(every)


def _values(table: PublishedTable) -> np.ndarray:
    import numpy as np

    return np.array([list(table.rates[f"{PREFIX}{name}"].values()) for name in _taught(table)])


def _correlations(table: PublishedTable) -> Correlations:
    task_keys = [TaskKey("HumanEval-X", column, "synthesize") for column in table.columns]
    base = list(table.rates[BASE].values())
    correlations = correlate(_values(table).tolist(), base, _taught(table), task_keys)
    assert correlations is not None
    return correlations


def _square(names: Sequence[str], matrix: Matrix) -> dict[str, dict[str, float]]:
    rows = (dict(zip(names, row, strict=True)) for row in matrix)
    known = ({name: math.nan if r is None else r for name, r in row.items()} for row in rows)
    return dict(zip(names, known, strict=True))
