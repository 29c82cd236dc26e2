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


COMMANDS = [
    "study",
    "mine",
    "evolve",
    "corpus",
    "tune",
    "generate",
    "eval",
    "extract",
    "judge",
    "merge",
    "serve",
    "benchmarks",
    "gate",
    "doctor",
    "languages",
    "view",
    "compare",
    "reconcile",
    "published",
]


def _listed(*group: str) -> dict[str, str]:
    """The commands of a help page with their summaries."""
    done = _crosstune(*group, "--help")
    assert done.returncode == 0
    _, _, commands = done.stdout.partition("Commands:\n")
    return dict(re.findall(r"^  (\S+) {2,}(\S.*)$", commands.partition("\n\n")[0], re.MULTILINE))


def test_help_lists_every_command_in_order_and_uncut() -> None:
    summaries = _listed()
    assert list(summaries) == COMMANDS == [*_registered(app)]
    assert [text for text in summaries.values() if not text.endswith(".") or "..." in text] == []


def test_help_of_study_lists_its_commands() -> None:
    summaries = _listed("study")
    assert list(summaries) == ["plan", "run", "status", "report"]
    assert [text for text in summaries.values() if "..." in text] == []


def _registered(group: typer.Typer) -> list[str]:
    names = {each.name for each in group.registered_commands} | {
        each.name for each in group.registered_groups
    }
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
def test_help_of_a_command_shows_usage_and_options(command: list[str], options: list[str]) -> None:
    done = _crosstune(*command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: crosstune {' '.join(command)} ")
    assert [option for option in options if option not in done.stdout] == []


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["published", "codem", "--json", "/proc/none/x.json"], 2, "/proc/none: No such file or directory"),
        (["published", "octopack", "--json", "{file}/x.json"], 2, "{file}: File exists"),
        (["published", "octopack", "--json", "{folder}"], 2, "{folder}: Is a directory"),
        (["published", "octopack", "--json", "/dev/full"], 4, "No space left on device; free some space"),
        (
            ["corpus", "convert", "{corpus}", "-o", "/proc/none/x.jsonl"],
            2,
            "/proc/none: No such file or directory",
        ),
        (["corpus", "filter", "{corpus}", "-o", "/proc/none/x"], 2, "/proc/none: No such file or directory"),
    ],
)
def test_file_that_cannot_be_written_gives_one_line(
    words: list[str], status: int, message: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"prompt": "Add.", "completion": "a + b", "language": "python"}\n')
    names = {"file": tmp_path / "file", "folder": tmp_path, "corpus": rows}
    done = _crosstune(*(word.format(**names) for word in words))
    assert done.returncode == status
    assert message.format(**names) in done.stderr
    assert done.stderr.startswith("crosstune: ")
    assert done.stderr.count("\n") == 1


def test_closed_pipe_is_not_an_error() -> None:
    command = f"set -o pipefail; {shlex.quote(str(CROSSTUNE))} published codem | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_help_loads_only_the_command_line() -> None:
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "sys.argv = ['crosstune', '--help']\n"
        "from crosstune.cli import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = done.stderr.split()
    ours = {name for name in modules if name.startswith("crosstune.")}
    assert {name for name in ours if not name.startswith("crosstune.cli")} == {
        "crosstune.errors",
        "crosstune.stopping",
    }
    heavy = {"numpy", "pyarrow", "pydantic", "yaml", "rich", "torch", "importlib.metadata"}
    assert heavy & set(modules) == set()


def test_unknown_command_is_a_usage_error() -> None:
    assert _crosstune("stduy").returncode == 2


def test_invalid_study_gives_one_line_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("name: x\nmodls: {}\n")
    done = _crosstune("study", "plan", "study.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("crosstune: study.yaml:2: modls: unknown key;")
    assert "did you mean 'models'" in done.stderr
    assert "Traceback" not in done.stderr


def test_version_is_printed() -> None:
    import crosstune

    assert _crosstune("--version").stdout.strip() == f"crosstune {crosstune.__version__}"
