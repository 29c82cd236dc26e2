"""The formulas of ``crosstune.scoring._crossed`` for many tables at once, with scipy's distributions.

Written independently of the package: the tests compare both, and `coverage` simulates with it. Tables are
studies x seeds x problems; results have one value for each study.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special, stats

LEVEL = 0.95
HALVINGS = 60
MIDDLES = (np.arange(100) + 0.5) / 100
"""Of the equal parts that represent a distribution of chi²."""
AT_ONCE = 100
"""Studies whose bootstrap fits into memory at once."""


class Intervals(NamedTuple):
    """``p`` is of the test that belongs to a difference; with one seed, which has exact tests, nan."""

    low: np.ndarray
    high: np.ndarray
    p: np.ndarray


class Squares(NamedTuple):
    """The centre, the mean squares of seeds, problems and the rest, and how many seeds and problems
    there are, with those that were added."""

    centre: np.ndarray
    a: np.ndarray
    b: np.ndarray
    e: np.ndarray
    seeds: int
    problems: np.ndarray


def differences(tables: np.ndarray) -> Intervals:
    """As `crossed_difference`, before it is cut off at ±1."""
    problems, columns, mean = tables.shape[2], tables.mean(1), tables.mean((1, 2))
    noise = _noise(tables, np.abs(tables).mean((1, 2)) - mean**2)
    counted = problems + 2 * noise
    centre = problems * mean / counted
    square = ((columns**2).sum(1) + noise**2 - counted * centre**2) / (counted - 1)
    return _around(tables, centre, square, counted)


def rates(tables: np.ndarray) -> Intervals:
    """As `crossed_rate`, before it is cut off at 0 and 1."""
    problems, columns, mean = tables.shape[2], tables.mean(1), tables.mean((1, 2))
    if tables.shape[1] == 1 and np.isin(tables, (0, 1)).all():
        return _wilson(mean, problems)
    noise = _noise(tables, mean * (1 - mean))
    counted = problems + 4 * noise
    centre = (problems * mean + 2 * noise) / counted
    added = noise * (counted * centre * (1 - centre) - problems * mean * (1 - mean))
    square = (((columns - mean[:, None]) ** 2).sum(1) + added) / (counted - 1)
    return _around(tables, centre, square, counted)


def bootstraps(tables: np.ndarray, rounds: int) -> Intervals:
    """As `bootstrap_crossed` with the seed 0; all tables share its draws."""
    by_problem, by_seed = (
        np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=rounds) / n
        for seed, n in enumerate((tables.shape[2], tables.shape[1]))
    )
    means = [
        np.einsum("nsr,rs->nr", tables[first : first + AT_ONCE] @ by_problem.T, by_seed)
        for first in range(0, len(tables), AT_ONCE)
    ]
    low, high = np.quantile(np.concatenate(means), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
    return Intervals(low, high, np.full(len(tables), np.nan))


def _noise(tables: np.ndarray, single: np.ndarray) -> np.ndarray:
    least = 0.25 / tables.shape[2]
    return np.asarray(np.minimum(1, (tables.mean(1).var(1, ddof=1) + least) / (single + least)))


def _wilson(mean: np.ndarray, n: int) -> Intervals:
    z = stats.norm.ppf((1 + LEVEL) / 2)
    centre = (mean + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(mean * (1 - mean) / n + z**2 / (4 * n**2))
    return Intervals(centre - half, centre + half, np.full(len(mean), np.nan))


def _around(tables: np.ndarray, centre: np.ndarray, square: np.ndarray, counted: np.ndarray) -> Intervals:
    """``square``: the mean square of the problems, for one seed."""
    seeds, mean = tables.shape[1], tables.mean((1, 2))
    if seeds == 1:
        half = stats.t.ppf((1 + LEVEL) / 2, counted - 1) * np.sqrt(square / counted)
        p = np.full(len(mean), np.nan)
    else:
        a, e = seeds_and_rest(tables)
        squares = Squares(centre, a, np.maximum(seeds * square, e), e, seeds, counted)
        half, p = _half(squares), _beyond(np.abs(centre), squares)
    return Intervals(np.minimum(mean, centre - half), np.maximum(mean, centre + half), p)


def seeds_and_rest(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean squares of the seeds and of what neither seeds nor problems explain."""
    _, seeds, problems = tables.shape
    rows, columns = tables.mean(2, keepdims=True), tables.mean(1, keepdims=True)
    rest = tables - rows - columns + tables.mean((1, 2), keepdims=True)
    return problems * rows[:, :, 0].var(1, ddof=1), (rest**2).sum((1, 2)) / ((seeds - 1) * (problems - 1))


def _half(squares: Squares) -> np.ndarray:
    low, high = np.zeros(len(squares.a)), np.ones(len(squares.a))
    while (short := _beyond(high, squares) > 1 - LEVEL).any():
        high = np.where(short, 2 * high, high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        short = _beyond(middle, squares) > 1 - LEVEL
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return high


def _beyond(distance: np.ndarray, squares: Squares) -> np.ndarray:
    """The probability of an error of ``distance``, the mean of two answers (docs/statistics.md)."""
    _, a, b, e, seeds, problems = squares
    of_seeds, of_problems = seeds - 1, problems - 1
    total = np.maximum(a + b - e, b / of_seeds)
    weight = a**2 / of_seeds + b**2 / of_problems + e**2 / (of_seeds * of_problems)
    freedom = np.maximum(total**2 / weight, of_seeds)
    satterthwaite = 2 * special.stdtr(freedom, -distance / np.sqrt(total / (seeds * problems)))
    drawn = (b - e)[:, None] + of_seeds * a[:, None] / stats.chi2.ppf(MIDDLES, of_seeds)
    errors = np.maximum(drawn, b[:, None] / 4) / (seeds * problems)[:, None]
    t, spread = distance[:, None] ** 2 / errors, 2 * of_problems[:, None]
    z = (1 - 1 / (2 * spread)) * np.sqrt(t / (1 + t / spread))
    generalised = special.erfc(z / np.sqrt(2)).mean(1)
    return np.asarray((satterthwaite + generalised) / 2)
