"""What is written into a run folder, and what stays in it."""

from __future__ import annotations

from pathlib import Path

from crosstune.study import open_run
from tests.shared import ROOT

EMPTY = '{"steps": []}'


def test_earlier_results_stay_while_there_is_no_verdict(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "results.json").write_text("{}")
    (folder / "manifest.json").write_text(EMPTY)
    assert open_run(ROOT / "studies" / "demo.yaml", tmp_path).conclude().findings is None
    assert (folder / "manifest.json").read_text() == EMPTY
    assert (folder / "results.json").read_text() == "{}"


def test_run_without_verdicts_has_a_manifest(tmp_path: Path) -> None:
    assert open_run(ROOT / "studies" / "demo.yaml", tmp_path).conclude().findings is None
    assert (tmp_path / "demo" / "manifest.json").is_file()
