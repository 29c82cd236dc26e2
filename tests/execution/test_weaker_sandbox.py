"""Without parts of the sandbox hostile programs do no harm, and what is judged otherwise is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Status
from crosstune.sandbox import _control_groups, probe
from tests.execution.hostile.trial import Machine, Trial
from tests.languages.cases import cases
from tests.languages.kinds import FAMILIES

# They share a process namespace with those who judge them, and end them.
POLICY = ("kills_parent", "kills_everything", "slows_others")


@pytest.fixture(scope="module", params=["groups", "nesting,groups,filter"])
def without(request: pytest.FixtureRequest) -> Iterator[tuple[str, Trial]]:
    """What is left out, and C's programs on trial."""
    if missing := [each.what for each in requirements("c") if not each.met]:
        pytest.skip(f"c cannot be run here: {missing[0]} is missing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSTUNE_WITHOUT", request.param)
        for found in (probe, _control_groups.trees):
            found.cache_clear()
        with Machine() as machine, Judge() as judge:
            yield request.param, Trial(cases("c"), judge, machine)
    for found in (probe, _control_groups.trees):
        found.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_programs(without: tuple[str, Trial], family: str) -> None:
    left_out, trial = without
    faults = []
    for program in cases("c").of(family):
        kind = program.kind
        if "nesting" in left_out and program.name in POLICY:
            kind = replace(kind, status=Status.POLICY)
        if "filter" in left_out and program.name == "tracer":
            kind = replace(kind, status=Status.INCOMPLETE)
        faults += trial.faults(replace(program, kind=kind))
    assert faults == []
