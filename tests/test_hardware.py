"""Cores and memory of this machine, and the GPUs that nvidia-smi lists."""

from pathlib import Path

import pytest

from crosstune import hardware


def test_cores_and_memory_are_positive() -> None:
    assert hardware.cores() >= 1
    assert hardware.memory_bytes() > hardware.GIB // 4


def test_gpus_are_sorted_by_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hardware.gpu_memories_gib() == ()
    tool = tmp_path / "bin" / "nvidia-smi"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nprintf '8192\\n[N/A]\\n16384\\n'\n", "utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent))
    assert hardware.gpu_memories_gib() == (16.0, 8.0)


def test_visible_gpus_are_those_selected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\nprintf 'GPU-a1, 8192\\nGPU-b2, 16384\\n'\n", "utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    small, large = hardware.Gpu("GPU-a1", 8.0), hardware.Gpu("GPU-b2", 16.0)
    assert hardware.gpus() == (small, large)
    for selection, expected in (("1", (large,)), ("GPU-a", (small,)), ("", ()), ("1,0", (large, small))):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", selection)
        assert hardware.gpus() == expected


def test_limit_of_a_container_bounds_the_memory(tmp_path: Path) -> None:
    group = tmp_path / "sys/fs/cgroup/box"
    group.mkdir(parents=True)
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text("1:name=systemd:/x\n0::/box\n")
    (group / "memory.max").write_text("4096\n")
    (group.parent / "memory.max").write_text("max\n")
    assert list(hardware._memory_limits(tmp_path)) == [4096]
    assert list(hardware._memory_limits(tmp_path / "nothing")) == []
