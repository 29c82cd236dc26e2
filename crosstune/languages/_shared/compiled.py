"""What compiled languages have in common: one or more commands that build a program, and one that runs it.

A program that judges tests reads the nonce from descriptor 3 before any code of the candidate runs, keeps
it masked, and writes ``passed`` and the nonce to descriptor 4 after the last assertion; a language without
file descriptors opens ``/dev/fd/3`` and ``/dev/fd/4``. It may write ``failed`` and a status instead."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace

from crosstune.errors import MissingTool
from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, with_stack
from crosstune.languages._tools import Tool
from crosstune.records import Command, Limits

Words = Sequence[str]


def executable(tool: Tool) -> str:
    """
    Raises:
        MissingTool: it is not installed.
    """
    found = shutil.which(tool.name)
    if not found:
        raise MissingTool(tool.name, tool.purpose, tool.install)
    return found


def version(tool: Tool, *words: str) -> str:
    """The first line that the tool prints with these words.

    Raises:
        MissingTool: it is not installed.
    """
    done = subprocess.run(
        (executable(tool), *(words or ("--version",))), capture_output=True, text=True, check=True
    )
    return next((line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()), "")


def plan(
    task: JudgeTask,
    *,
    files: Mapping[str, str],
    build: Sequence[Words],
    run: Words,
    outputs: tuple[str, ...],
    environment: Mapping[str, str] | None = None,
) -> BuildPlan:
    """``files`` are built by commands, one after another, each an absolute path with its arguments;
    ``outputs`` are what they write and ``run`` needs."""
    settings = {**ENVIRONMENT, **(environment or {})}
    argv = tuple(build[0]) if len(build) == 1 else ("/bin/sh", "-ec", "\n".join(map(shlex.join, build)))
    return BuildPlan(
        files=files,
        build=Command(limits=BUILD_LIMITS, argv=argv, environment=settings),
        run=Command(
            limits=_with_stack(task.limits), argv=tuple(run), payload=task.nonce, environment=settings
        ),
        outputs=outputs,
    )


def _with_stack(limits: Limits) -> Limits:
    """The stack is smaller than the memory, so that endless recursion is a crash."""
    stack = with_stack(limits).stack_bytes
    return replace(limits, stack_bytes=limits.stack_bytes or min(stack, limits.memory_bytes * 7 // 8))
