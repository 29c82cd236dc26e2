"""The examples of docs/mining.md run."""

import re
from pathlib import Path

import pytest

from tests.mining.repositories import CODE, Repo
from tests.shared import ROOT


def test_mining_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "mining.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    repo = Repo(tmp_path / "clone")
    commit = repo.commit("Add one file to the small tree", {"qq.py": CODE})
    repo.commit("wip", {"qq.py": CODE + "1\n"})
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "docs/mining.md", "exec"), {})
    out = capsys.readouterr().out.splitlines()
    assert out[0].split() == ["subject:", "no", "capital", "1", "1"]
    assert out[1:] == [f"python Add one file to the small tree {commit}"]


def test_study_example_has_settings_of_the_source(tmp_path: Path) -> None:
    import yaml

    from crosstune.sources import SOURCES

    page = (ROOT / "docs" / "mining.md").read_text("utf-8")
    [text] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    [(name, settings)] = yaml.safe_load(text)["corpora"]["commits"]["source"].items()
    Repo(tmp_path / "clone").commit("Add one file to the small tree", {"qq.py": CODE})
    settings["repositories"] = [str(tmp_path / "clone")]
    source = SOURCES.load(name)
    examples = source.examples(source.settings.model_validate(settings), tmp_path / "work", lambda *_: None)
    assert list(examples) == []
