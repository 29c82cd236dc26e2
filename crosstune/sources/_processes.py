"""Mining in several processes: a repository each, or one repository's candidates in shares."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from crosstune.errors import Incomplete
from crosstune.sources._git import Repository
from crosstune.sources._log import Change
from crosstune.sources._mining import Spread, Stage, in_one
from crosstune.sources._profile import Profile
from crosstune.sources._stages import Drop

LEAST = 1000
"""Fewer changes than this are not worth the way to another process."""
SHARES = 4
"""For each process: one that got the harder half would be waited for."""


@contextlib.contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that have imported what they need when they start.

    Raises:
        Incomplete: one of them was killed.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crosstune.sources._mining"])
    with ProcessPoolExecutor(workers, mp_context=context) as processes:
        try:
            yield processes
        except BrokenProcessPool:
            raise Incomplete(
                "a mining process was killed (was memory short?); run it again, what was finished is kept"
            ) from None
        finally:
            processes.shutdown(cancel_futures=True)


@contextlib.contextmanager
def spreading(workers: int) -> Iterator[Spread]:
    """A way to run a stage in shares of neighbours, whose results are put together in their order."""
    with pool(workers) as processes:

        def spread(
            stage: Stage, repository: Repository, profile: Profile, found: Sequence[Change]
        ) -> tuple[list[Any], list[Drop]]:
            if len(found) < LEAST:
                return in_one(stage, repository, profile, found)
            size = -(-len(found) // (workers * SHARES))
            shares = [found[first : first + size] for first in range(0, len(found), size)]
            futures = [processes.submit(stage, repository, profile, share) for share in shares]
            kept: list[Any] = []
            dropped: list[Drop] = []
            for future in futures:
                some, others = future.result()
                kept += some
                dropped += others
            return kept, dropped

        yield spread
