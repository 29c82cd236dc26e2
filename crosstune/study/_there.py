"""What runs on each node of a cluster: what the node has, and one step in a process of its own."""

from __future__ import annotations

import concurrent.futures
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import crosstune
from crosstune import hardware
from crosstune.cluster import Files, packed, unpack
from crosstune.errors import CrosstuneError
from crosstune.hardware import Gpu
from crosstune.study._place import StepLost, StepUnfit
from crosstune.study._plan import path_digest, plain_settings
from crosstune.study._store import MANIFEST, Artifact, Store
from crosstune.study._worker import REPORT_SECONDS, Task, Workers
from crosstune.user_folders import cache_folder


@dataclass(frozen=True)
class NodeFacts:
    """What a node has besides cores and memory; ``tools`` are the tools of each language."""

    version: str
    gpus: tuple[Gpu, ...]
    tools: Mapping[str, str]


def facts_here(languages: Iterable[str]) -> NodeFacts:
    """The facts of the machine that calls it."""
    os.environ.pop("CUDA_VISIBLE_DEVICES", None)  # Ray hides the GPUs from what has not reserved any
    return NodeFacts(
        crosstune.__version__, hardware.gpus(), {language: _tools(language) for language in languages}
    )


def _tools(language: str) -> str:
    """What verdicts in a language depend on, or what is lacking."""
    from crosstune.execution import toolchain_of
    from crosstune.sandbox import probe

    try:
        return f"{toolchain_of(language)}; without {', '.join(probe('bubblewrap').lacking) or 'nothing'}"
    except CrosstuneError as error:
        return f"{error}"


class Board:
    """An actor that holds the latest progress of each step until the scheduler takes it."""

    def __init__(self) -> None:
        self._latest: dict[str, tuple[int, int]] = {}

    def put(self, name: str, done: int, total: int) -> None:
        self._latest[name] = done, total

    def take(self) -> list[tuple[str, int, int]]:
        taken, self._latest = self._latest, {}
        return [(name, *progress) for name, progress in taken.items()]


@dataclass(frozen=True)
class Result:
    """A finished step: its manifest and its files."""

    manifest: Mapping[str, Any]
    files: Files


def run_there(task: Task, board: Any, roles: tuple[str, ...], *inputs: Files) -> Result:
    """Run a step on this node as on any machine, in a store of its own, and return its result.

    Its journal or checkpoints stay in that store until it is done: if it runs here again, it continues.

    Raises:
        StepUnfit: this node lacks something, or its files are not those of the machine that asks.
        StepLost: the step's process was killed.
        CrosstuneError, StepError: see `_worker.work`.
    """
    _check_fit(task)
    store = Store(cache_folder() / "steps")
    store.root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="inputs-", dir=store.root) as folder:
        paths = {role: unpack(each, Path(folder, role)) for role, each in zip(roles, inputs, strict=True)}
        grant = replace(task.grant, gpus=_own_gpus(task))
        _work(store, replace(task, inputs=paths, grant=grant), board)
    return _taken_out(store, task)


def _check_fit(task: Task) -> None:
    missing = [each for each in task.kind.requirements(task.settings) if not each.met]
    if missing:
        raise StepUnfit("; ".join(f"{each.what} is missing: {each.how}" for each in missing))
    if plain_settings(task.settings, path_digest) != task.facts["settings"]:
        raise StepUnfit("a file or folder that it uses is not the same as on the machine that runs the study")


def _own_gpus(task: Task) -> tuple[str, ...]:
    """Those that Ray has reserved here."""
    if not task.grant.gpus:
        return ()
    return tuple(filter(None, os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")))


def _work(store: Store, task: Task, board: Any) -> None:
    workers = Workers(store.root, 1)
    try:
        future = workers.submit(task)
        _wait(future, workers, board)
        future.result()
        workers.close()
    except BrokenProcessPool:
        raise StepLost("its process was killed; out of memory?") from None
    except BaseException:
        workers.kill()
        raise


def _wait(future: Future[float], workers: Workers, board: Any) -> None:
    while not concurrent.futures.wait([future], timeout=REPORT_SECONDS).done:
        for report in workers.reports():
            board.put.remote(*report)


def _taken_out(store: Store, task: Task) -> Result:
    """The finished step's result; this node's copy is removed."""
    artifact = store.find(task.kind.result, task.key)
    assert artifact is not None
    artifact.verify()  # one that an earlier call had finished may have been damaged since
    files = dict(packed(artifact.folder))
    del files[MANIFEST]
    shutil.rmtree(artifact.folder)
    return Result(artifact.manifest, files)


def put_in(store: Store, task: Task, result: Result, out: Path) -> float:
    """Turn ``out``, the empty folder of a claim in ``store``, into the finished step; returns its seconds.

    Raises:
        CorruptArtifact: a file is not the one that the node had.
    """
    unpack(result.files, out)
    Artifact(out, result.manifest).verify()
    facts = {name: result.manifest[name] for name in (*task.facts, "metrics", "seconds")}
    store.commit(task.kind.result, task.name, task.key, facts)
    return float(result.manifest["seconds"])
