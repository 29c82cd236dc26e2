"""The names of `crosstune.corpus`, which are imported on first use."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from crosstune import corpus


def test_names_for_type_checkers_are_those_at_run_time() -> None:
    tree = ast.parse(Path(corpus.__file__).read_text("utf-8"))
    [block] = [
        each for each in tree.body if isinstance(each, ast.If) and ast.unparse(each.test) == "TYPE_CHECKING"
    ]
    typed = {
        alias.name: (each.module or "").removeprefix("crosstune.corpus.")
        for each in block.body
        if isinstance(each, ast.ImportFrom)
        for alias in each.names
    }
    assert typed == corpus._ORIGINS
    assert sorted(typed) == sorted(corpus.__all__)
    assert len(typed) > 40


def test_every_name_can_be_imported() -> None:
    assert all(getattr(corpus, name) is not None for name in corpus.__all__)
    assert set(corpus.__all__) <= set(dir(corpus))
    with pytest.raises(AttributeError, match="has no attribute 'mines'"):
        corpus.mines  # type: ignore[attr-defined]  # noqa: B018


def test_mining_loads_neither_filters_nor_benchmarks() -> None:
    unwanted = ("crosstune.corpus.filters", "crosstune.benchmarks", "crosstune.sources", "altair")
    script = (
        "import sys; from crosstune.corpus import mine;"
        f"print(*(name for name in sys.modules if name.startswith({unwanted})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
