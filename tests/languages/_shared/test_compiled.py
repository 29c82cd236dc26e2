"""Plans of compiled languages: one command, or several that end with the first that fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosstune.errors import MissingTool
from crosstune.languages import BuildPlan, JudgeTask, Tool
from crosstune.languages._shared import compiled
from crosstune.languages._shared.limits import MAX_STACK_BYTES, RUN_LIMITS
from crosstune.records import Program
from crosstune.sandbox import SandboxRunner

MISSING = Tool(name="crosstune-no-such-tool", package="none", purpose="nothing")


def task(**limits: int) -> JudgeTask:
    program = Program("one", "d", "", "")
    given = replace(RUN_LIMITS, **limits)
    return JudgeTask(program=program, limits=given, nonce="nonce", sandbox_path=str)


def plan(*build: compiled.Words, **limits: int) -> BuildPlan:
    return compiled.plan(task(**limits), files={}, build=build, run=("./program",), outputs=("program",))


def test_one_command_is_run_as_it_is() -> None:
    found = plan(("/bin/echo", "a b"))
    assert found.build
    assert found.build.argv == ("/bin/echo", "a b")
    assert (found.run.payload, found.outputs) == ("nonce", ("program",))


@pytest.mark.parametrize(("first", "output", "status"), [("true", "a b;$HOME\n", 0), ("false", "", 1)])
def test_further_commands_run_only_after_success(first: str, output: str, status: int) -> None:
    build = plan((f"/bin/{first}",), ("/bin/echo", "a b;$HOME")).build
    assert build
    with SandboxRunner("bubblewrap", ()) as runner:
        (outcome,) = runner.run([build], {})
    assert (outcome.stdout, outcome.exit_status) == (output, status)


@pytest.mark.parametrize(
    ("limits", "stack"),
    [
        ({}, MAX_STACK_BYTES),
        ({"memory_bytes": 64 << 20}, 56 << 20),
        ({"stack_bytes": 8 << 20}, 8 << 20),
    ],
)
def test_stack_is_smaller_than_the_memory(limits: dict[str, int], stack: int) -> None:
    assert plan(("/bin/true",), **limits).run.limits.stack_bytes == stack


def test_version_is_the_first_line_that_is_not_empty() -> None:
    assert compiled.version(Tool(name="printf", package="coreutils", purpose=""), "\n one \ntwo") == "one"


def test_missing_tool_is_named() -> None:
    with pytest.raises(MissingTool, match="crosstune-no-such-tool"):
        compiled.executable(MISSING)
