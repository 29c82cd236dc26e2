"""A full disk is told from errors of the training itself."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from crosstune import files
from crosstune.errors import Incomplete
from crosstune.tuning import _train


@pytest.mark.parametrize("full", [True, False])
def test_errors_of_torch_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool) -> None:
    def refused(path: Path, _: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    if full:
        monkeypatch.setattr(Path, "write_bytes", refused)
    assert files.has_space(tmp_path) is not full
    expected, message = (Incomplete, "the disk is full; free some") if full else (RuntimeError, "iostream")
    with pytest.raises(expected, match=message), _train._full_disk_named(tmp_path):
        raise RuntimeError("basic_ios::clear: iostream error")
    assert list(tmp_path.iterdir()) == []
