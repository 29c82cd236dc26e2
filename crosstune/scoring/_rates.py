"""Rates from counts: pass@k, Wilson's interval, the bootstrap over problems."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from crosstune.scoring._special import normal_quantile

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEVEL = 0.95
"""The default confidence level of every interval."""

Interval = tuple[float, float]


@functools.lru_cache(maxsize=65536)
def pass_at_k(n: int, passed: int, k: int) -> float:
    """The unbiased estimate, from ``passed`` of ``n`` samples, of the chance that one of ``k`` passes.

    1 - C(n - passed, k) / C(n, k), after Chen et al. 2021 (arXiv 2107.03374), as a product.

    Raises:
        ValueError: ``k`` outside 1 … n, or ``passed`` outside 0 … n.
    """
    if not 1 <= k <= n or not 0 <= passed <= n:
        raise ValueError(f"pass@{k} of {n} samples with {passed} passed: expected 1 <= k <= n, passed <= n")
    if n - passed < k:
        return 1.0
    return 1 - math.prod(1 - k / i for i in range(n - passed + 1, n + 1))


def wilson(passed: float, n: int, level: float = LEVEL) -> Interval:
    """Wilson's score interval (without continuity correction) of ``passed`` out of ``n``.

    Raises:
        ValueError: ``n`` is not positive, or ``passed`` outside 0 … n.
    """
    if n <= 0 or not 0 <= passed <= n:
        raise ValueError(f"no rate of {passed} out of {n}")
    z = normal_quantile((1 + level) / 2)
    p, zz = passed / n, z * z
    centre = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return (0.0 if passed == 0 else centre - half, 1.0 if passed == n else centre + half)


def bootstrap(values: npt.ArrayLike, *, level: float = LEVEL, rounds: int = 2000, seed: int = 0) -> Interval:
    """Percentile interval of the mean of ``values``, one for each problem, resampling problems.

    Only for comparison: equal values give no width, and with few problems it covers too little. Reports use
    `rate_interval`.
    """
    import numpy as np

    data = np.asarray(values, dtype=float)
    means = data @ _weights(len(data), rounds, seed)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def bootstrap_crossed(
    values: npt.ArrayLike, *, level: float = LEVEL, rounds: int = 2000, seed: int = 0
) -> Interval:
    """Percentile interval of the mean of ``values`` (seeds x problems), resampling both.

    Only for comparison: with three seeds it covers far too little. Reports use `crossed_rate` and
    `crossed_difference`.
    """
    import numpy as np

    data = np.asarray(values, dtype=float)
    seeds, problems = data.shape
    by_problem = _weights(problems, rounds, seed)
    by_seed = _weights(seeds, rounds, seed + 1)
    means = np.einsum("sp,pr,sr->r", data, by_problem, by_seed, optimize=True)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _weights(n: int, rounds: int, seed: int) -> np.ndarray:
    """Bootstrap weights: each column has the share of draws that each of ``n`` items got."""
    import numpy as np

    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=rounds)
    shares: np.ndarray = draws.T / n
    return shares
