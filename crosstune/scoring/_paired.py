"""Tests between two models on the same problems, and their correction over a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy.typing as npt


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Two-sided p of McNemar's exact test: a fair coin for each problem that only one model solved."""
    n, k = only_first + only_second, min(only_first, only_second)
    tail = sum(math.comb(n, i) for i in range(k + 1))
    return min(1.0, float(2 * tail / 2**n))


def sign_flip(differences: npt.ArrayLike, *, rounds: int = 10_000, seed: int = 0) -> float:
    """Two-sided p of the paired permutation test that the mean of ``differences`` is 0.

    Exact (all sign patterns) for up to 13 non-zero differences, sampled for more; then p is
    (1 + as extreme) / (1 + rounds), so never 0.
    """
    import numpy as np

    data = np.asarray(differences, dtype=float)
    data = data[data != 0]
    if not len(data):
        return 1.0
    observed = abs(float(data.sum())) * (1 - 1e-12) - 1e-12
    if len(data) <= 13:
        patterns = (np.arange(2 ** len(data))[:, None] >> np.arange(len(data))) & 1
        return float(np.mean(np.abs((1 - 2 * patterns) @ data) >= observed))
    drawn = np.random.default_rng(seed).integers(0, 256, size=(rounds, -(-len(data) // 8)), dtype=np.uint8)
    signs = np.unpackbits(drawn, axis=1, count=len(data))
    sums = data.sum() - 2 * (signs.astype(float) @ data)
    extreme = int(np.sum(np.abs(sums) >= observed))
    return (1 + extreme) / (1 + rounds)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down correction: adjusted p-values in the given order.

    With values below 0.05 called significant, the chance of any false positive is at most 5 %.
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, p_values[index] * (len(p_values) - rank)))
        adjusted[index] = highest
    return adjusted
