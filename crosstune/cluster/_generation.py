"""A back end whose sessions are on the nodes of a cluster."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crosstune.cluster._connection import cause_of
from crosstune.cluster._model_node import Answered, NodeModel, Opened, gpus_of_one, model_mark
from crosstune.cluster._nodes import Node, Nodes, on_node
from crosstune.errors import CrosstuneError, Incomplete
from crosstune.generation import BackEnd, Decoding, GeneratedAnswer, Request
from crosstune.settings import Settings

TRIES = 3
"""Nodes that may die with the same requests; then the requests are the likely reason."""
MOST_BATCHES = 16
"""Batches that a node gets at once, at most: enough to keep a server or a GPU busy."""
SHARES_EACH = 4
"""How many times each session asks for more, at least, so that the last one does not work alone for long."""
_KEPT = "answers are kept"


def on_cluster(ray: Any, back_end: BackEnd) -> BackEnd:
    """``back_end`` with sessions on all nodes: one on each GPU, or as many as it needs, and one on each node
    that has none.

    Answers have the same keys as without a cluster, so either continues what the other has begun. Each share
    of the requests is batched by itself; as with shards, the last bits of a model's scores may differ.
    """

    @contextlib.contextmanager
    def open_session(model: str, decoding: Decoding, options: Settings) -> Iterator[_Session]:
        sessions = _Sessions(ray, NodeModel(back_end, model, decoding, options))
        try:
            sessions.wait_for_one()
            yield (_ProtectingSession if sessions.protect else _Session)(sessions, decoding.batch_size)
        finally:
            sessions.close()

    return dataclasses.replace(
        back_end,
        open=open_session,
        requirements=lambda _model, _options: (),  # the nodes check them
        describe=(lambda session: session.description) if back_end.describe else None,
    )


@dataclass
class _Share:
    """Some of the requests, by their positions."""

    positions: tuple[int, ...]
    deaths: int = 0


@dataclass
class _Actor:
    """A session on a node: what it is doing now, by the reference to its result."""

    node: str
    handle: Any
    opening: Any
    """None once it is open."""
    share: _Share | None = None
    working: Any = None


@dataclass
class _Sessions:
    """The sessions on all nodes, and how each was described."""

    ray: Any
    work: NodeModel
    actors: list[_Actor] = field(default_factory=list)
    protect: Callable[[str], str] | None = None
    descriptions: list[Mapping[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nodes = Nodes(self.ray)
        self._model = model_mark(self.work.model)

    def close(self) -> None:
        for actor in self.actors:
            self.ray.kill(actor.handle)

    def look(self) -> None:
        """Start sessions on nodes that have none.

        Raises:
            PrerequisiteError, Incomplete: see `Nodes.check_any`.
        """
        for node in self.nodes.new({actor.node for actor in self.actors}):
            self.actors += self._start(node)
        self.nodes.check_any(len(self.actors), _KEPT)

    def _start(self, node: Node) -> Iterator[_Actor]:
        each = self._gpus_each(node) if node.gpus else 0
        count = node.gpus // each if each else 1
        if not count:
            self.nodes.refuse(node.id, f"a node has {node.gpus} GPUs; the model needs {each}")
        for _ in range(count):
            remote = self.ray.remote(NodeModel).options(
                num_cpus=max(1, node.cores // count), num_gpus=each, scheduling_strategy=on_node(node.id)
            )
            handle = remote.remote(self.work.back_end, self.work.model, self.work.decoding, self.work.options)
            yield _Actor(node.id, handle, handle.open.remote())

    def _gpus_each(self, node: Node) -> int:
        ask = self.ray.remote(gpus_of_one).options(num_cpus=0, scheduling_strategy=on_node(node.id))
        return int(self.ray.get(ask.remote(self.work.back_end, self.work.options)))

    def wait_for_one(self) -> None:
        """Return when a session is open, with all that are open by then.

        Raises:
            CrosstuneError: none can be opened.
        """
        while all(actor.opening is not None for actor in self.actors):
            self.look()
            self.receive(0.5)

    def receive(self, seconds: float) -> list[tuple[_Actor, _Share, Answered]]:
        """Wait so long, at most, for results; those of lost sessions are shares without answers."""
        refs = {actor.opening or actor.working: actor for actor in self.actors}
        refs.pop(None, None)
        if not refs:
            time.sleep(min(seconds, 0.1))
            return []
        done, _ = self.ray.wait(list(refs), timeout=seconds)
        return [result for ref in done if (result := self._take(refs[ref], ref))]

    def _take(self, actor: _Actor, ref: Any) -> tuple[_Actor, _Share, Answered] | None:
        from ray.exceptions import RayError, RayTaskError

        share = actor.share
        try:
            result = self.ray.get(ref)
        except RayTaskError as error:
            raise cause_of(error) from None
        except RayError as error:
            self._lose(actor)
            return self._lost(actor, share, str(error).partition("\n")[0]) if share else None
        if actor.opening is not None:
            self._opened(actor, result)
            return None
        assert share is not None
        actor.share = actor.working = None
        if result.error is not None:
            self._refuse(actor, str(result.error))
        return actor, share, result

    def _lose(self, actor: _Actor) -> None:
        self.actors.remove(actor)
        if not any(other.node == actor.node for other in self.actors):
            self.nodes.lose(actor.node)

    def _lost(self, actor: _Actor, share: _Share, why: str) -> tuple[_Actor, _Share, Answered]:
        share.deaths += 1
        if share.deaths >= TRIES:
            raise Incomplete(
                f"{TRIES} nodes of the cluster were lost while they answered the same {len(share.positions)} "
                f"requests ({why}); lower --batch-size, or give the nodes more memory; {_KEPT}"
            )
        return actor, share, Answered([None] * len(share.positions), Incomplete(why))

    def _opened(self, actor: _Actor, result: Opened | CrosstuneError) -> None:
        if isinstance(result, CrosstuneError):
            self._refuse(actor, str(result))
            return
        self._model = self._model or result.model
        if result.model != self._model:
            self._refuse(actor, f"its files of {self.work.model} are not those of other machines")
            return
        actor.opening, self.protect = None, result.protect
        self.descriptions.append(result.description)

    def _refuse(self, actor: _Actor, why: str) -> None:
        if actor in self.actors:
            self.actors.remove(actor)
            self.ray.kill(actor.handle)
        if not any(other.node == actor.node for other in self.actors):
            self.nodes.refuse(actor.node, why)
            self.nodes.check_any(len(self.actors), _KEPT)


class _Session:
    """Divides requests over the sessions of all nodes."""

    def __init__(self, sessions: _Sessions, batch_size: int) -> None:
        self._sessions, self._batch_size = sessions, batch_size

    @property
    def description(self) -> dict[str, Any]:
        """The sessions' descriptions, each value once."""
        found: dict[str, list[Any]] = {}
        for description in self._sessions.descriptions:
            for name, value in description.items():
                if value not in found.setdefault(name, []):
                    found[name].append(value)
        return {name: one[0] if len(one) == 1 else " or ".join(map(str, one)) for name, one in found.items()}

    def answers(
        self, requests: Sequence[Request], done: Container[int]
    ) -> Iterator[tuple[int, GeneratedAnswer]]:
        """As each share is answered; a share whose node dies is answered by another node."""
        waiting = collections.deque(self._shares(requests, done))
        busy = 0
        while waiting or busy:
            self._sessions.look()
            self._send(waiting, requests)
            for _, share, result in self._sessions.receive(0.5):
                given = list(zip(share.positions, result.answers, strict=True))
                yield from ((position, answer) for position, answer in given if answer is not None)
                left = tuple(position for position, answer in given if answer is None)
                if left and result.error is not None:
                    waiting.appendleft(_Share(left, share.deaths))
            busy = sum(actor.share is not None for actor in self._sessions.actors)

    def _send(self, waiting: collections.deque[_Share], requests: Sequence[Request]) -> None:
        for actor in self._sessions.actors:
            if waiting and actor.opening is None and actor.share is None:
                actor.share = waiting.popleft()
                asked = [requests[position] for position in actor.share.positions]
                actor.working = actor.handle.answer.remote(asked)

    def _shares(self, requests: Sequence[Request], done: Container[int]) -> Iterator[_Share]:
        """The longest prompts first: a batch is as slow as its longest, and short ones fill the end."""
        left = [position for position in range(len(requests)) if position not in done]
        left.sort(key=lambda position: (-len(requests[position].prompt), position))
        batches = len(left) // (SHARES_EACH * self._batch_size * max(1, len(self._sessions.actors)))
        size = self._batch_size * max(1, min(MOST_BATCHES, batches))
        even = -(-len(left) // max(1, len(self._sessions.actors)))
        size = max(1, min(size, even))
        for start in range(0, len(left), size):
            yield _Share(tuple(left[start : start + size]))


class _ProtectingSession(_Session):
    """See `generation.ProtectsText`."""

    def protect(self, text: str) -> str:
        assert self._sessions.protect is not None
        return self._sessions.protect(text)
