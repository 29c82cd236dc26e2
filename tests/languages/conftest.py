"""One judge for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge
