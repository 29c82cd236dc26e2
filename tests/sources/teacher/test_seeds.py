"""Reading seed instructions from files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from crosstune.errors import DataError
from crosstune.sources.teacher._seeds import read_seeds
from tests.shared import shared_data

ROWS = [
    {"instruction": "Add two numbers.", "input": "2, 3", "output": "def add(a, b):\n    return a + b"},
    {"instruction": "Reverse a string in Java.", "input": "", "output": "x = 1"},
    {"instruction": "Sort a list in Python.", "input": "< noinput >", "output": "whatever"},
    {"instruction": "Sort a list in Python.", "input": "", "output": "again"},
]


def test_every_file_format_gives_the_same_seeds(tmp_path: Path) -> None:
    lines = "\n".join(map(json.dumps, ROWS))
    (tmp_path / "a.json").write_text(json.dumps(ROWS))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(json.dumps(ROWS).encode()))
    (tmp_path / "c.jsonl").write_text(lines)
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    seeds = [read_seeds(path, python_only=True) for path in sorted(tmp_path.iterdir())]
    assert [seeds[0]] * 4 == seeds
    assert [seed.text for seed in seeds[0]] == ["Add two numbers.\n\n2, 3", "Sort a list in Python."]
    assert len({seed.id for seed in seeds[0]}) == 2
    assert len(read_seeds(tmp_path / "a.json", python_only=False)) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"instruction": "a", "output": "b"}\n{"prompt": "a"}\n', r"s\.jsonl:2: no column 'instruction'"),
        ('{"instruction": 7, "output": "b"}\n', r"s\.jsonl:1: .*expected text"),
        ("[1]\n", r"s\.jsonl:1: expected an object"),
        ('{"instruction": "Write Java.", "output": "x = 1"}\n', "no Python-related instruction"),
        ("", "no Python-related instruction"),
    ],
)
def test_a_file_in_another_format_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(content)
    with pytest.raises(DataError, match=message):
        read_seeds(path, python_only=True)


def test_codealpaca_has_the_share_of_python_that_codem_used() -> None:
    path = shared_data("codealpaca") / "code_alpaca_2k.json.gz"
    everything = read_seeds(path, python_only=False)
    python = read_seeds(path, python_only=True)
    assert len(everything) == 2017
    # Others' hand-written rules of the same kind selected 764; a fifth more or less would be another rule.
    assert 700 <= len(python) <= 850
