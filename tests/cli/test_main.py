from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CROSSTUNE = Path(sys.executable).with_name("crosstune")


def _crosstune(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CROSSTUNE, *arguments], capture_output=True, text=True, cwd=cwd, check=False, timeout=300
    )


@pytest.mark.parametrize("command", [[], ["study"], ["study", "run"], ["study", "plan"], ["mine"], ["gate"]])
def test_help_says_what_it_does(command: list[str]) -> None:
    found = _crosstune(*command, "--help")
    assert found.returncode == 0
    assert "Usage: crosstune" in found.stdout


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
