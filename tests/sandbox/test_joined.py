"""Two commands in two sandboxes, joined by a pair of pipes."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.records import Command
from crosstune.sandbox import Limit, Outcome, SandboxRunner

Pair = tuple[SandboxRunner, SandboxRunner]


@pytest.fixture
def pair() -> Iterator[Pair]:
    with SandboxRunner() as one, SandboxRunner() as two:
        yield one, two


def shell(script: str) -> Command:
    return Command(limits=RUN_LIMITS, argv=("/bin/sh", "-c", script))


def run_both(pair: Pair, first: list[Command], second: list[Command]) -> tuple[list[Outcome], list[Outcome]]:
    """Run both; the first is waited for, then the second has half a second."""
    one_reads, two_writes = os.pipe()
    two_reads, one_writes = os.pipe()
    running = pair[0].start(first, {}, None, (one_reads, one_writes))
    other = pair[1].start(second, {}, None, (two_reads, two_writes))
    for end in (one_reads, two_writes, two_reads, one_writes):
        os.close(end)
    return running.outcomes(), other.outcomes_within(0.5)


def test_two_commands_talk_and_each_sees_the_other_end(pair: Pair) -> None:
    asks = shell("echo question >&6; read answer <&5; echo $answer; cat <&5; echo over")
    answers = shell("read question <&5; echo answer to $question >&6")
    ((first,), (second,)) = run_both(pair, [asks], [answers])
    assert first.stdout == "answer to question\nover\n"
    assert (second.exit_status, second.limit) == (0, Limit.NONE)


def test_what_does_not_end_by_itself_is_stopped(pair: Pair) -> None:
    ((first,), (second,)) = run_both(pair, [shell("echo done >&6")], [shell("cat <&5; sleep 100")])
    assert first.exit_status == 0
    assert (second.limit, second.stdout) == (Limit.STOPPED, "done\n")
    (again,) = pair[1].run([shell("echo again")])
    assert again.stdout == "again\n"


def test_only_the_last_command_has_the_pipes(pair: Pair) -> None:
    listing = "for each in 5 6; do test -e /proc/self/fd/$each && echo $each; done; true"
    commands = [shell(f"{{ {listing}; }} > first"), shell(f"cat first; echo -; {listing}")]
    (_, last), _ = run_both(pair, commands, [shell("true")])
    assert last.stdout == "-\n5\n6\n"
    (alone,) = pair[0].run([shell(listing)])
    assert alone.stdout == ""
