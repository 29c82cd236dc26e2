from __future__ import annotations

import pytest

BASE = """\
origin: crosstune's tests
architecture: {vocabulary: 320, numbers: whole, hidden: 16, inner: 32, layers: 1, heads: 2, positions: 256}
loss: all
max_length: 128
steps: 6
batch_size: 4
learning_rate: 5.0e-3
"""
TUNE = """\
origin: crosstune's tests
loss: completion
max_length: 128
steps: 6
batch_size: 4
learning_rate: 2.0e-3
"""


@pytest.fixture
def small_recipes() -> dict[str, str]:
    """Recipes that train next to nothing, by file name."""
    return {"base.yaml": BASE, "tune.yaml": TUNE}
