"""Detect the cores, memory and GPUs of this machine, without importing torch or reserving a GPU."""

from __future__ import annotations

import functools
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

GIB = 1 << 30
_TIMEOUT_SECONDS = 5


def cores() -> int:
    """The number of CPU cores that this process may use."""
    return len(os.sched_getaffinity(0))


def memory_bytes() -> int:
    """The memory in bytes that this process may use: the machine's, or a container's limit below it."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *_memory_limits(Path("/"))])


def cache_bytes() -> int:
    """The memory in bytes for the keys and values of a model that answers on the CPU."""
    return min(2 * GIB, memory_bytes() // 8)


def _memory_limits(root: Path) -> Iterator[int]:
    """The limits of the control groups that this process is in (of version 2, as containers use)."""
    group = root / "sys/fs/cgroup"
    try:
        own = (root / "proc/self/cgroup").read_text("ascii").partition("0::/")[2].split("\n", 1)[0]
    except OSError:
        own = ""
    for folder in {group, group / own}:
        try:
            yield int((folder / "memory.max").read_text("ascii"))
        except (OSError, ValueError):  # no such file, or "max"
            continue


def computes_in_bfloat16() -> bool:
    """Whether the CPU has instructions for products of bfloat16 (AMX, AVX-512, Arm); without them they are
    slower than float32."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:
        return False
    flags = next((line for line in text.splitlines() if line.startswith(("flags", "Features"))), "")
    return bool({"amx_bf16", "avx512_bf16", "bf16"} & set(flags.split()))


class Gpu(NamedTuple):
    """``name`` is a value for CUDA_VISIBLE_DEVICES: the UUID, or the index if nvidia-smi gives no UUID."""

    name: str
    memory_gib: float


def gpus() -> tuple[Gpu, ...]:
    """The GPUs that this process may use, in nvidia-smi's order; empty if nvidia-smi does not work.

    CUDA_VISIBLE_DEVICES, if set, selects them by index or by the beginning of their UUID.
    """
    return _visible(_gpus(os.environ.get("PATH", "")), os.environ.get("CUDA_VISIBLE_DEVICES"))


def gpu_memories_gib() -> tuple[float, ...]:
    """The memory of each GPU in GiB, the largest first."""
    return tuple(sorted((gpu.memory_gib for gpu in gpus()), reverse=True))


def _visible(known: tuple[Gpu, ...], selection: str | None) -> tuple[Gpu, ...]:
    if selection is None:
        return known
    names = [name.strip() for name in selection.split(",") if name.strip()]
    by_index = {str(index): gpu for index, gpu in enumerate(known)}
    selected = (by_index.get(name) or _with_prefix(known, name) for name in names)
    return tuple(gpu for gpu in selected if gpu)


def _with_prefix(known: tuple[Gpu, ...], prefix: str) -> Gpu | None:
    return next((gpu for gpu in known if gpu.name.startswith(prefix)), None)


@functools.cache
def _gpus(_path: str) -> tuple[Gpu, ...]:
    command = ["nvidia-smi", "--query-gpu=uuid,memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(_parsed(answer.stdout.splitlines()))


def _parsed(lines: list[str]) -> Iterator[Gpu]:
    for index, line in enumerate(lines):
        name, _, mib = line.rpartition(",")
        if mib.strip().isdigit():
            yield Gpu(name.strip() or str(index), int(mib) * (1 << 20) / GIB)
