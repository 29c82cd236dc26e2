"""Clusters of several nodes on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from crosstune import stopping
from tests.cluster.marks import DEADLINE_SECONDS


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


def _cluster(head_cores: int, nodes: int, attempts: int = 5, **head: Any) -> Any:
    """Ray gives a node 30 s to start, which is too short on a busy machine."""
    from ray.cluster_utils import Cluster

    made = Cluster()
    try:
        made.add_node(num_cpus=head_cores, include_dashboard=False, **head)
        for _ in range(nodes):
            made.add_node(num_cpus=1)
        made.wait_for_nodes(DEADLINE_SECONDS)
    except Exception as error:
        made.shutdown()
        stopping.kill_descendants()  # the node that did not start in time
        if attempts == 1 or "timed out" not in str(error):
            raise
        return _cluster(head_cores, nodes, attempts - 1, **head)
    return made


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address, for clients outside of it, of a cluster of one node with one core."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = _cluster(1, 0, ray_client_server_port=port)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    yield f"ray://127.0.0.1:{port}"
    made.shutdown()
