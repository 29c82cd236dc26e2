"""Run steps on the nodes of a cluster, by Ray."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crosstune.cluster import Files, Node, Nodes, cause_of, on_node, packed
from crosstune.study._machine import Allocator, Grant, Machine
from crosstune.study._place import StepLost, StepUnfit
from crosstune.study._plan import Plan, Step
from crosstune.study._store import Store
from crosstune.study._there import Board, NodeFacts, Result, facts_here, put_in, run_there
from crosstune.study._worker import Task

_KEPT = "finished steps are kept"
_MOST_STEPS = 256
"""Steps that run at the same time: each has a thread here, which waits for it."""


@dataclass
class _Node:
    facts: NodeFacts
    allocator: Allocator


class OnCluster:
    """A `Place`: each step is a task with its cores, memory and GPUs on one node.

    Results come back through Ray's object store and are committed here, so that the store has one writer. A
    node takes a step only if it has what the step needs: the same files, and for verdicts the same tools as
    this machine, or, in a language that this machine lacks, as the first node.
    """

    def __init__(self, ray: Any, plan: Plan, store: Store) -> None:
        """``ray`` is the module, connected to a cluster."""
        self._ray, self._store = ray, store
        self._languages = sorted({language for step in plan.steps for language in step.tools})
        self._here = facts_here(self._languages)
        self._tools = dict[str, str]()
        self._usable = Nodes(ray)
        self._nodes: dict[str, _Node] = {}
        self._node_of: dict[str, str] = {}
        self._unfit: dict[str, dict[str, str]] = {}
        """By step: the nodes that cannot run it, and why."""
        self._refs: dict[Future[float], list[Any]] = {}
        self._tasks: dict[Future[float], Task] = {}
        self._packed: dict[Path, Any] = {}
        self._threads = ThreadPoolExecutor(_MOST_STEPS, thread_name_prefix="step")
        self._board = ray.remote(Board).options(num_cpus=0, max_restarts=-1).remote()
        self._asked = self._board.take.remote()

    @property
    def cores(self) -> int:
        """All cores of the nodes in use."""
        self._look()
        return sum(node.allocator.machine.cores for node in self._nodes.values())

    def _look(self) -> None:
        """
        Raises:
            PrerequisiteError, Incomplete: see `Nodes.check_any`.
        """
        for node in self._usable.new(self._nodes):
            ask = self._ray.remote(facts_here).options(num_cpus=0, scheduling_strategy=on_node(node.id))
            self._add(node, self._ray.get(ask.remote(self._languages)))
        self._usable.check_any(len(self._nodes), _KEPT)

    def _add(self, node: Node, facts: NodeFacts) -> None:
        if facts.version != self._here.version:
            why = f"its crosstune is {facts.version}, that of this machine {self._here.version}"
            self._usable.refuse(node.id, why)
            return
        machine = Machine(node.cores, node.memory_bytes, facts.gpus[: node.gpus])
        self._nodes[node.id] = _Node(facts, Allocator(machine))

    def take(self, step: Step) -> Grant | None:
        self._look()
        for name, node in sorted(self._nodes.items(), key=lambda item: -item[1].allocator.free_cores):
            if self._why_not(step, name, node):
                continue
            if node.allocator.take(step.name, step.resources):
                self._node_of[step.name] = name
                return self.granted(step.name)
        return None

    def impossible(self, step: Step) -> str:
        if not self._nodes:
            return ""
        reasons = [self._why_not(step, name, node) for name, node in self._nodes.items()]
        if not all(reasons):
            return ""
        return f"no node of the cluster can run it: {'; '.join(dict.fromkeys(reasons))}"

    def _why_not(self, step: Step, name: str, node: _Node) -> str:
        """Why a node cannot run a step; empty if it can."""
        if why := self._unfit.get(step.name, {}).get(name):
            return why
        if (gpus := len(node.allocator.machine.gpus)) < step.resources.gpus:
            return f"a node has {gpus} GPUs; the step needs {step.resources.gpus}"
        for language in step.tools:
            expected, actual = self._expected_tools(language), node.facts.tools[language]
            if actual != expected:
                return f"its tools for {language} are {actual!r}, expected {expected!r}"
        return ""

    def _expected_tools(self, language: str) -> str:
        from crosstune.execution import requirements

        if language not in self._tools:
            here = all(each.met for each in requirements(language))
            first = next(iter(self._nodes.values())).facts
            self._tools[language] = (self._here if here else first).tools[language]
        return self._tools[language]

    def share_free_cores(self, started: list[Step], running: list[Step]) -> None:
        """Elastic steps keep what is free when they start: nothing is said to a running one."""
        del running
        scaling = [each.name for each in started if each.resources.scales]
        for name, node in self._nodes.items():
            node.allocator.share_free_cores([each for each in scaling if self._node_of[each] == name])

    def granted(self, name: str) -> Grant:
        node = self._node_of[name]
        return replace(self._nodes[node].allocator.grants[name], node=node)

    def release(self, name: str) -> None:
        node = self._nodes.get(self._node_of.pop(name, ""))
        if node:
            node.allocator.release(name)

    def submit(self, task: Task) -> Future[float]:
        refs: list[Any] = []
        inputs = [self._put(path) for path in task.inputs.values()]
        future = self._threads.submit(self._work, task, inputs, refs)
        self._refs[future], self._tasks[future] = refs, task
        return future

    def _put(self, folder: Path) -> Any:
        """A result in Ray's object store, once for all steps that use it."""
        if folder not in self._packed:
            self._packed[folder] = self._ray.put(packed(folder))
        return self._packed[folder]

    def _work(self, task: Task, inputs: Iterable[Files], refs: list[Any]) -> float:
        """Run a step on its node and store its result; in a thread of its own."""
        grant = task.grant
        with self._store.claim(task.kind.result, task.name, task.key) as (out, _):
            if artifact := self._store.find(task.kind.result, task.key):
                return artifact.seconds  # another process has finished it in the meantime
            remote = self._ray.remote(run_there).options(
                num_cpus=grant.cores,
                memory=grant.memory_bytes,
                num_gpus=len(grant.gpus),
                max_retries=0,  # the scheduler decides where it runs again
                scheduling_strategy=on_node(grant.node),
            )
            refs.append(remote.remote(replace(task, inputs={}), self._board, tuple(task.inputs), *inputs))
            return put_in(self._store, task, self._result(refs[0]), out)

    def _result(self, ref: Any) -> Result:
        from ray.exceptions import RayError, RayTaskError

        try:
            result: Result = self._ray.get(ref)
        except RayTaskError as error:
            raise cause_of(error) from None
        except RayError as error:
            raise StepLost(str(error).partition("\n")[0]) from None
        return result

    def reports(self) -> Iterator[tuple[str, int, int]]:
        from ray.exceptions import RayError

        done, _ = self._ray.wait([self._asked], timeout=0)
        if not done:
            return
        with contextlib.suppress(RayError):  # the board's node was lost; another one has it now
            yield from self._ray.get(self._asked)
        self._asked = self._board.take.remote()

    def finished(self, future: Future[float]) -> None:
        del self._refs[future]
        task = self._tasks.pop(future)
        error = future.exception()
        if isinstance(error, StepUnfit):
            self._unfit.setdefault(task.name, {})[task.grant.node] = str(error)
        elif isinstance(error, StepLost) and not self._alive(task.grant.node):
            self._nodes.pop(task.grant.node, None)
            self._usable.lose(task.grant.node)

    def _alive(self, node: str) -> bool:
        return any(each["NodeID"] == node and each["Alive"] for each in self._ray.nodes())

    def close(self) -> None:
        self._threads.shutdown()
        self._ray.kill(self._board)

    def kill(self) -> None:
        for ref in itertools.chain.from_iterable(self._refs.values()):
            self._ray.cancel(ref, force=True)
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._ray.kill(self._board)
