"""The outcome of a program's last command, run in a sandbox or answered by a compile server."""

from __future__ import annotations

from dataclasses import replace

from crosstune import sandbox
from crosstune.execution._compile_servers import Compiled
from crosstune.languages import BuildPlan
from crosstune.records import Command

_TAIL_BYTES = 4096


def run(
    runner: sandbox.SandboxRunner, plan: BuildPlan, compiled: Compiled | None
) -> tuple[Command, sandbox.Outcome]:
    """Run ``plan``, without its build if it is ``compiled`` already. Returns the last command that ran."""
    commands = (plan.run,) if compiled else plan.commands
    outcomes = runner.run(commands, compiled.result.files if compiled else plan.files)
    return commands[len(outcomes) - 1], outcomes[-1]


def with_margin(command: Command, margin: float) -> Command:
    """The command, which may exceed its CPU time by the factor ``margin``."""
    limits = replace(command.limits, cpu_seconds=margin * command.limits.cpu_seconds)
    return replace(command, limits=limits)


def refused(compiled: Compiled) -> sandbox.Outcome:
    """The outcome of the build when the compile server refused the program."""
    result, reply = compiled.result, compiled.reply
    return sandbox.Outcome(
        exit_status=1,
        signal=0,
        cpu_seconds=reply.cpu_seconds,
        wall_seconds=reply.wall_seconds,
        peak_bytes=reply.resident_bytes,
        stdout=_tail(result.stdout),
        stderr=_tail(result.stderr),
        report="",
        error="",
        limit=sandbox.Limit.NONE,
    )


def _tail(text: str) -> str:
    return text.encode("utf-8", "replace")[-_TAIL_BYTES:].decode("utf-8", "replace")
