"""The cache folder exists for every user: with or without a home, and where nothing can be written."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from crosstune import user_folders

UNKNOWN_USER = 54321


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    user_folders._private.cache_clear()


def test_the_named_folder_comes_first_then_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_folders.cache_folder() == tmp_path / ".cache" / "crosstune"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "named"))
    assert user_folders.cache_folder() == tmp_path / "named" / "crosstune"
    assert not (tmp_path / "named").exists()


def test_without_a_usable_home_it_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for home in (tmp_path / "none", file):
        monkeypatch.setenv("HOME", str(home))
        folder = user_folders.cache_folder()
        assert folder == tmp_path / "temporary" / f"crosstune-{os.getuid()}"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_others_can_write_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    taken = tmp_path / "temporary" / f"crosstune-{os.getuid()}"
    taken.mkdir()
    taken.chmod(0o777)
    assert user_folders.cache_folder() != taken
    assert user_folders.cache_folder() == user_folders.cache_folder()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_a_user_without_an_entry_and_without_home_has_one() -> None:
    code = (
        "import os\n"
        "from crosstune import user_folders\n"
        f"os.setgid({UNKNOWN_USER}); os.setuid({UNKNOWN_USER})\n"
        "print(user_folders.home(), user_folders.expanded('~/x'), user_folders.cache_folder())"
    )
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o777)
        done = subprocess.run(
            [sys.executable, "-c", code], env={"TMPDIR": folder}, capture_output=True, text=True, check=False
        )
        assert done.stdout.split() == ["None", "~/x", f"{folder}/crosstune-{UNKNOWN_USER}"], done.stderr
