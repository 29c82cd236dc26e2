"""Working folders of runs without bubblewrap: gone at the end, and after a kill with the next run."""

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
with _scratch.folder() as place:
    open(f"{place}/file", "w").close()
    print(place, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_it_is_gone_in_the_end(temporary: Path) -> None:
    with _scratch.folder() as place:
        Path(place, "file").touch()
        assert [path.name for path in temporary.iterdir()] == [Path(place).name]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("young", [0.0, 60.0])
def test_only_one_whose_process_was_killed_is_swept(monkeypatch: pytest.MonkeyPatch, young: float) -> None:
    monkeypatch.setattr(_scratch, "_YOUNG_SECONDS", young)
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, cwd=ROOT) as held:
        assert held.stdout is not None
        place = Path(held.stdout.readline().strip())
        with _scratch.folder():
            assert (place / "file").exists()
        held.kill()
    with _scratch.folder():
        assert place.exists() == (young > 0)


def test_what_is_no_folder_of_ours_stays(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_scratch, "_YOUNG_SECONDS", 0.0)
    (temporary / "kept").mkdir()
    (temporary / "crosstune-box-link").symlink_to(temporary / "kept")
    (temporary / "crosstune-other").mkdir()
    with _scratch.folder():
        pass
    assert len(list(temporary.iterdir())) == 3
