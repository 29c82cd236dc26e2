"""What runs on each node of a cluster: a judge that stays, and the mining of one repository."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from crosstune.errors import CrosstuneError
from crosstune.execution import Judge
from crosstune.mining import MinedName, Profile, mine_name
from crosstune.records import Isolation, Program, Verdict
from crosstune.sandbox import Kind

Judged = Verdict | CrosstuneError
"""The verdict on a program, or why the judge has none."""


class OtherTools(CrosstuneError):
    """A node would judge a program with other tools, or in another sandbox, than the machine that asks."""


class NodeJudge:
    """The judge of one node, with its compile servers and sandboxes, for many batches."""

    def __init__(self, workers: int, sandbox: Kind, isolation: Isolation) -> None:
        self._judge = Judge(workers, sandbox, isolation=isolation)
        self._judge.__enter__()

    def judge(self, programs: Sequence[tuple[Program, bytes]]) -> list[Judged]:
        """One result for each program, in order; with each comes the digest that it has where it was sent."""
        waiting = [self._submit(program, digest) for program, digest in programs]
        return [each if isinstance(each, CrosstuneError) else _result(each) for each in waiting]

    def cpu_seconds(self) -> float:
        """The CPU time of this process so far, without the programs."""
        return time.process_time()

    def _submit(self, program: Program, digest: bytes) -> object:
        try:
            if self._judge.digest(program) != digest:
                return OtherTools(program.language)
            return self._judge.submit(program)
        except CrosstuneError as error:
            return error


def _result(future: object) -> Judged:
    from concurrent.futures import Future

    assert isinstance(future, Future)
    try:
        verdict: Verdict = future.result()
    except CrosstuneError as error:
        return error
    return verdict


def mine_here(
    name: str, profile: Profile, cache: str | None, record: bytes | None
) -> tuple[MinedName, bytes | None]:
    """Mine a repository on this node; ``record`` has the decisions of an earlier run, and new ones return.

    Raises: see `crosstune.mining.mine`.
    """
    with tempfile.TemporaryDirectory(prefix="crosstune-") as folder:
        file = Path(folder, "record")
        if record is not None:
            file.write_bytes(record)
        mined = mine_name(name, profile, cache=Path(cache) if cache else None, record=file)
        return mined, file.read_bytes() if file.exists() else None
