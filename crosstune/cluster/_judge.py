"""A judge whose programs run on the nodes of a cluster."""

from __future__ import annotations

import collections
import itertools
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from crosstune.cluster._connection import cause_of
from crosstune.cluster._node import Judged, NodeJudge, OtherTools
from crosstune.cluster._nodes import Nodes, on_node
from crosstune.errors import CrosstuneError, PrerequisiteError
from crosstune.execution import Judge, unjudged
from crosstune.records import Isolation, Program, Verdict
from crosstune.sandbox import Kind

BATCH_SECONDS = 2.0
"""How long a batch should take on a node: long beside the milliseconds of sending it, and short beside a run,
because a batch is what is judged again when a node dies."""
IN_FLIGHT = 2
"""Batches that a node has: one that runs and one that waits."""
MOST_IN_A_BATCH = 2048
TRIES = 3
"""Nodes that may die while they judge a program; then the program is the likely reason."""
_KEPT = "verdicts are kept"


@dataclass
class _Waiting:
    program: Program
    digest: bytes
    future: Future[Verdict]
    deaths: int = 0


@dataclass
class _Node:
    """One node: its actor, its workers, the batches that it has, and how fast it judges."""

    id: str
    actor: Any
    workers: int
    batches: dict[Any, list[_Waiting]] = field(default_factory=dict)
    sent: dict[Any, float] = field(default_factory=dict)
    seconds_each: float = 0.0
    """Seconds per program, all workers together; 0 while unknown."""

    def batch_size(self) -> int:
        if not self.seconds_each:
            return 2 * self.workers
        return max(self.workers, min(MOST_IN_A_BATCH, round(BATCH_SECONDS / self.seconds_each)))

    def measure(self, batch: list[_Waiting], seconds: float) -> None:
        each = seconds / len(batch)
        self.seconds_each = each if not self.seconds_each else 0.7 * self.seconds_each + 0.3 * each


