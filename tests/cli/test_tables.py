"""Tables of the commands in a pipe: 80 columns, and every name whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from crosstune.analysis import codem_claims, octopack_claims, published_tables
from crosstune.cli._main import app
from tests.cli import test_compare
from tests.shared import ROOT

Prepared = tuple[list[str], list[str]]
"""The words of a command, and the names that its tables must contain."""
DEMO = ROOT / "studies" / "demo.yaml"


def _published(paper: str) -> Callable[[Path], Prepared]:
    claims = codem_claims() if paper == "codem" else octopack_claims()
    tables = published_tables(paper)
    names = [name for table in tables for name in (*table.rates, *table.columns)]
    return lambda _: (["published", paper], [*names, *(claim.verdict for claim in claims)])


def _compare(folder: Path) -> Prepared:
    for name in ("before", "after"):
        test_compare.write(folder / name, test_compare.ROWS)
    return (
        ["compare", str(folder / "before"), str(folder / "after")],
        ["javascript synthesize", "difference"],
    )


def _judge(folder: Path) -> Prepared:
    rows = [
        {"id": "wrong", "language": "python", "candidate": "a = 1", "tests": "assert a == 2"},
        {"id": "broken", "language": "python", "candidate": "a =", "tests": "assert a == 1"},
        {"id": "runs", "language": "python", "candidate": "a = 1", "tests": "assert a == 1"},
        {"id": "raises", "language": "javascript", "candidate": "throw 1", "tests": "if (a !== 1) throw 2"},
    ]
    path = folder / "programs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    statuses = ["passed", "wrong_answer", "compile_error", "runtime_error"]
    return ["judge", str(path), "-o", str(folder / "out.jsonl")], ["python", "javascript", *statuses]


def _doctor(_: Path) -> Prepared:
    return ["doctor", "python", "javascript"], ["Python", "JavaScript", "tools"]


def _stats(folder: Path) -> Prepared:
    path = folder / "rows.jsonl"
    row = {
        "id": "a",
        "language": "javascript",
        "prompt": "Double n.",
        "completion": "n * 2",
        "task": "commit",
    }
    path.write_text(json.dumps(row) + "\n")
    return ["corpus", "stats", str(path)], ["javascript", "commit"]


def _status(folder: Path) -> Prepared:
    return ["study", "status", str(DEMO), "--runs", str(folder)], ["corpus", "generate", "judge"]


@pytest.mark.parametrize(
    "prepare",
    [_published("codem"), _published("octopack"), _compare, _judge, _doctor, _stats, _status],
    ids=["codem", "octopack", "compare", "judge", "doctor", "corpus-stats", "study-status"],
)
def test_piped_tables_fit_80_columns_and_cut_no_name(
    prepare: Callable[[Path], Prepared], tmp_path: Path
) -> None:
    words, names = prepare(tmp_path)
    output = CliRunner().invoke(app, words, env={"COLUMNS": "80"}).stdout
    table = [line for line in output.splitlines() if not _free_text(line, tmp_path)]
    assert max(map(cell_len, table)) <= 80
    for name in names:
        assert name in output
    assert "a…" not in output


def _free_text(line: str, folder: Path) -> bool:
    """Paths are not part of a table."""
    return str(folder) in line
