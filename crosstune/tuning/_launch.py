"""A training in several processes, one for each device, through torch's own launcher."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from crosstune import errors
from crosstune.records import Progress
from crosstune.tuning._job import Job

TOLD = "crosstune progress "
"""Begins a line in which the first process says how far it is."""
FAULT = "fault.json"
TAIL = 20  # lines of the processes' output that an error shows
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def launch(job: Job, progress: Progress) -> None:
    """Run ``job`` and wait for it. Its processes end when this one does, however it ends.

    Raises:
        CrosstuneError: what one of the processes raised.
        PrerequisiteError: they ended without a word of ours; the message holds their last lines.
    """
    job.work.mkdir(parents=True, exist_ok=True)
    told = job.work / "job.json"
    job.write(told)
    (job.work / FAULT).unlink(missing_ok=True)
    with subprocess.Popen(
        _command(told),
        env={**os.environ, **_environment(job)},
        cwd=job.work,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as running:
        lines = _follow(running, progress)
    if running.returncode:
        raise _fault(job.work / FAULT, running.returncode, lines)


def _command(told: Path) -> list[str]:
    return [sys.executable, "-m", "crosstune.tuning._worker", str(told.resolve())]


def _environment(job: Job) -> Mapping[str, str]:
    found = {
        "OMP_NUM_THREADS": str(job.recipe.threads),
        # The processes stand in another folder, and find this package where this one did.
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_home()), os.environ.get("PYTHONPATH")))),
    }
    if job.recipe.device == "cpu":
        found["ACCELERATE_USE_CPU"] = "true"
    return found


def _home() -> Path:
    return Path(__file__).resolve().parent.parent.parent


def _follow(running: subprocess.Popen[str], progress: Progress) -> deque[str]:
    """Pass progress on; the last lines of all else."""
    tail: deque[str] = deque(maxlen=TAIL)
    assert running.stdout is not None
    try:
        for line in running.stdout:
            if line.startswith(TOLD):
                done, total = line.removeprefix(TOLD).split()
                progress(int(done), int(total))
            else:
                tail.append(line)
    except BaseException:
        running.terminate()  # the launcher ends its processes
        raise
    return tail


def _fault(path: Path, status: int, lines: deque[str]) -> errors.CrosstuneError:
    if path.is_file():
        told = json.loads(path.read_text("utf-8"))
        kind = getattr(errors, told["kind"], errors.PrerequisiteError)
        fault: errors.CrosstuneError = kind.__new__(kind)
        fault.args = (told["message"],)
        return fault
    return errors.PrerequisiteError(
        f"the training's processes ended with status {status}; their last lines:\n{''.join(lines)}"
    )


def end_with_parent() -> None:
    """Have the kernel end this process when the one that started it is gone (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
