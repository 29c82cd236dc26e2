"""Which nodes of a cluster can be used: those that live, were not lost just now, and were not refused."""

from __future__ import annotations

import math
import time
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from crosstune.errors import CrosstuneError, Incomplete, PrerequisiteError

LOOK_SECONDS = 5.0
"""How often to look for new nodes."""
RETURN_SECONDS = 30.0
"""How long a lost node is not used again: Ray may take as long to notice that it is dead."""
PATIENCE_SECONDS = 120.0
"""How long to wait for a node while there is none."""


@dataclass(frozen=True)
class Node:
    """A node and what it has in all, as Ray counts it."""

    id: str
    cores: int
    memory_bytes: int
    gpus: int


class Nodes:
    """The nodes with at least one core, as they come and go."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._refused: dict[str, str] = {}
        self._lost: dict[str, float] = {}
        self._looked = -math.inf
        self._had_some = time.monotonic()

    def new(self, used: Container[str]) -> list[Node]:
        """The usable nodes that are not in ``used``; empty if it was asked just now and nothing changed."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return []
        self._looked = now
        return [
            _node(each)
            for each in self._ray.nodes()
            if each["Alive"] and _node(each).cores and each["NodeID"] not in used and self._may_use(each, now)
        ]

    def _may_use(self, node: Any, now: float) -> bool:
        lost = self._lost.get(node["NodeID"])
        return node["NodeID"] not in self._refused and (lost is None or now - lost > RETURN_SECONDS)

    def lose(self, node: str) -> None:
        """A node, or what worked on it, is gone."""
        self._lost[node] = time.monotonic()
        self._looked = -math.inf

    def refuse(self, node: str, why: str) -> None:
        """Do not use this node any more."""
        self._refused[node] = why
        self._looked = -math.inf

    def check_any(self, count: int, kept: str) -> None:
        """Wait for a while if ``count``, the number of nodes in use, is 0.

        Raises:
            PrerequisiteError: every node was refused.
            Incomplete: there has been no node for too long; the message says what is ``kept``.
        """
        now = time.monotonic()
        if count:
            self._had_some = now
        elif self._refused or now - self._had_some > PATIENCE_SECONDS:
            raise self.without(kept)

    def without(self, kept: str) -> CrosstuneError:
        """The error of a cluster without usable nodes."""
        if self._refused:
            reasons = "; ".join(sorted(set(self._refused.values())))
            return PrerequisiteError(f"no node of the cluster can be used: {reasons}")
        return Incomplete(f"the cluster has no node any more; add one and run it again: {kept}")


def _node(row: Any) -> Node:
    has = row["Resources"]
    return Node(row["NodeID"], int(has.get("CPU", 0)), int(has.get("memory", 0)), int(has.get("GPU", 0)))


def on_node(node: str) -> Any:
    """Ray's scheduling strategy for this node only."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    return NodeAffinitySchedulingStrategy(node, soft=False)
