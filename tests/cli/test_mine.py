from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_main import _crosstune


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository in which one commit is an instruction and one is not."""
    folder = tmp_path / "clone"
    folder.mkdir()
    before = "\n".join(f"def number_{n}():\n    return {n}\n" for n in range(12))
    for text, message in (
        (before, "wip"),
        (before.replace("return 3", "return 30"), "Return thirty where three was wrong"),
    ):
        (folder / "numbers.py").write_text(text)
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", message]):
            subprocess.run(
                ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command],
                cwd=folder,
                check=True,
            )
    return folder


def test_a_clone_becomes_a_corpus(clone: Path, tmp_path: Path) -> None:
    found = _crosstune("mine", clone, "-o", tmp_path / "out")
    assert found.returncode == 0, found.stderr
    assert "samples" in found.stdout
    funnel = json.loads((tmp_path / "out" / "funnel.json").read_text())["funnel"]
    assert (funnel["commits"], funnel["kept"]) == (2, 1)
    assert list((tmp_path / "out").glob("data-*/python.parquet"))
    assert "(nothing new)" in _crosstune("mine", clone, "-o", tmp_path / "out").stdout


def test_a_rule_can_be_set(clone: Path, tmp_path: Path) -> None:
    found = _crosstune("mine", clone, "-o", tmp_path / "out", "--set", "contents.most_tokens=10")
    assert found.returncode == 0, found.stderr
    funnel = json.loads((tmp_path / "out" / "funnel.json").read_text())["funnel"]
    assert funnel["kept"] == 0
    assert funnel["dropped"]["contents: token window"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "contents"], "--set contents: expected KEY=VALUE"),
        (["--set", "contents.most_token=1"], "did you mean 'most_tokens'"),
        (["--profile", "commitpackfd"], "did you mean 'commitpackft'"),
    ],
)
def test_a_wrong_option_is_said(clone: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    found = _crosstune("mine", clone, "-o", tmp_path / "out", *arguments)
    assert found.returncode == 2
    assert message in found.stderr
    assert "Traceback" not in found.stderr


def test_what_is_no_repository_is_said(tmp_path: Path) -> None:
    found = _crosstune("mine", tmp_path, "-o", tmp_path / "out")
    assert found.returncode == 2
    assert str(tmp_path) in found.stderr
    assert "Traceback" not in found.stderr
