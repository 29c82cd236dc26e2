"""One browser and one page for all tests of this package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crosstune.analysis import analyse
from crosstune.report import write
from tests.analysis import synthetic
from tests.report.browser import chromium, screen


@pytest.fixture(scope="package")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as session:
        yield session


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write(analyse(synthetic.run()), tmp_path_factory.mktemp("report")).as_uri()


@pytest.fixture
def page(session: Any, address: str) -> Any:
    session.get("about:blank")
    screen(session, 1400)
    session.get(address)
    session.get_log("browser")
    return session
