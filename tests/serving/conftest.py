"""One server for the tests that need no special one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving.served import Server, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serving("--workers", "2") as server:
        yield server
