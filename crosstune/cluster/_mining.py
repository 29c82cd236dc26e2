"""Mine repositories on the nodes of a cluster, a task for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from crosstune.cluster._connection import cause_of
from crosstune.cluster._node import mine_here
from crosstune.errors import Incomplete
from crosstune.files import atomic_write, text_digest
from crosstune.mining import MinedName, Profile, without_password
from crosstune.records import Progress

RETRIES = 3
"""How often a repository is mined again when the node that mined it dies."""
IN_FLIGHT_PER_CORE = 2


def mine_names(
    ray: Any, names: Sequence[str], profile: Profile, *, work: Path, cache: Path | None, progress: Progress
) -> list[MinedName]:
    """Fetch and mine each repository on some node; the results are in the order of ``names``.

    URLs are cloned into ``cache`` on the node (by default the user's cache there); paths must be visible on
    every node. The decisions on each finished repository are saved in ``work`` on this machine; later runs
    then read only new commits.

    Raises:
        Incomplete: the nodes that mined a repository died; finished repositories are kept in ``work``.
        MissingTool, MissingExtra, DataError, ServiceError: as `crosstune.mining.mine`.
    """
    work.mkdir(parents=True, exist_ok=True)
    found: dict[str, MinedName] = {}
    progress(0, len(names))
    for name, mined, record in _mined(ray, names, profile, work, cache):
        if record is not None:
            with atomic_write(work / record_name(name)) as temporary:
                temporary.write_bytes(record)
        found[name] = mined
        progress(len(found), len(names))
    return [found[name] for name in names]


def record_name(name: str) -> str:
    """The file in ``work`` with the decisions on a repository that has this name."""
    return f"{text_digest(without_password(name))[:24]}.record"


def _mined(
    ray: Any, names: Sequence[str], profile: Profile, work: Path, cache: Path | None
) -> Iterator[tuple[str, MinedName, bytes | None]]:
    """Each repository's result, as soon as there is one; a bounded number is under way."""
    task = ray.remote(mine_here).options(num_cpus=1, max_retries=RETRIES)
    most = IN_FLIGHT_PER_CORE * max(1, int(ray.cluster_resources().get("CPU", 1)))
    left, running = list(reversed(names)), dict[Any, str]()
    while left or running:
        while left and len(running) < most:
            name = left.pop()
            earlier = _earlier(work / record_name(name))
            running[task.remote(name, profile, str(cache) if cache else None, earlier)] = name
        done, _ = ray.wait(list(running))
        for ref in done:
            name = running.pop(ref)
            yield (name, *_result(ray, ref, name))


def _earlier(record: Path) -> bytes | None:
    return record.read_bytes() if record.exists() else None


def _result(ray: Any, ref: Any, name: str) -> tuple[MinedName, bytes | None]:
    from ray.exceptions import RayError, RayTaskError

    try:
        result: tuple[MinedName, bytes | None] = ray.get(ref)
    except RayTaskError as error:
        raise cause_of(error) from None
    except RayError as error:
        why = str(error).partition("\n")[0]
        raise Incomplete(
            f"{without_password(name)}: the nodes that mined it were lost ({why}); run it again: finished "
            "repositories are kept"
        ) from None
    return result
