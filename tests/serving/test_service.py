"""The queue before the judge, without a server."""

from __future__ import annotations

import asyncio
import gc
import typing
from concurrent.futures import Future

import pytest

from crosstune.errors import Incomplete
from crosstune.execution import Judge
from crosstune.records import Program, Verdict
from crosstune.serving import ServerSettings
from crosstune.serving._service import Service


class _FullDisk:
    def submit(self, program: Program) -> Future[Verdict]:
        raise Incomplete(f"{program.id}: the disk is full")


def test_only_the_first_error_of_a_batch_is_raised(caplog: pytest.LogCaptureFixture) -> None:
    """asyncio would print the others as errors of the server."""

    async def ask() -> None:
        service = Service(typing.cast("Judge", _FullDisk()), ServerSettings())
        with pytest.raises(Incomplete, match="a: the disk is full"):
            await service.verdicts([Program(each, "python", "", "") for each in "abc"])
        service.close()
        gc.collect()

    asyncio.run(ask())
    assert caplog.messages == []
