"""`crosstune` exports what docs/library.md documents, and imports it only when it is used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import crosstune
from tests.shared import ROOT

PAGE = (ROOT / "docs" / "library.md").read_text("utf-8")


def test_all_is_what_the_page_documents() -> None:
    cells = re.findall(r"^\| (`[^|]+) \|", PAGE, re.MULTILINE)
    documented = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert len(documented) == len(set(documented))
    assert sorted(crosstune.__all__) == sorted(documented)


def test_names_for_type_checkers_are_those_at_run_time() -> None:
    tree = ast.parse(Path(crosstune.__file__).read_text("utf-8"))
    typed = {
        alias.asname or alias.name: (node.module, alias.name)
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == dict(crosstune._ORIGINS)
    assert {*typed, "__version__"} == set(crosstune.__all__)


@pytest.mark.parametrize("name", crosstune.__all__)
def test_every_name_can_be_imported(name: str) -> None:
    assert getattr(crosstune, name) is not None
    assert name in dir(crosstune)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'crosstune' has no attribute 'judges'"):
        _ = crosstune.judges  # type: ignore[attr-defined]


def _imported(statement: str) -> set[str]:
    """The modules that ``statement`` adds to a new interpreter."""
    code = f"import sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_crosstune_loads_only_the_standard_library() -> None:
    imported = _imported("import crosstune")
    assert {name for name in imported if name.startswith("crosstune")} == {"crosstune"}
    assert {name.partition(".")[0] for name in imported} - {"crosstune"} <= sys.stdlib_module_names
    assert "importlib.metadata" not in imported


@pytest.mark.parametrize(
    ("name", "unwanted"),
    [
        ("Program", {"pydantic", "numpy", "pyarrow", "yaml"}),
        ("Judge", {"numpy", "pyarrow", "torch", "typer"}),
        ("pass_at_k", {"numpy", "pyarrow"}),
        ("tune", {"torch", "transformers"}),
    ],
)
def test_a_name_loads_only_what_it_needs(name: str, unwanted: set[str]) -> None:
    assert _imported(f"from crosstune import {name}") & unwanted == set()


@pytest.mark.parametrize("example", re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
def test_example_prints_what_it_says(
    example: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(example, "library.md", "exec"), {"__name__": "library"})
    printed = capsys.readouterr().out.splitlines()
    assert printed
    assert [line[2:] for line in example.splitlines() if line.startswith("# ")] == printed
