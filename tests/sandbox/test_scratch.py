"""Working folders of runs without bubblewrap: removed at the end or, after a kill, by the next run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from crosstune.sandbox import _scratch
from tests.shared import ROOT

HOLD = """
import sys, time
from crosstune.sandbox import _scratch
with _scratch.folder() as path:
    open(f"{path}/file", "w").close()
    print(path, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_a_folder_is_removed_at_the_end(temporary: Path) -> None:
    with _scratch.folder() as path:
        Path(path, "file").touch()
        assert [each.name for each in temporary.iterdir()] == [Path(path).name]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("young", [0.0, 60.0])
def test_only_the_folder_of_a_killed_process_is_removed(
    monkeypatch: pytest.MonkeyPatch, young: float
) -> None:
    monkeypatch.setattr(_scratch, "_YOUNG_SECONDS", young)
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, cwd=ROOT) as held:
        assert held.stdout is not None
        path = Path(held.stdout.readline().strip())
        with _scratch.folder():
            assert (path / "file").exists()
        held.kill()
    with _scratch.folder():
        assert path.exists() == (young > 0)


def test_other_folders_and_links_stay(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_scratch, "_YOUNG_SECONDS", 0.0)
    (temporary / "kept").mkdir()
    (temporary / "crosstune-box-link").symlink_to(temporary / "kept")
    (temporary / "crosstune-other").mkdir()
    with _scratch.folder():
        pass
    assert len(list(temporary.iterdir())) == 3
