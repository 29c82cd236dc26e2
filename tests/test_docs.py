"""Commands, targets, links and examples of README and docs work."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.shared import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CROSSTUNE = str(Path(sys.executable).with_name("crosstune"))


def _blocks(language: str) -> list[tuple[Path, str]]:
    return [
        (page, text) for page in PAGES for kind, text in BLOCK.findall(page.read_text()) if kind == language
    ]


def _commands() -> list[str]:
    lines = [line.partition("  #")[0].strip() for _, text in _blocks("sh") for line in text.splitlines()]
    return sorted({line for line in lines if line and not line.startswith("#")})


def test_pages_contain_commands() -> None:
    assert len(_commands()) >= 12


@pytest.mark.parametrize("command", [line for line in _commands() if line.startswith("crosstune ")])
def test_command_exists_with_its_options(command: str) -> None:
    """`study plan` and `study status` run; the options of other commands are checked against their help."""
    words = shlex.split(command)[1:]
    if words[:2] in (["study", "plan"], ["study", "status"]):
        done = subprocess.run([CROSSTUNE, *words], capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stderr
        return
    name = words[:2] if words[0] in {"study", "corpus", "benchmarks"} else words[:1]
    done = subprocess.run([CROSSTUNE, *name, "--help"], capture_output=True, text=True, check=True)
    for word in words[len(name) :]:
        if word.startswith("-"):
            assert word in done.stdout
        elif word.endswith(".yaml"):
            assert (ROOT / word).exists()


@pytest.mark.parametrize("command", [line for line in _commands() if line.startswith("make")])
def test_make_target_exists(command: str) -> None:
    done = subprocess.run(
        [*shlex.split(command), "--dry-run"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_point_to_existing_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_readme_links_every_page() -> None:
    linked = set(re.findall(r"\]\(docs/([^)#]+)", (ROOT / "README.md").read_text()))
    assert linked == {page.name for page in (ROOT / "docs").glob("*.md")}


def test_yaml_blocks_are_valid() -> None:
    for _, text in _blocks("yaml"):
        assert yaml.safe_load(text)


def test_judging_example_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    examples = [text for page, text in _blocks("python") if page.name == "judging.md"]
    names: dict[str, object] = {}  # later examples use what earlier ones define
    for example in examples:
        exec(compile(example, "judging.md", "exec"), names)
        assert f"# {capsys.readouterr().out.strip()}" in example
    assert len(examples) == 3
