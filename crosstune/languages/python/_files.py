"""The files of this package that the sandbox loads by their paths, without the rest of crosstune."""

from __future__ import annotations

from pathlib import Path


def paths(names: str) -> dict[str, Path]:
    """The files of these modules, whose names are separated by spaces."""
    return {name: Path(__file__).with_name(f"_{name}.py") for name in names.split()}


PARTS = tuple(
    paths("standard errors updating graphs remote lending lent iterating with_pytest with_unittest").values()
)
"""Files that others of this package load."""
