"""Run a job in the processes that `crosstune.tuning._launch` starts: ``python -m`` this module with its file.

The first process is torch's launcher, which runs this module again, once per device.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from crosstune.errors import CrosstuneError
from crosstune.stopping import end_with_parent
from crosstune.tuning._job import Job
from crosstune.tuning._launch import ERROR_FILE, PROGRESS_PREFIX


def main(path: Path) -> int:
    """Run the job in the file ``path``; return the exit status."""
    end_with_parent()
    job = Job.read(path)
    if "RANK" not in os.environ:
        return _start(path, job.recipe.devices)
    from crosstune.tuning import _train

    try:
        _train.run(job, _print_progress if os.environ["RANK"] == "0" else _ignore_progress)
    except CrosstuneError as error:
        report = {"kind": type(error).__name__, "message": str(error)}
        (job.work / ERROR_FILE).write_text(json.dumps(report), "utf-8")
        return 1
    _leave_group()
    return 0


def _leave_group() -> None:
    """End the connections to the other processes together: a process that is still connected when another
    ends may be aborted."""
    from torch import distributed

    if distributed.is_available() and distributed.is_initialized():
        distributed.barrier()
        distributed.destroy_process_group()


def _start(path: Path, devices: int) -> int:
    from torch.distributed import run
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    try:
        run.main(["--standalone", f"--nproc-per-node={devices}", "-m", "crosstune.tuning._worker", str(path)])
    except ChildFailedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _print_progress(done: int, total: int) -> None:
    sys.stdout.write(f"{PROGRESS_PREFIX}{done} {total}\n")
    sys.stdout.flush()


def _ignore_progress(_done: int, _total: int) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
