"""How programs are run in R."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared.scripts.interpreter import Interpreter
from crosstune.languages._tools import Tool

_FOLDER = Path(__file__).parent
_HOME = Path("/usr/lib/R")
_SETTINGS = Path("/etc/R")
_PROGRAM = _HOME / "bin/exec/R"
_RUNNER, _SERVER, _CHECK, _CHECKER = (
    _FOLDER / name for name in ("runner.R", "server.R", "check.R", "checker.R")
)
_PARTS = tuple(_FOLDER / name for name in ("common.R", "decode.R", "encode.R"))
TOOL = Tool(name="R", package="r-base-core", path=str(_PROGRAM), purpose="running R")


@dataclass(frozen=True, kw_only=True)
class _Program(Interpreter):
    """R itself, without the shell script that sets its environment: that could not be forked."""

    def executable(self) -> str:
        if not _PROGRAM.exists():
            raise MissingTool(TOOL.name, TOOL.purpose, TOOL.install)
        return str(_PROGRAM)

    def toolchain(self) -> str:
        done = subprocess.run((str(_HOME / "bin/R"), "--version"), capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[0]

    def mounts(self) -> tuple[Path, ...]:
        # Without the file Renviron in it, R begins its output with a complaint.
        return (*super().mounts(), *(each for each in (_SETTINGS,) if each.is_dir()))

    def plan_whole_program(self, task: JudgeTask) -> BuildPlan:
        plan = super().plan_whole_program(task)
        (name,) = plan.files
        check = self.command(task, task.sandbox_path(_CHECK), _ARGUMENTS, name)
        if not task.checker:
            return replace(plan, build=check)
        run = self.command(task, task.sandbox_path(_CHECKER), _ARGUMENTS, name)
        return replace(plan, build=check, run=run)


_ARGUMENTS = "--args"
R = _Program(
    tool=TOOL,
    runner=_RUNNER,
    server=_SERVER,
    opened={_RUNNER: _FOLDER / "judge.R", _SERVER: _FOLDER / "serve.R"},
    extension=".R",
    words=("--no-echo", "--no-restore", "--no-site-file", "--no-init-file", "--no-environ", "-f"),
    separator=(_ARGUMENTS,),
    data=(_CHECK, _CHECKER, *_PARTS),
    # What its shell script and /etc/R say: without an editor, the package utils cannot be loaded.
    environment={
        "EDITOR": "vi",
        "PAGER": "/usr/bin/pager",
        "R_LIBS_SITE": "/usr/local/lib/R/site-library:/usr/lib/R/site-library:/usr/lib/R/library",
        "R_HOME": str(_HOME),
        "R_SHARE_DIR": "/usr/share/R/share",
        "R_INCLUDE_DIR": "/usr/share/R/include",
        "R_DOC_DIR": "/usr/share/R/doc",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    },
)
