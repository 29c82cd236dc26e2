"""The reference data of the published systems, if this machine has it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("CROSSTUNE_DATA") or ROOT.parent / "shared" / "data")


def shared_data(name: str) -> Path:
    """The path of the folder or file ``name`` in the reference data; skips the test if it is missing."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"reference data {name!r} is missing (set CROSSTUNE_DATA to its folder)")
    return path
