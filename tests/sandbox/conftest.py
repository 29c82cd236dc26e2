"""Runners of the sandbox's tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from crosstune.sandbox import SandboxRunner, _control_groups, probe


@pytest.fixture(scope="module", params=["fresh", "single", "ungrouped"])
def runner(request: pytest.FixtureRequest) -> Iterator[SandboxRunner]:
    """A runner that keeps its fork server, one that starts bubblewrap for every request, one without
    groups."""
    nested = request.param != "single"
    if nested and probe().namespaces != "fresh":
        pytest.skip("nested namespaces do not work here: only the slower way is available")
    with SandboxRunner() as runner, pytest.MonkeyPatch.context() as patch:
        if request.param == "ungrouped":
            patch.setattr(_control_groups, "trees", tuple)
        runner._options = dataclasses.replace(runner._options, nested=nested)
        yield runner
