"""What all tests on a cluster have in common."""

from __future__ import annotations

import time
from typing import Any

import pytest

RAY_MARKS = [
    pytest.mark.slow,
    # Ray leaves files and sockets of its own to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
DEADLINE_SECONDS = 600.0


def another_node(cluster: Any) -> Any:
    """A node through which this process is not connected."""
    import ray

    own = ray.get_runtime_context().get_node_id()
    return next(node for node in cluster.worker_nodes if node.node_id != own)


def kill_a_node(cluster: Any) -> None:
    """Kill a node, and wait until all others know."""
    import ray

    victim = another_node(cluster)
    cluster.remove_node(victim, allow_graceful=False)
    until = time.monotonic() + DEADLINE_SECONDS
    while any(each["Alive"] for each in ray.nodes() if each["NodeID"] == victim.node_id):
        assert time.monotonic() < until
        time.sleep(0.1)
