"""A killed pool leaves no process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench import durability

POOL = """
import os, time
from crosstune.mining._processes import task_pool
if __name__ == "__main__":
    with task_pool(2) as pool:
        print(pool._executor.submit(os.getpid).result(), flush=True)
        time.sleep(1000)
"""


def test_workers_end_with_a_killed_owner(tmp_path: Path) -> None:
    """Their own parent, the fork server, lives as long as they do."""
    script = tmp_path / "pool.py"
    script.write_text(POOL, "utf-8")
    with durability.adopting() as orphans:
        owner = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert owner.stdout
        with owner.stdout:
            assert owner.stdout.readline().strip().isdigit()
        owner.kill()
        owner.wait()
        assert durability.left_over(orphans) == set()
