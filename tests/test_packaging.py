"""The wheel and the sdist contain the package, and an installed wheel judges every language."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from crosstune.records import Program, to_json
from tests.languages.cases import cases as cases_of
from tests.languages.cases import judged
from tests.languages.skipping import skip_without_tools
from tests.shared import ROOT

PROJECT_FILES = ("pyproject.toml", "README.md", "LICENSE")


def _tracked(*paths: str) -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *paths]
    listed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    return sorted(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


def _build(kind: str, source: Path, out: Path) -> Path:
    code = f"import setuptools.build_meta as m, sys; print(m.build_{kind}(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, out],
        capture_output=True,
        text=True,
        cwd=source,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out / done.stdout.splitlines()[-1]


def _contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with some bytecode, as in a used checkout; building changes only the copy."""
    folder = tmp_path_factory.mktemp("source")
    for name in _tracked("crosstune", *PROJECT_FILES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    assert compileall.compile_dir(folder / "crosstune" / "cli", quiet=1)
    return folder


@pytest.fixture(scope="module")
def sdist(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("sdist", source, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the sdist, as package indexes and `pip wheel` do."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (unpacked,) = folder.iterdir()
    return _build("wheel", unpacked, tmp_path_factory.mktemp("wheel"))


def test_wheel_contains_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    names = sorted(name for name in _contents(wheel) if ".dist-info/" not in name)
    assert len(names) > 200
    assert _tracked("crosstune") == names


def test_wheel_of_the_checkout_equals_that_of_the_sdist(wheel: Path, source: Path, tmp_path: Path) -> None:
    assert _contents(_build("wheel", source, tmp_path)) == _contents(wheel)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of an environment that has crosstune only from the wheel.

    The dependencies come from the running environment through a ``.pth`` file, which does not read that
    environment's own ``.pth`` files: an editable crosstune there is not visible.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    command: list[str | Path] = [sys.executable, "-m", "pip", "--quiet", "--python", python, "install"]
    subprocess.run([*command, "--no-deps", "--no-index", "--no-compile", wheel], check=True)
    site = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    ).strip()
    dependencies = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(site, "dependencies.pth").write_text("\n".join(dependencies), "utf-8")
    tools = Path(sys.prefix, "share", "crosstune")
    if tools.is_dir():
        (folder / "share").mkdir(exist_ok=True)
        (folder / "share" / "crosstune").symlink_to(tools)
    return folder / "bin"


def _run(*command: str | Path, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, cwd=cwd, env=environment, check=False
    )


def test_installed_package_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import crosstune; print(crosstune.__file__)"
    done = _run(installed / "python", "-c", code, cwd=tmp_path)
    assert Path(done.stdout.strip()).is_relative_to(installed.parent), done.stderr
    assert _run(installed / "crosstune", "--version", cwd=tmp_path).stdout.startswith("crosstune ")


JUDGE = """\
import sys
from crosstune import Judge, Program, from_json

programs = [from_json(Program, line) for line in sys.stdin]
with Judge(workers=2) as judge:
    print([str(verdict.status) for verdict in judge.run(programs)])
"""


@pytest.mark.parametrize("language", judged())
def test_installed_package_judges_a_language(language: str, installed: Path, tmp_path: Path) -> None:
    skip_without_tools(language)
    cases = [cases_of(language).by_name[name] for name in ("right_answer", "wrong_answer")]
    programs = [Program(case.name, language, case.candidate, case.tests) for case in cases]
    lines = "".join(to_json(each) + "\n" for each in programs)
    done = _run(installed / "python", "-c", JUDGE, cwd=tmp_path, stdin=lines)
    assert done.stdout == "['passed', 'wrong_answer']\n", done.stderr
