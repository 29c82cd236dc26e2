"""The processes that `crosstune.tuning._launch` starts; run as a module with a job's file.

The first one is torch's launcher, which starts this module again, once for each device.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from crosstune.errors import CrosstuneError
from crosstune.tuning._job import Job
from crosstune.tuning._launch import FAULT, TOLD, end_with_parent


def main(path: Path) -> int:
    """Returns the exit status."""
    end_with_parent()
    job = Job.read(path)
    if "RANK" not in os.environ:
        return _start(path, job.recipe.devices)
    from crosstune.tuning import _train

    try:
        _train.run(job, _tell if os.environ["RANK"] == "0" else _keep_silent)
    except CrosstuneError as error:
        told = {"kind": type(error).__name__, "message": str(error)}
        (job.work / FAULT).write_text(json.dumps(told), "utf-8")
        return 1
    return 0


def _start(path: Path, devices: int) -> int:
    from torch.distributed import run
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    try:
        run.main(["--standalone", f"--nproc-per-node={devices}", "-m", "crosstune.tuning._worker", str(path)])
    except ChildFailedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _tell(done: int, total: int) -> None:
    sys.stdout.write(f"{TOLD}{done} {total}\n")
    sys.stdout.flush()


def _keep_silent(_done: int, _total: int) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