class ClusterJudge:
    """What `execution.Judge` is for `judge_file`: digests, and verdicts to wait for.

    Each node has one `NodeJudge` for all its cores. Programs go there in batches that take about
    `BATCH_SECONDS`. A batch on a node that dies is sent to another, and nodes that come later are used. A
    node whose tools or sandbox differ from those of this machine is not used, since the verdicts of one run
    must not depend on where a program ran.
    """

    def __init__(self, ray: Any, sandbox: Kind = "bubblewrap", *, isolation: Isolation = "auto") -> None:
        """``ray`` is the module, connected to a cluster."""
        self._ray, self._sandbox, self.isolation = ray, sandbox, isolation
        self._here = Judge(1, sandbox, isolation=isolation)
        self._pending: collections.deque[_Waiting] = collections.deque()
        self._changed = threading.Condition()
        self._nodes: dict[str, _Node] = {}
        self._usable = Nodes(ray)
        self._failed: BaseException | None = None
        self._stopping = False
        self.workers = 1

    def __enter__(self) -> Self:
        """
        Raises:
            PrerequisiteError: programs cannot be isolated here, or no node has a free core.
        """
        self._look_for_nodes()
        if not self._nodes:
            raise PrerequisiteError(
                "the cluster has no node with a core; add one: ray start --address=HOST:6379"
            )
        self.workers = 8 * sum(node.workers for node in self._nodes.values())  # so that batches are full
        self._thread = threading.Thread(target=self._run, name="cluster", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()
        for node in self._nodes.values():
            self._ray.kill(node.actor)

    def digest(self, program: Program) -> bytes:
        """See `Judge.digest`."""
        return self._here.digest(program)

    def submit(self, program: Program) -> Future[Verdict]:
        """See `Judge.submit`."""
        future: Future[Verdict] = Future()
        waiting = _Waiting(program, self.digest(program), future)
        with self._changed:
            if self._failed:
                future.set_exception(self._failed)
            else:
                self._pending.append(waiting)
                self._changed.notify_all()
        return future

    def _run(self) -> None:
        """Send batches and take their results, until the judge is closed."""
        try:
            while self._wait_for_work():
                self._look_for_nodes()
                self._send()
                self._receive()
        except BaseException as error:  # noqa: BLE001 (raised where a verdict is awaited)
            self._fail(error)

    def _wait_for_work(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._pending or self._in_flight())
            return not self._stopping

    def _in_flight(self) -> list[Any]:
        return [ref for node in self._nodes.values() for ref in node.batches]

    def _look_for_nodes(self) -> None:
        """Start a judge on each node that has none."""
        for node in self._usable.new(self._nodes):
            self._nodes[node.id] = _Node(node.id, self._actor(node.id, node.cores), node.cores)
        self._usable.check_any(len(self._nodes), _KEPT)

    def _actor(self, node: str, cores: int) -> Any:
        remote = self._ray.remote(NodeJudge).options(
            num_cpus=cores, max_concurrency=IN_FLIGHT, scheduling_strategy=on_node(node)
        )
        return remote.remote(cores, self._sandbox, self.isolation)

    def _send(self) -> None:
        for node in self._nodes.values():
            while len(node.batches) < IN_FLIGHT and (batch := self._take(node.batch_size())):
                ref = node.actor.judge.remote([(each.program, each.digest) for each in batch])
                node.batches[ref], node.sent[ref] = batch, time.monotonic()

    def _take(self, size: int) -> list[_Waiting]:
        with self._changed:
            return [self._pending.popleft() for _ in range(min(size, len(self._pending)))]

    def _receive(self) -> None:
        refs = self._in_flight()
        if not refs:
            time.sleep(0.1)  # every node is gone
            return
        done, _ = self._ray.wait(refs, timeout=0.2)
        for ref in done:
            node = next(each for each in self._nodes.values() if ref in each.batches)
            self._take_results(node, ref)

    def _take_results(self, node: _Node, ref: Any) -> None:
        from ray.exceptions import RayError, RayTaskError

        try:
            results: list[Judged] = self._ray.get(ref)
        except RayTaskError as error:
            raise cause_of(error) from None
        except RayError as error:
            self._lose(node, str(error))
            return
        batch = node.batches.pop(ref)
        began = node.sent.pop(ref)
        node.measure(batch, (time.monotonic() - began) / max(1, len(node.batches) + 1))
        if any(isinstance(result, OtherTools) for result in results):
            self._refuse(node, batch, results)
            return
        for waiting, result in zip(batch, results, strict=True):
            _settle(waiting, result)

    def _lose(self, node: _Node, why: str) -> None:
        """The node or its judge is gone: judge its batches elsewhere."""
        del self._nodes[node.id]
        self._usable.lose(node.id)
        lost = list(itertools.chain.from_iterable(node.batches.values()))
        for waiting in lost:
            waiting.deaths += 1
            if waiting.deaths >= TRIES:
                reason = f"{TRIES} nodes of the cluster were lost while they judged it: {why}"
                waiting.future.set_result(unjudged(waiting.program, reason.partition("\n")[0]))
        self._again(each for each in lost if each.deaths < TRIES)

    def _refuse(self, node: _Node, batch: list[_Waiting], results: list[Judged]) -> None:
        """Do not use a node with other tools, and judge elsewhere what it has."""
        language = next(str(each) for each in results if isinstance(each, OtherTools))
        why = f"its tools for {language}, or its sandbox, are not those of this machine"
        self._usable.refuse(node.id, why)
        del self._nodes[node.id]
        self._ray.kill(node.actor)
        self._again([*batch, *itertools.chain.from_iterable(node.batches.values())])

    def _again(self, lost: Iterable[_Waiting]) -> None:
        with self._changed:
            self._pending.extendleft(reversed(list(lost)))

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            waiting = [*self._pending, *(each for ref in self._in_flight() for each in self._batch(ref))]
            self._pending.clear()
            self._failed = error
        for each in waiting:
            if not each.future.done():
                each.future.set_exception(error)

    def _batch(self, ref: Any) -> list[_Waiting]:
        return next(node.batches[ref] for node in self._nodes.values() if ref in node.batches)


def _settle(waiting: _Waiting, result: Judged) -> None:
    if isinstance(result, CrosstuneError):
        waiting.future.set_exception(result)
    else:
        waiting.future.set_result(result)
