"""Mine several repositories in parallel."""

from __future__ import annotations

import functools
import hashlib
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from crosstune.mining._one_repository import MinedRepository, mine_repository
from crosstune.mining._processes import task_pool
from crosstune.mining._profile import Profile
from crosstune.mining.repository._git import pack_bytes
from crosstune.mining.rules._tokens import token_counter
from crosstune.mining.stages._stage import RunStage, run_here
from crosstune.records import Progress


def mine_each(
    paths: Sequence[Path], profile: Profile, work: Path | None, workers: int, progress: Progress
) -> list[MinedRepository]:
    """Mine each repository; the results are in the order of ``paths``.

    The decisions on each finished repository are saved in the folder ``work``; later runs read only new
    commits. The largest repository starts first. Once no whole repository is left, other processes take
    shares of the repository being mined in this process.

    Raises:
        Incomplete: a process was killed; finished repositories are kept in ``work``.
        MissingTool, MissingExtra, DataError, ServiceError: as `mine_repository`.
    """
    token_counter(profile.contents.counter)  # fails before mining if the tokenizer is not available
    if work:
        work.mkdir(parents=True, exist_ok=True)
    progress(0, len(paths))
    on_done = _done_counter(len(paths), progress)
    if workers == 1:
        return [_report_done(_mine_with_record(path, profile, work), on_done) for path in paths]
    order = sorted(range(len(paths)), key=lambda index: -pack_bytes(paths[index]))
    with task_pool(workers) as pool:
        results = pool.run(
            _mine_with_record,
            [(paths[index], profile, work) for index in order],
            functools.partial(_mine_with_record, run_stage=pool.run_stage),
            on_done,
        )
    return [mined for _, mined in sorted(zip(order, results, strict=True), key=lambda pair: pair[0])]


def _done_counter(total: int, progress: Progress) -> Callable[[], None]:
    """A function that counts one more repository as done; any thread may call it."""
    lock, done = threading.Lock(), 0

    def count() -> None:
        nonlocal done
        with lock:
            done += 1
            progress(done, total)

    return count


def _report_done(mined: MinedRepository, on_done: Callable[[], None]) -> MinedRepository:
    on_done()
    return mined


def _mine_with_record(
    path: Path, profile: Profile, work: Path | None, run_stage: RunStage = run_here
) -> MinedRepository:
    return mine_repository(path, profile, run_stage, work / record_name(path) if work else None)


def record_name(path: Path) -> str:
    """The name of the file that keeps the decisions on the repository at ``path``."""
    location = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    name = re.sub(r"[^\w.-]+", "-", path.name)
    return f"{name}-{location[:12]}.record"
