from __future__ import annotations

import re
import shutil
import subprocess
from importlib import resources

import pytest

from crosstune.report._script import MODULES, asset, script


def test_every_module_follows_its_imports() -> None:
    files = {
        path.name.removesuffix(".js")
        for path in resources.files("crosstune.report").joinpath("page").iterdir()
        if path.name.endswith(".js")
    }
    assert files == set(MODULES)
    for at, name in enumerate(MODULES):
        imported = re.findall(r'from "\./(\w+)\.js"', asset(f"{name}.js"))
        assert set(imported) <= set(MODULES[:at]), name


def test_every_import_is_exported() -> None:
    for name in MODULES:
        for names, module in re.findall(
            r'^import \{(.*)\} from "\./(\w+)\.js";$', asset(f"{name}.js"), re.MULTILINE
        ):
            for one in names.split(","):
                assert re.search(rf"^export .*\b{one.strip()}\b", asset(f"{module}.js"), re.MULTILINE), one


def test_no_module_syntax_is_left() -> None:
    assert not re.search(r"^\s*(import|export)\b", script(), re.MULTILINE)


@pytest.mark.parametrize(
    "source", [script(), *(asset(f"{name}.js") for name in MODULES)], ids=["all", *MODULES]
)
def test_the_script_is_valid_javascript(source: str) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed")
    command = [node, "--input-type=module", "--check"]
    result = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_the_script_never_makes_markup() -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", script()
    )
