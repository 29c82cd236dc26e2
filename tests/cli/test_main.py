from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from crosstune.cli._main import app

CROSSTUNE = Path(sys.executable).with_name("crosstune")


def _crosstune(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CROSSTUNE, *arguments], capture_output=True, text=True, cwd=cwd, check=False, timeout=300
    )


COMMANDS = ["study", "mine", "corpus", "judge", "gate", "doctor", "view", "compare", "published"]


def _listed(*group: str) -> dict[str, str]:
    """The commands that a help page lists, with what it says of each."""
    found = _crosstune(*group, "--help")
    assert found.returncode == 0
    _, _, below = found.stdout.partition("Commands:\n")
    return dict(re.findall(r"^  (\S+) {2,}(\S.*)$", below.partition("\n\n")[0], re.MULTILINE))


def test_help_lists_every_command_in_order_and_whole() -> None:
    found = _listed()
    assert list(found) == COMMANDS == [*_registered(app)]
    assert [said for said in found.values() if not said.endswith((".", "?")) or "..." in said] == []


def test_help_of_study_lists_its_commands() -> None:
    found = _listed("study")
    assert list(found) == ["plan", "run", "status", "report"]
    assert [said for said in found.values() if "..." in said] == []


def _registered(of: typer.Typer) -> list[str]:
    names = {each.name for each in of.registered_commands} | {each.name for each in of.registered_groups}
    return sorted((name for name in names if name), key=COMMANDS.index)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        (["study", "run"], ["--runs", "--workers", "--allow-partial"]),
        (["mine"], ["--out", "--profile"]),
        (["gate"], ["--data", "--languages"]),
        (["compare"], ["--score", "--allow-partial"]),
    ],
)
def test_help_of_a_command_says_how_it_is_called(command: list[str], options: list[str]) -> None:
    found = _crosstune(*command, "--help")
    assert found.returncode == 0
    assert found.stdout.startswith(f"Usage: crosstune {' '.join(command)} ")
    assert [option for option in options if option not in found.stdout] == []


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["published", "codem", "--json", "/proc/none/x.json"], 2, "/proc/none: No such file or directory"),
        (["published", "octopack", "--json", "{file}/x.json"], 2, "{file}: File exists"),
        (["published", "octopack", "--json", "{folder}"], 2, "{folder}: Is a directory"),
        (["published", "octopack", "--json", "/dev/full"], 4, "No space left on device; free some room"),
        (
            ["corpus", "convert", "{corpus}", "-o", "/proc/none/x.jsonl"],
            2,
            "/proc/none: No such file or directory",
        ),
        (["corpus", "filter", "{corpus}", "-o", "/proc/none/x"], 2, "/proc/none: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_written_is_one_line(
    words: list[str], status: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"prompt": "Add.", "completion": "a + b", "language": "python"}\n')
    names = {"file": tmp_path / "file", "folder": tmp_path, "corpus": rows}
    found = _crosstune(*(word.format(**names) for word in words))
    assert found.returncode == status
    assert said.format(**names) in found.stderr
    assert found.stderr.startswith("crosstune: ")
    assert found.stderr.count("\n") == 1


def test_a_reader_that_has_gone_is_no_fault() -> None:
    command = f"set -o pipefail; {shlex.quote(str(CROSSTUNE))} published codem | true"
    found = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert found.stderr == ""


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, crosstune.cli._main\n"
        "heavy = {'torch', 'transformers', 'numpy', 'pyarrow', 'datasets', 'openai', 'altair', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_an_unknown_command_is_a_usage_error() -> None:
    assert _crosstune("stduy").returncode == 2


def test_a_wrong_study_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("name: x\nmodls: {}\n")
    found = _crosstune("study", "plan", "study.yaml", cwd=tmp_path)
    assert found.returncode == 2
    assert found.stderr.startswith("crosstune: study.yaml:2: modls: unknown key;")
    assert "did you mean 'models'" in found.stderr
    assert "Traceback" not in found.stderr


def test_the_version_is_printed() -> None:
    import crosstune

    assert _crosstune("--version").stdout.strip() == f"crosstune {crosstune.__version__}"
