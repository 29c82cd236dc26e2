"""The examples of docs/corpora.md run, and its commands, sources and formats exist."""

import json
import re
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from crosstune import corpus
from crosstune.cli._main import app
from crosstune.sources import SOURCES
from tests.shared import ROOT

PAGE = (ROOT / "docs" / "corpora.md").read_text("utf-8")


def test_dedup_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    words = " ".join(f"word{n}" for n in range(50))
    rows = [{"prompt": "Say.", "completion": text} for text in (words, f"{words} more", "else")]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "docs/corpora.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == [
        "3 2 {'near duplicate': 1} {}",
        "rows.jsonl:0 ('rows.jsonl:1',)",
    ]


def test_line_diff_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    _, code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "docs/corpora.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == [
        "1 def area(side):",
        "2     return side",
        "3 ",
        "-2     return side",
        "+2     return side * side",
        "def area(side):",
        "    return side * side",
    ]


def test_mixture_example_is_well_formed(tmp_path: Path) -> None:
    [text] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "m.yaml").write_text(text)
    assert yaml.safe_load(text)["size"] == corpus.load_mixture(str(tmp_path / "m.yaml")).spec.size


def test_commands_sources_and_formats_exist() -> None:
    shown = set(re.findall(r"^\$ crosstune corpus (\w+)", PAGE, re.MULTILINE))
    help_text = CliRunner().invoke(app, ["corpus", "--help"]).output
    assert "..." not in help_text.partition("Commands:")[2]  # each summary fits in its line
    assert shown == {
        *("stats", "show", "dedup", "decontaminate", "filter", "prove", "translate"),
        *("mix", "convert", "card", "push"),
    }
    assert all(re.search(rf"^\s+{name}\s", help_text, re.MULTILINE) for name in shown)
    table = PAGE.partition("## Sources of published data")[2].partition("## Formats")[0]
    named = set(re.findall(r"`([\w-]+)`", table))
    assert named == set(SOURCES.names()) - {
        "exercises",
        "git",
        "teacher",
        "translate",
    }  # which other pages describe
    formats = PAGE.partition("## Formats")[2].partition("\n\nA format")[0]
    first_cells = re.findall(r"^\| (.*?) \|", formats, re.MULTILINE)
    names = {name for cell in first_cells for name in re.findall(r"`([\w-]+)`", cell)}
    assert names - {"--format"} == set(corpus.format_names())
