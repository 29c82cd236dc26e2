"""Which rows of a seed file are taken."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from crosstune.errors import DataError
from crosstune.sources._seeds import is_about_python, read_seeds
from tests.shared import shared_data

ROWS = [
    {"instruction": "Add two numbers.", "input": "2, 3", "output": "def add(a, b):\n    return a + b"},
    {"instruction": "Reverse a string in Java.", "input": "", "output": "x = 1"},
    {"instruction": "Sort a list in Python.", "input": "< noinput >", "output": "whatever"},
    {"instruction": "Sort a list in Python.", "input": "", "output": "again"},
]


@pytest.mark.parametrize(
    ("instruction", "output", "about"),
    [
        ("Write a Python function.", "no code at all", True),
        ("Sort the list.", "items = sorted(items)", True),
        ("Sort the list.", "def f(items):\n  return sorted(items)", True),
        ("Sort the list.", "items.sort()", False),
        ("Sort the list.", '"""only a text"""', False),
        ("Sort the list.", "int x = 1;", False),
        ("Classify the fruit.", "apple: temperate\nmango: tropical", False),
        ("Say hello.", 'print "hello"', False),
        ("Say \x00.", "a = '\x00'", False),
        ("Translate this Python code to C++.", "x = 1", False),
        ("Write C code to add.", "x = 1", False),
        ("Write a C# class.", "x = 1", False),
        ("Use R to plot.", "x = 1", False),
        ("Add numbers in Go.", "x = 1", False),
        ("Go through the list.", "for x in y:\n  pass", True),
        ("Explain vitamin C-rich food.", "x = 1", True),
        ("Use a JavaScript loop.", "x = 1", False),
        ("Query it with sql.", "x = 1", False),
        ("Let the machine react to it.", "x = 1", False),
        ("Find the area; use a helper called rubydust.", "x = 1", True),
    ],
)
def test_the_rule_for_python(instruction: str, output: str, about: bool) -> None:
    assert is_about_python({"instruction": instruction, "output": output}) == about


def test_every_form_of_file_gives_the_same_seeds(tmp_path: Path) -> None:
    lines = "\n".join(map(json.dumps, ROWS))
    (tmp_path / "a.json").write_text(json.dumps(ROWS))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(json.dumps(ROWS).encode()))
    (tmp_path / "c.jsonl").write_text(lines)
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    found = [read_seeds(path, python_only=True) for path in sorted(tmp_path.iterdir())]
    assert [found[0]] * 4 == found
    assert [seed.text for seed in found[0]] == ["Add two numbers.\n\n2, 3", "Sort a list in Python."]
    assert len({seed.id for seed in found[0]}) == 2
    assert len(read_seeds(tmp_path / "a.json", python_only=False)) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"instruction": "a", "output": "b"}\n{"prompt": "a"}\n', r"s\.jsonl:2: no column 'instruction'"),
        ('{"instruction": 7, "output": "b"}\n', r"s\.jsonl:1: .*expected text"),
        ("[1]\n", r"s\.jsonl:1: expected an object"),
        ('{"instruction": "Write Java.", "output": "x = 1"}\n', "no Python-related instruction"),
        ("", "no Python-related instruction"),
    ],
)
def test_a_file_of_another_form_is_named(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(content)
    with pytest.raises(DataError, match=words):
        read_seeds(path, python_only=True)


def test_codealpaca_has_the_share_of_python_that_codem_used() -> None:
    path = shared_data("codealpaca") / "code_alpaca_2k.json.gz"
    everything = read_seeds(path, python_only=False)
    python = read_seeds(path, python_only=True)
    assert len(everything) == 2017
    # By hand-written rules of the same kind others found 764; a fifth more or less would be another rule.
    assert 700 <= len(python) <= 850
