"""Registries find modules, folders and the entry points of other distributions."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune import plugins
from crosstune.errors import PrerequisiteError, UnknownName
from crosstune.languages import LANGUAGES
from crosstune.plugins import Registry


def test_registry_finds_the_modules_of_its_package() -> None:
    assert {"javascript", "python"} <= set(LANGUAGES.names())
    assert all(name == language.name for name, language in LANGUAGES.all().items())


def test_private_modules_are_not_plugins() -> None:
    assert not [name for name in LANGUAGES.names() if name.startswith(("_", "-"))]


def test_names_imports_no_plugin() -> None:
    code = (
        "import sys; from crosstune.languages import LANGUAGES; LANGUAGES.names();"
        "print([m for m in sys.modules if m.startswith('crosstune.languages.') and '._' not in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownName, match="unknown language 'pythn'.*did you mean 'python'"):
        LANGUAGES.load("pythn")


def test_plugin_of_another_kind_is_refused() -> None:
    registry = Registry("crosstune.languages", "LANGUAGE", "language", str)
    with pytest.raises(TypeError, match="language 'python' is a Language, not a str"):
        registry.load("python")


@pytest.fixture
def colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry[str]]:
    """A registry with a module, a folder, and two entry points of an installed distribution."""
    _write(tmp_path, "colours/__init__.py", "")
    _write(tmp_path, "colours/dark_red.py", "COLOUR = '#800'")
    _write(tmp_path, "colours/green/__init__.py", "COLOUR = '#080'")
    _write(tmp_path, "more.py", "BLUE = '#00f'")
    _write(tmp_path, "more-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: more\nVersion: 1\n")
    _write(
        tmp_path,
        "more-1.dist-info/entry_points.txt",
        "[colours]\nblue = more:BLUE\ngrey = more:GREY\npink = less:PINK\n",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Registry("colours", "COLOUR", "colour", str)
    for name in ("colours", "colours.dark_red", "colours.green", "more"):
        sys.modules.pop(name, None)
    plugins._modules.cache_clear()
    plugins._entry_points.cache_clear()


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_registry_loads_modules_folders_and_entry_points(colours: Registry[str]) -> None:
    assert colours.names() == ("blue", "dark-red", "green", "grey", "pink")
    loaded = {name: colours.load(name) for name in ("blue", "dark-red", "green")}
    assert loaded == {"blue": "#00f", "dark-red": "#800", "green": "#080"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("grey", "the colour 'grey' of the package more cannot be imported from 'more:GREY': .*GREY"),
        ("pink", "the colour 'pink' of the package more cannot be imported from 'less:PINK': .*less"),
    ],
)
def test_broken_entry_point_names_its_distribution(colours: Registry[str], name: str, message: str) -> None:
    with pytest.raises(PrerequisiteError, match=message):
        colours.load(name)
