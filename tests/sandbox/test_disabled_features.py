"""Features of the sandbox can be disabled, and the probe reports it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from crosstune.errors import UsageError
from crosstune.records import Command
from crosstune.sandbox import Limit, SandboxRunner, _control_groups, probe
from tests.sandbox import test_runner

LIMITS = dataclasses.replace(test_runner.LIMITS, cpu_seconds=5)


@pytest.fixture(autouse=True)
def unprobed() -> Iterator[None]:
    """Forget what was probed before, and afterwards what was probed here."""
    for cached in (probe, _control_groups.trees):
        cached.cache_clear()
    yield
    for cached in (probe, _control_groups.trees):
        cached.cache_clear()


def output_of(script: str) -> str:
    with SandboxRunner() as runner:
        (outcome,) = runner.run([Command(argv=("/bin/sh", "-c", script), limits=LIMITS)])
    assert outcome.limit is Limit.NONE
    return outcome.stdout


def test_without_nesting_each_program_has_its_own_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTUNE_WITHOUT", "nesting")
    assert probe().namespaces == "single"
    assert probe().disabled_features == ("nesting",)
    assert output_of("echo fine") == "fine\n"


def test_without_groups_none_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTUNE_WITHOUT", "groups")
    assert probe().groups == "none"
    with SandboxRunner() as runner:
        runner.run([Command(argv=("/bin/true",), limits=LIMITS)])
        assert runner._fork_server is not None
        assert runner._fork_server._group.entry_files() == []


@pytest.mark.parametrize(("without", "mode"), [("", "2"), ("filter", "0"), ("filter,nesting", "0")])
def test_without_the_filter_calls_are_not_filtered(
    monkeypatch: pytest.MonkeyPatch, without: str, mode: str
) -> None:
    monkeypatch.setenv("CROSSTUNE_WITHOUT", without)
    if not without and not probe().seccomp_filter:
        pytest.skip("there is no filter for this processor")
    assert probe().seccomp_filter == (mode == "2")
    assert output_of("grep ^Seccomp: /proc/self/status").split()[-1] == mode


def test_an_unknown_feature_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTUNE_WITHOUT", "groups,walls")
    with pytest.raises(UsageError, match="unknown 'walls'; known: nesting, groups, filter"):
        probe()
