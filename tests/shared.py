"""Where the reference data of the published systems stands, if it does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("CROSSTUNE_DATA") or ROOT.parent / "shared" / "data")


def shared_data(name: str) -> Path:
    """The folder or file ``name`` of the reference data; skips the test where it is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"reference data {name!r} is not here (set CROSSTUNE_DATA to its folder)")
    return path
