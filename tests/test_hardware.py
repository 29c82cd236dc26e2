"""The machine as it is, and GPUs as nvidia-smi lists them."""

from pathlib import Path

import pytest

from crosstune import hardware


def test_cores_and_memory() -> None:
    assert hardware.cores() >= 1
    assert hardware.memory_bytes() > hardware.GIB // 4


def test_gpus_are_listed_the_largest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hardware.gpu_memories_gib() == ()
    tool = tmp_path / "bin" / "nvidia-smi"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nprintf '8192\\n[N/A]\\n16384\\n'\n", "utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent))
    assert hardware.gpu_memories_gib() == (16.0, 8.0)
