"""The logs that real harnesses wrote; `tests.logs.harnesses` says how."""

from __future__ import annotations

from pathlib import Path

import pytest

WRITTEN = Path(__file__).parent / "written"


@pytest.fixture(scope="session")
def written() -> Path:
    return WRITTEN
