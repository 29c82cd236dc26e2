from __future__ import annotations

from pathlib import Path

import pytest

from tests.tuning import small


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of 12 steps in ``out``."""
    folder = tmp_path_factory.mktemp("trained")
    small.train(folder)
    return folder
