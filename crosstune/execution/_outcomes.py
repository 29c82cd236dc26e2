"""What came of a program's last step, run in a cell or told by a compile server."""

from __future__ import annotations

from crosstune import sandbox
from crosstune.execution._builders import Made
from crosstune.languages import Assembly, Step

_TAIL_BYTES = 4096


def ran(cell: sandbox.Cell, assembly: Assembly, made: Made | None) -> tuple[Step, sandbox.Outcome]:
    """The last step that ran and its outcome; without building what is ``made`` already."""
    steps = [step for step in assembly.steps if made is None or step.name != "build"]
    outcomes = cell.run([_stage(step) for step in steps], made.built.files if made else assembly.files)
    return steps[len(outcomes) - 1], outcomes[-1]


def refused(assembly: Assembly, made: Made) -> tuple[Step, sandbox.Outcome]:
    """The step that would have built the program, as if it had failed with what the compile server said."""
    return assembly.steps[0], sandbox.Outcome(
        exit_status=1,
        signal=0,
        cpu_seconds=made.answer.cpu_seconds,
        wall_seconds=made.answer.wall_seconds,
        peak_bytes=made.answer.resident_bytes,
        stdout=_tail(made.built.stdout),
        stderr=_tail(made.built.stderr),
        report="",
        fault="",
        limit=sandbox.Limit.NONE,
    )


def _tail(text: str) -> str:
    return text.encode("utf-8", "replace")[-_TAIL_BYTES:].decode("utf-8", "replace")


def _stage(step: Step) -> sandbox.Stage:
    return sandbox.Stage(
        argv=step.argv,
        limits=step.limits,
        brief=step.brief,
        environment=step.environment,
        reserve_bytes=step.reserve_bytes,
    )
