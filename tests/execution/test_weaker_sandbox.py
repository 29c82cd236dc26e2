"""With parts of the sandbox disabled, hostile programs do no harm, and the verdicts that change are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Status
from crosstune.sandbox import _control_groups, probe
from tests.execution.hostile.runner import HostileRunner, Machine
from tests.languages.cases import cases
from tests.languages.kinds import FAMILIES

# They share a process namespace with the judge, and end its processes.
POLICY = ("kills_parent", "kills_everything", "slows_others")


@pytest.fixture(scope="module", params=["groups", "nesting,groups,filter"])
def without(request: pytest.FixtureRequest) -> Iterator[tuple[str, HostileRunner]]:
    """What is disabled, and a runner of C's programs."""
    if missing := [each.what for each in requirements("c") if not each.met]:
        pytest.skip(f"c cannot be run here: {missing[0]} is missing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSTUNE_WITHOUT", request.param)
        for cached in (probe, _control_groups.trees):
            cached.cache_clear()
        with Machine() as machine, Judge() as judge:
            yield request.param, HostileRunner(cases("c"), judge, machine)
    for cached in (probe, _control_groups.trees):
        cached.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_programs_do_no_harm_in_a_weaker_sandbox(
    without: tuple[str, HostileRunner], family: str
) -> None:
    disabled, runner = without
    problems = []
    for program in cases("c").of(family):
        kind = program.kind
        if "nesting" in disabled and program.name in POLICY:
            kind = replace(kind, status=Status.POLICY)
        if "filter" in disabled and program.name == "tracer":
            kind = replace(kind, status=Status.INCOMPLETE)
        problems += runner.problems(replace(program, kind=kind))
    assert problems == []
