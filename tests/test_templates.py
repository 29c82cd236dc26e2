"""The templates for Slurm and Kubernetes that docs/cluster.md names: valid, and their commands work."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from typer.main import get_command

from crosstune.cli._main import app
from crosstune.sharding import parse_shard
from tests.shared import ROOT

TEMPLATES = ROOT / "docs" / "templates"
ARRAY = TEMPLATES / "slurm-array.sh"


def job() -> dict[str, Any]:
    return dict(yaml.safe_load((TEMPLATES / "kubernetes-job.yaml").read_text("utf-8")))


def shell(text: str) -> str:
    """What bash says about a script; empty if it is valid."""
    return subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False).stderr


def test_every_template_is_described() -> None:
    page = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    names = sorted(path.name for path in TEMPLATES.iterdir())
    assert len(names) >= 2
    assert [name for name in names if f"(templates/{name})" not in page] == []


def test_scripts_are_valid() -> None:
    scripts = sorted(TEMPLATES.glob("*.sh"))
    assert scripts
    assert [shell(path.read_text("utf-8")) for path in scripts] == [""] * len(scripts)
    assert "syntax error" in shell("if true; then")


def options_of(words: list[str]) -> list[str]:
    """The options of a command line that its command does not have."""
    command = get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    known = {name for parameter in command.params for name in parameter.opts}
    return [word for word in words[1:] if word.startswith("-") and word not in known]


def test_job_divides_into_as_many_shards_as_it_has_pods() -> None:
    spec = job()["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    args = container["args"]
    assert spec["completionMode"] == "Indexed"
    assert options_of(args) == []
    division = args[args.index("--shard") + 1]
    shards = {parse_shard(division, {"JOB_COMPLETION_INDEX": str(pod)}) for pod in range(spec["completions"])}
    assert {(shard.index, shard.count) for shard in shards} == {(pod, 8) for pod in range(8)}
    rule = spec["podFailurePolicy"]["rules"][0]
    assert rule["onExitCodes"]["containerName"] == container["name"]


def test_array_runs_the_command_of_each_task(tmp_path: Path) -> None:
    """The whole array, with a command in place of crosstune that records how it was called."""
    script = ARRAY.read_text("utf-8")
    first, last = map(int, re.findall(r"^#SBATCH --array=(\d+)-(\d+)$", script, re.MULTILINE)[0])
    record = tmp_path / "crosstune"
    record.write_text(f"#!{sys.executable}\nimport json, os, sys\nprint(json.dumps(sys.argv[1:]))\n")
    record.chmod(0o755)
    shards = []
    for task in range(first, last + 1):
        own = {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": "1", "SLURM_CPUS_PER_TASK": "3"}
        environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", **own}
        done = subprocess.run(["bash", ARRAY], env=environment, capture_output=True, text=True, check=True)
        words = json.loads(done.stdout)
        assert options_of(words) == []
        assert words[words.index("--workers") + 1] == "3"
        shards.append(parse_shard(words[words.index("--shard") + 1], own))
    assert [(shard.index, shard.count) for shard in shards] == [(task, 8) for task in range(8)]
