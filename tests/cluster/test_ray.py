"""Judging and mining on a cluster of several nodes on this machine, one of which is killed while it works.

`make check-cluster` installs Ray and runs these.
"""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from crosstune.cluster import ClusterJudge, connected
from crosstune.errors import PrerequisiteError, ServiceError
from crosstune.execution import judge_file
from crosstune.records import Program
from tests.cli.in_process import run
from tests.cli.test_merge import files, repositories
from tests.cluster.marks import DEADLINE_SECONDS, RAY_MARKS, another_node

pytest.importorskip("ray", reason="Ray is not installed; make check-cluster installs it")

__all__ = ["repositories"]
pytestmark = RAY_MARKS
SLEEPS = "import time\ntime.sleep(1.5)\ndef one():\n    return {}\n"


def programs(count: int) -> list[Program]:
    """Every third one is wrong; no two are equal."""
    return [
        Program(f"p{n}", "python", f"# {n}\n{SLEEPS.format(2 if n % 3 == 0 else 1)}", "assert one() == 1")
        for n in range(count)
    ]


def write(path: Path, rows: list[Program]) -> Path:
    fields = ("id", "language", "candidate", "tests")
    path.write_text("".join(json.dumps({name: getattr(row, name) for name in fields}) + "\n" for row in rows))
    return path


def test_a_node_is_killed_while_it_judges(cluster: Any, tmp_path: Path) -> None:
    source, target = write(tmp_path / "programs.jsonl", programs(16)), tmp_path / "verdicts.jsonl"
    busy: list[set[str]] = []
    with connected("ray") as ray, ClusterJudge(ray) as judge:
        assert len(judge._nodes) == 2
        result: list[Any] = []
        run_ = threading.Thread(
            target=lambda: result.append(judge_file(source, target, judge, complain=print))
        )
        run_.start()
        until = time.monotonic() + DEADLINE_SECONDS
        victim = another_node(cluster)
        while not (target.exists() and target.stat().st_size and judge._nodes[victim.node_id].batches):
            assert time.monotonic() < until
            time.sleep(0.05)
        busy.append({node.id for node in judge._nodes.values() if node.batches})
        cluster.remove_node(victim, allow_graceful=False)
        run_.join(DEADLINE_SECONDS)
        assert victim.node_id not in judge._nodes
    assert victim.node_id in busy[0]
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [row["id"] for row in rows] == [f"p{n}" for n in range(16)]
    assert [row["verdict"] for row in rows] == ["passed" if n % 3 else "wrong_answer" for n in range(16)]
    assert (result[0].judged, result[0].kept) == (16, 0)


@pytest.mark.usefixtures("one_node")
def test_commands_give_what_they_give_here(repositories: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "programs.jsonl", programs(3))
    done = run("judge", source, "-o", tmp_path / "v.jsonl", "--on", "ray")
    assert done.status == 0, done.output
    assert "0 judged, 3 kept from before" in run("judge", source, "-o", tmp_path / "v.jsonl").output
    common = ("mine", "--from", repositories, "--cache", tmp_path / "cache")
    there = run(*common, "-o", tmp_path / "there", "--on", "ray")
    assert there.status == 0, there.output
    here = run(*common, "-o", tmp_path / "here", "--workers", "1")
    assert here.status == 0, here.output
    assert files(tmp_path / "there") == files(tmp_path / "here")
    again = run(*common, "-o", tmp_path / "there", "--on", "ray")
    assert "nothing new" in again.output


@pytest.mark.usefixtures("one_node")
def test_nodes_with_other_tools_are_not_used() -> None:
    class OtherJudge(ClusterJudge):
        def digest(self, program: Program) -> bytes:
            return super().digest(program)[::-1]

    with connected("ray") as ray, OtherJudge(ray) as judge:
        future = judge.submit(programs(1)[0])
        with pytest.raises(
            PrerequisiteError, match="no node of the cluster can be used: its tools for python"
        ):
            future.result(DEADLINE_SECONDS)
        with pytest.raises(PrerequisiteError):
            judge.submit(programs(1)[0]).result(DEADLINE_SECONDS)


def test_without_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:9")
    with pytest.raises(ServiceError, match="no cluster of Ray answers"), connected("ray"):
        pytest.fail("connected to nothing")
