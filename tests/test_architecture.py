"""docs/architecture.md describes the packages, layers and modules that exist."""

from __future__ import annotations

import re
import tomllib

from tests.shared import ROOT
from tests.test_extending import registries

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PACKAGE = ROOT / "crosstune"


def _block(heading: str) -> list[str]:
    """The lines of the first code block under a heading."""
    section = PAGE.partition(f"## {heading}\n")[2]
    return section.split("```\n")[1].splitlines()


def test_tree_lists_every_package_and_module() -> None:
    listed, parent = set(), ""
    for line in _block("The packages"):
        name = line.split()[0].rstrip("/")
        if line.startswith("  "):
            listed.add(f"{parent}/{name}")
        else:
            parent = name
            listed.add(parent)
    top = {path.name for path in PACKAGE.iterdir() if path.name not in {"__pycache__", "py.typed"}}
    nested = {
        path.parent.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.glob("*/*/__init__.py")
        if path.parent.parent.name != "languages"
    }
    assert {name for name in listed if "/" not in name} == top
    assert {name for name in listed if "/" in name} - {"languages/<name>", "languages/_shared"} == nested


def test_layers_are_those_of_the_import_linter() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    whole, *_ = settings["tool"]["importlinter"]["contracts"]
    assert whole["layers"] == _block("Layers")


def test_named_modules_exist() -> None:
    paths = re.findall(r"`([a-z][\w/]*/\w+\.py|\w+\.py)`", PAGE)
    assert len(paths) > 30
    assert [path for path in paths if not (PACKAGE / path).is_file()] == []


def test_table_lists_every_registry() -> None:
    rows = re.findall(r"^\| `(crosstune\.[\w.]+)` \| `([A-Z_]+)` \| `([\w.]+)` \|$", PAGE, re.MULTILINE)
    assert sorted((package, attribute) for package, attribute, _ in rows) == sorted(
        (registry.package, registry.attribute) for registry in registries()
    )
    kinds = {registry.attribute: registry.kind.__name__ for registry in registries()}
    assert {attribute: kind.rpartition(".")[2] for _, attribute, kind in rows} == kinds
