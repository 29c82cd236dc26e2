"""The plain way to judge: build and run a program as its language's own tools do, in the sandbox.

crosstune's own, faster way must give the same verdicts, except for programs that cheat.
A language has a plain way if ``<language>/plain.py`` defines ``PLAIN``.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from crosstune.execution import Judge
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, RUN_LIMITS
from crosstune.records import Command, Program, Status
from crosstune.sandbox import SandboxRunner
from tests.languages.cases import FOLDER, judged
from tests.languages.skipping import skip_without_tools

PlainStatus = Literal["passed", "failed", "compile_error"]


@dataclass(frozen=True)
class PlainCommands:
    """``build`` compiles the program from ``files``, or only parses it; ``run`` runs it."""

    files: Mapping[str, str]
    build: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    run: tuple[str, ...] = ("/proc/self/cwd/program",)


@dataclass(frozen=True)
class PlainWay:
    """``mounts`` are what the commands read; ``slow`` if building takes more than ten seconds."""

    commands: Callable[[Program, SandboxRunner], PlainCommands]
    mounts: Callable[[], tuple[Path, ...]] = tuple
    slow: bool = False


def plain_way(language: str) -> PlainWay:
    module = importlib.import_module(f"tests.languages.{language.replace('-', '_')}.plain")
    plain = module.PLAIN
    assert isinstance(plain, PlainWay)
    return plain


def languages_with_plain_way() -> list[str]:
    return [name for name in judged() if (FOLDER / name.replace("-", "_") / "plain.py").is_file()]


def judge_plainly(program: Program) -> PlainStatus:
    way = plain_way(program.language)
    with SandboxRunner("bubblewrap", way.mounts()) as runner:
        plain = way.commands(program, runner)
        environment = {**ENVIRONMENT, **plain.environment}
        commands = [
            Command(argv=argv, limits=limits, environment=environment)
            for argv, limits in ((plain.build, BUILD_LIMITS), (plain.run, RUN_LIMITS))
        ]
        outcomes = runner.run(commands, plain.files)
    assert not any(outcome.error for outcome in outcomes)
    if len(outcomes) == 1:
        return "compile_error"
    return "failed" if outcomes[1].exit_status else "passed"


def plain_status(status: Status) -> PlainStatus:
    """The difference that the plain way can see."""
    if status is Status.PASSED:
        return "passed"
    return "compile_error" if status is Status.COMPILE_ERROR else "failed"


def assert_both_ways_say(expected: PlainStatus, judge: Judge, program: Program) -> None:
    skip_without_tools(program.language)
    verdict = next(judge.run([program]))
    assert (expected, expected) == (judge_plainly(program), plain_status(verdict.status)), verdict


def tool(name: str) -> str:
    return shutil.which(name) or name


def joined(program: Program) -> str:
    """The whole program as one text."""
    return f"{program.setup}\n\n{program.candidate}\n\n{program.tests}"
