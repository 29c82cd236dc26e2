"""Find where control groups may be made, from texts of real systems."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.sandbox import _control_groups


def test_version_1_is_found() -> None:
    mounts = (
        "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
        "39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids\n"
    )
    own = "8:pids:/\n4:memory:/group/own\n0::/\n"
    found = {
        (tree.version, tuple(tree.controllers), str(tree.parent))
        for tree in _control_groups._candidates(mounts, own)
    }
    assert {
        (1, ("memory",), "/sys/fs/cgroup/memory/group/own"),
        (1, ("pids",), "/sys/fs/cgroup/pids"),
    } == found


def test_version_2_is_found_next_to_the_own_group(tmp_path: Path) -> None:
    own = tmp_path / "user.slice" / "session.scope"
    own.mkdir(parents=True)
    (own / "cgroup.subtree_control").write_text("\n", "ascii")
    (own.parent / "cgroup.subtree_control").write_text("cpu memory pids\n", "ascii")
    mounts = f"30 23 0:26 / {tmp_path} rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
    (tree,) = _control_groups._candidates(mounts, "0::/user.slice/session.scope\n")
    assert (2, {"memory", "pids"}, own.parent) == (tree.version, set(tree.controllers), tree.parent)


def test_a_hierarchy_without_controllers_is_not_used(tmp_path: Path) -> None:
    mounts = f"30 23 0:26 / {tmp_path} rw - cgroup2 cgroup2 rw\n"
    assert _control_groups._candidates(mounts, "0::/\n") == []


def test_version_2_limits_are_written_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        _control_groups, "trees", lambda: (_control_groups.Tree(2, frozenset({"memory", "pids"}), tmp_path),)
    )
    group = _control_groups.Group()
    (folder,) = list(tmp_path.iterdir())
    (folder / "memory.swap.max").write_text("max", "ascii")
    (folder / "memory.events").write_text("low 0\nmax 3\noom 1\noom_kill 2\n", "ascii")
    (folder / "pids.events").write_text("max 5\n", "ascii")
    group.limit(1000, 7)
    assert [(folder / name).read_text("ascii") for name in ("memory.max", "memory.swap.max", "pids.max")] == [
        "1000",
        "0",
        "7",
    ]
    assert group.denials() == (2, 5)
    assert [f"{folder}/cgroup.procs"] == group.entry_files()
    for file in folder.iterdir():
        file.unlink()
    group.close()
    assert list(tmp_path.iterdir()) == []


def test_groups_of_killed_processes_are_removed(tmp_path: Path) -> None:
    (tmp_path / "crosstune-999999999-0").mkdir()
    (tmp_path / "crosstune-1-0").mkdir()
    (tmp_path / "other").mkdir()
    _control_groups._sweep(tmp_path)
    assert {"crosstune-1-0", "other"} == {path.name for path in tmp_path.iterdir()}
