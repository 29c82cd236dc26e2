"""What this machine has: cores, memory and GPUs. Nothing heavy is imported and nothing is reserved."""

from __future__ import annotations

import functools
import os
import subprocess

GIB = 1 << 30
_PATIENCE_SECONDS = 5


def cores() -> int:
    """The CPU cores that this process may use."""
    return len(os.sched_getaffinity(0))


def memory_bytes() -> int:
    """The machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def gpu_memories_gib() -> tuple[float, ...]:
    """The memory of each GPU in GiB, the largest first; empty where ``nvidia-smi`` finds none."""
    return _gpu_memories_gib(os.environ.get("PATH", ""))


@functools.cache
def _gpu_memories_gib(_path: str) -> tuple[float, ...]:
    command = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    sizes = [int(line) * (1 << 20) / GIB for line in answer.stdout.split() if line.isdigit()]
    return tuple(sorted(sizes, reverse=True))
