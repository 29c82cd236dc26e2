"""Run a training in several processes, one per device, through torch's launcher."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from crosstune import errors
from crosstune.records import Progress
from crosstune.tuning._job import Job

PROGRESS_PREFIX = "crosstune progress "
"""Begins each line in which the first process reports its progress."""
ERROR_FILE = "error.json"
TAIL = 20  # lines of output in an error message


def launch(job: Job, progress: Progress) -> None:
    """Run ``job`` and wait for it. Its processes end when this process ends, even if it is killed.

    Raises:
        CrosstuneError: the error that one of the processes raised.
        PrerequisiteError: the processes failed without reporting an error; the message has their last lines.
    """
    job.work.mkdir(parents=True, exist_ok=True)
    job_file = job.work / "job.json"
    job.write(job_file)
    (job.work / ERROR_FILE).unlink(missing_ok=True)
    with subprocess.Popen(
        _command(job_file),
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
        raise _error(job.work / ERROR_FILE, running.returncode, lines)


def _command(job_file: Path) -> list[str]:
    return [sys.executable, "-m", "crosstune.tuning._worker", str(job_file.resolve())]


def _environment(job: Job) -> Mapping[str, str]:
    variables = {
        "OMP_NUM_THREADS": str(job.recipe.threads),
        # The processes run in another folder and must import this package from the same path.
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_home()), os.environ.get("PYTHONPATH")))),
    }
    if job.recipe.device == "cpu":
        variables["ACCELERATE_USE_CPU"] = "true"
    return variables


def _home() -> Path:
    return Path(__file__).resolve().parent.parent.parent


def _follow(running: subprocess.Popen[str], progress: Progress) -> deque[str]:
    """Report progress; return the last lines that are not progress reports."""
    tail: deque[str] = deque(maxlen=TAIL)
    assert running.stdout is not None
    try:
        for line in running.stdout:
            if line.startswith(PROGRESS_PREFIX):
                done, total = line.removeprefix(PROGRESS_PREFIX).split()
                progress(int(done), int(total))
            else:
                tail.append(line)
    except BaseException:
        running.terminate()  # the launcher ends its processes
        raise
    return tail


def _error(path: Path, status: int, lines: deque[str]) -> errors.CrosstuneError:
    if path.is_file():
        report = json.loads(path.read_text("utf-8"))
        kind = getattr(errors, report["kind"], errors.PrerequisiteError)
        error: errors.CrosstuneError = kind.__new__(kind)
        error.args = (report["message"],)
        return error
    return errors.PrerequisiteError(
        f"the training's processes ended with status {status}; their last lines:\n{''.join(lines)}"
    )
