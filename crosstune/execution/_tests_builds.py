"""The tests of programs, built for a process of their own: once for all candidates."""

from __future__ import annotations

import collections
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

_MOST = 1024


@dataclass(frozen=True, slots=True)
class TestsBuild:
    """What the tests' process needs: ``files`` that a compile server made, or the file of an ``archive``.

    ``why_shared``: the tests need the candidate in their own process, for this reason.
    """

    why_shared: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    archive: Path | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is still there: an archive that nobody has used for weeks is removed."""
        return self.archive is None or self.archive.exists()


class TestsBuilds:
    """The builds of one judge. Several threads that want the same one wait for the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._builds: collections.OrderedDict[bytes, Future[TestsBuild]] = collections.OrderedDict()

    def get(self, key: bytes, make: Callable[[], TestsBuild]) -> TestsBuild:
        """The build of the tests whose digest is ``key``; ``make`` is called if there is none yet.

        Raises: what ``make`` raises; then the next call makes it again.
        """
        found = self._made_once(key, make)
        if found.is_whole:
            return found
        with self._lock:
            future = self._builds.get(key)
            if future and future.done() and future.result() is found:
                del self._builds[key]
        return self._made_once(key, make)

    def _made_once(self, key: bytes, make: Callable[[], TestsBuild]) -> TestsBuild:
        with self._lock:
            future, new = self._builds.get(key), False
            if future is None:
                future, new = Future(), True
                self._builds[key] = future
                if len(self._builds) > _MOST:
                    self._builds.popitem(last=False)
        if new:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._builds.pop(key, None)
                future.set_exception(error)
                raise
        return future.result()
