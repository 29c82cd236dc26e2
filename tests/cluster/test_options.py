"""What --on accepts, with and without Ray."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from crosstune.cluster import check_address
from crosstune.errors import MissingExtra, UsageError
from tests.cli.in_process import run


@pytest.mark.parametrize("on", ["slurm", "ray:", "ray://", "ray://host", "ray://host:x"])
def test_unknown_engines_are_refused(on: str) -> None:
    with pytest.raises(UsageError, match="expected ray .* or ray://HOST:PORT"):
        check_address(on)


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"pip install 'crosstune\[ray\]'"):
        check_address("ray")


def test_options_of_one_machine_are_refused(tmp_path: Path) -> None:
    programs = tmp_path / "p.jsonl"
    programs.write_text("")
    judged = run("judge", programs, "-o", tmp_path / "v", "--on", "ray", "--workers", "2")
    assert (judged.status, "leave out --workers" in judged.output) == (2, True)
    mined = run("mine", tmp_path, "-o", tmp_path / "c", "--on", "ray", "--shard", "0/2")
    assert (mined.status, "leave out --shard" in mined.output) == (2, True)
