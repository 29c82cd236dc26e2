"""The time left of a study's run is measured where it can be."""

from __future__ import annotations

import time

import pytest

from crosstune.cli._time_left import TimeLeft


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


KINDS = {"tune/a": "tune", "generate/a": "generate", "generate/b": "generate"}


def test_nothing_is_known_at_first() -> None:
    left = TimeLeft(KINDS, {}, 1)
    left.started("tune/a")
    assert left.text() == "time left unknown"


def test_a_running_step_says_how_fast_it_is(clock: Clock) -> None:
    left = TimeLeft(KINDS, {"tune/a": 5.0}, 1)
    left.finished("tune/a", None)
    left.started("generate/a")
    left.advanced("generate/a", 40, 100)  # done by an earlier run
    clock.now = 10
    left.advanced("generate/a", 60, 100)
    # 20 more seconds, and as much as this one takes in all for the other one.
    assert left.text() == "about 0:50 left"
    clock.now = 30
    left.finished("generate/a", 30.0)
    assert left.text() == "about 0:30 left"


def test_what_is_not_known_makes_a_lower_bound(clock: Clock) -> None:
    left = TimeLeft(KINDS, {}, 2)
    left.started("generate/a")
    left.advanced("generate/a", 0, 10)
    clock.now = 10
    left.advanced("generate/a", 5, 10)
    # The one that runs takes its own time, however many cores there are.
    assert left.text() == "over 0:15 left"


def test_an_overdue_step_takes_no_negative_time(clock: Clock) -> None:
    left = TimeLeft({"judge/a": "judge", "judge/b": "judge"}, {"judge/b": 3.0}, 1)
    left.finished("judge/b", None)
    left.started("judge/a")
    clock.now = 9
    assert left.text() == "about 0:00 left"
