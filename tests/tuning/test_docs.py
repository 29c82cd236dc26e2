"""The example of docs/tuning.md runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shared import ROOT


def test_example_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "tuning.md").read_text("utf-8")
    blocks = dict(re.findall(r"```(yaml|python)\n(.*?)```", page, re.DOTALL))
    monkeypatch.chdir(tmp_path)
    Path("my-recipe.yaml").write_text(blocks["yaml"], "utf-8")

    exec(compile(blocks["python"], "docs/tuning.md", "exec"), {})

    assert capsys.readouterr().out == "9 20 0 0\n"
    assert (tmp_path / "out" / "model" / "model.safetensors").is_file()
