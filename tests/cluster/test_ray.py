"""Judging and mining on a cluster of several nodes on this machine, one of which is killed while it works.

`make check-cluster` installs Ray and runs these.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crosstune import stopping
from crosstune.cluster import ClusterJudge, connected
from crosstune.errors import PrerequisiteError, ServiceError
from crosstune.execution import judge_file
from crosstune.records import Program
from tests.cli.in_process import run
from tests.cli.test_merge import files, repositories

pytest.importorskip("ray", reason="Ray is not installed; make check-cluster installs it")

__all__ = ["repositories"]
pytestmark = [
    pytest.mark.slow,
    # Ray leaves files and sockets of its own to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
DEADLINE_SECONDS = 600.0
SLEEPS = "import time\ntime.sleep(1.5)\ndef one():\n    return {}\n"


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head without cores, and two nodes with one core each."""
    yield from _started(monkeypatch, head_cores=0, nodes=2)


@pytest.fixture
def one_node(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A cluster of one node with one core."""
    yield from _started(monkeypatch, head_cores=1, nodes=0)


def _started(monkeypatch: pytest.MonkeyPatch, head_cores: int, nodes: int) -> Iterator[Any]:
    made = _cluster(head_cores, nodes)
    monkeypatch.setenv("RAY_ADDRESS", made.address)
    yield made
    made.shutdown()


def _cluster(head_cores: int, nodes: int, attempts: int = 5) -> Any:
    """Ray gives a node 30 s to start, which is too short on a busy machine."""
    from ray.cluster_utils import Cluster

    made = Cluster()
    try:
        made.add_node(num_cpus=head_cores, include_dashboard=False)
        for _ in range(nodes):
            made.add_node(num_cpus=1)
        made.wait_for_nodes(DEADLINE_SECONDS)
    except Exception as error:
        made.shutdown()
        stopping.kill_descendants()  # the node that did not start in time
        if attempts == 1 or "timed out" not in str(error):
            raise
        return _cluster(head_cores, nodes, attempts - 1)
    return made


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
        victim = cluster.worker_nodes.copy().pop()
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
